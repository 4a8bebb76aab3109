/**
 * What every browser test needs: the demo chat, a browser with the built extension, and ways to read a page that do not
 * go through the code under test. Marks are never switched off for automation: what is tested is what readers get.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, CDPSession, Locator, Page, Worker } from 'playwright-core';
import { buildDemo, startDemo, type Demo } from '../../demo/server.ts';
import { readMarks, serviceWorkerOf, setReader, settledMarks, welcomed, type Marks } from '../../scripts/lib/attune-page.ts';
import { CHROME_BUILD } from '../../scripts/lib/build.ts';
import { launchChromium } from '../../scripts/lib/chromium.ts';

export { readFindings, settledMarks, type Marks } from '../../scripts/lib/attune-page.ts';

export interface SessionOptions {
  /** Locales the reader of a new profile is at home in; the first is the audience. `null` leaves the profile as it is. */
  readonly reader?: readonly string[] | null;
  /** False for the same browser without Attune, to compare with. */
  readonly withExtension?: boolean;
  /** Folder of another build of the extension than the usual one. */
  readonly build?: string;
  /** A profile folder to use again, for tests that restart the browser. */
  readonly profile?: string;
  readonly context?: BrowserContextOptions;
  readonly args?: readonly string[];
  readonly language?: string;
}

export interface Session extends AsyncDisposable {
  readonly demo: Demo;
  readonly page: Page;
  readonly extensionId: string;
  /** A new page, on the demo's start page or on the path given. */
  open(path?: string): Promise<Page>;
  serviceWorker(): Promise<Worker>;
  setReader(...locales: string[]): Promise<void>;
  /** All marks on the page now. */
  highlights(page?: Page): Promise<Marks>;
  /** All marks once nothing changes any more. */
  settled(page?: Page): Promise<Marks>;
  /** Memory of the process in which the extension reads and classifies, in MB: its own and its part of what it shares (PSS). Linux only. */
  memory(): Promise<number>;
  /** Stops the extension's service worker as the browser does after a while without work. True when there was one. */
  killServiceWorker(): Promise<boolean>;
  close(): Promise<void>;
}

/** A thing that is not there by now will not come: better a short failure than a long run. */
const ACTION_TIMEOUT_MS = 15_000;

let demoIsBuilt: Promise<void> | undefined;

export async function startSession({ reader = ['de-DE'], withExtension = true, build = CHROME_BUILD, ...options }: SessionOptions = {}): Promise<Session> {
  if (withExtension && !existsSync(join(build, 'manifest.json'))) {
    throw new Error('The extension is not built. Run: npm run build');
  }
  demoIsBuilt ??= buildDemo();
  await demoIsBuilt;
  const demo = await startDemo();
  const browser = await launchChromium({
    extension: withExtension ? build : undefined,
    headless: true,
    profile: options.profile,
    args: options.args ?? [],
    language: options.language,
    context: { viewport: { width: 1200, height: 900 }, ...options.context },
  }).catch(async (error: unknown) => {
    await demo.close();
    throw error;
  });
  const { context, extensionId } = browser;
  context.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const close = async () => {
    await browser.close();
    await demo.close();
  };

  const page = context.pages()[0] ?? (await context.newPage());
  try {
    if (withExtension && reader) {
      // The welcome page would take the focus from the one under test.
      await (await welcomed(context)).close();
      await setReader(await serviceWorkerOf(context), reader);
    }
    await page.goto(demo.url);
    await page.locator('main[data-attune-demo]').waitFor();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    demo,
    page,
    extensionId,
    open: async (path = '/') => {
      const opened = await context.newPage();
      await opened.goto(demo.url + path);
      await opened.locator('main[data-attune-demo]').waitFor();
      return opened;
    },
    serviceWorker: () => serviceWorkerOf(context),
    setReader: async (...locales) => setReader(await serviceWorkerOf(context), locales),
    highlights: (of = page) => of.evaluate(readMarks),
    settled: (of = page) => settledMarks(of),
    memory: async () => {
      const cdp = (await context.browser()?.newBrowserCDPSession()) as CDPSession;
      const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
      await cdp.detach();
      const ours = processInfo.filter(({ id, type }) => type === 'renderer' && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--extension-process'));
      const kilobytes = ours.map(({ id }) => Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1]));
      return kilobytes.reduce((sum, each) => sum + each, 0) / 1000;
    },
    killServiceWorker: async () => {
      const cdp = (await context.browser()?.newBrowserCDPSession()) as CDPSession;
      const { targetInfos } = await cdp.send('Target.getTargets');
      const target = targetInfos.find(({ type, url }) => type === 'service_worker' && url.includes(extensionId));
      if (target) await cdp.send('Target.closeTarget', { targetId: target.targetId });
      await cdp.detach();
      return target !== undefined;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Asks a canned question of the demo and waits until its answer is complete; gives the message id. */
export function ask(page: Page, id: string, tokensPerSecond = 1500): Promise<string> {
  return page.evaluate(([question, speed]) => window.attuneDemo.ask(question, { tokensPerSecond: speed }), [id, tokensPerSecond] as const);
}

export function say(page: Page, markdown: string, tokensPerSecond = 1500): Promise<string> {
  return page.evaluate(([text, speed]) => window.attuneDemo.say(text, { tokensPerSecond: speed }), [markdown, tokensPerSecond] as const);
}

/** Name of our one element in the page. */
const HOST = 'attune-ui';

/**
 * The whole document as markup, without our one host element, and with the demo's random ids numbered in the order of
 * their appearance, so that two runs of the same conversation can be compared.
 */
export async function serialiseDom(page: Page): Promise<string> {
  const markup = await page.evaluate((host) => {
    const copy = document.documentElement.cloneNode(true) as Element;
    for (const element of copy.querySelectorAll(`:scope > ${host}`)) element.remove();
    return copy.outerHTML;
  }, HOST);
  const numbers = new Map<string, number>();
  return markup.replace(/\b(msg|ask|chat)-[0-9a-f]{8}\b/g, (id, kind: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size);
    return `${kind}-${String(numbers.get(id))}`;
  });
}

/** The first badge with marks; Playwright looks into open shadow roots by itself. */
export function badge(page: Page): Locator {
  return page.locator('button[data-attune="badge"][data-state="marks"]').first();
}

/** On a busy machine the engine's first review takes longer than a page looks settled. */
const FIRST_MARK_MS = 60_000;

/** Opens the first marks of a page; the error says what there is instead when none come. */
export async function openMarks(page: Page): Promise<void> {
  try {
    await badge(page).click({ timeout: FIRST_MARK_MS });
  } catch (cause) {
    const badges = await page.locator('button[data-attune="badge"]').evaluateAll((found) => found.map((each) => (each as HTMLElement).outerHTML));
    const { visibility, answers } = await page.evaluate(() => ({ visibility: document.visibilityState, answers: document.querySelectorAll('[data-message-id]').length }));
    throw new Error(`No badge with marks. The page is ${visibility}, has ${String(answers)} messages and these badges: ${badges.join(' ') || 'none'}`, { cause });
  }
}

export function popover(page: Page): Locator {
  return page.locator('[data-attune="popover"]');
}

/** All marked texts, whatever their kind. */
export function texts(marks: Marks): string[] {
  return Object.values(marks).flat();
}
