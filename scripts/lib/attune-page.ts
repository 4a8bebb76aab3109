/** What a page shows of Attune, read as a person would: through highlights and the page's own UI, by no back door. */
import type { BrowserContext, Page, Worker } from 'playwright-core';
import type { FindingKind } from '../../review/types.ts';

/** The text of every marked range by the name of its highlight, in the order of the page. */
export type Marks = Readonly<Record<string, readonly string[]>>;

/** A finding as its popover shows it. */
export interface ShownFinding {
  readonly kind: FindingKind;
  readonly quote: string;
  readonly what: string;
  readonly suggestion: string;
}

export async function serviceWorkerOf(context: BrowserContext): Promise<Worker> {
  return context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
}

const WELCOME_TIMEOUT_MS = 20_000;

/**
 * Waits until the extension has welcomed the reader of a new profile; gives its welcome page. It guesses where the reader is at
 * home before it opens that page, and whoever sets a reader earlier may be overwritten by the guess.
 */
export async function welcomed(context: BrowserContext): Promise<Page> {
  const isWelcome = (page: Page) => page.url().endsWith('/welcome.html');
  const deadline = Date.now() + WELCOME_TIMEOUT_MS;
  for (;;) {
    const found = context.pages().find(isWelcome);
    if (found) return found;
    if (Date.now() > deadline) throw new Error('The extension opened no welcome page. Is the profile a new one?');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Makes the reader someone at home in `locales`, as the options page would store it. */
export async function setReader(worker: Worker, locales: readonly string[]): Promise<void> {
  await worker.evaluate((list) => chrome.storage.local.set({ profile: { v: 1, data: { locales: list, wishes: {} } } }), locales);
}

/** Reads the highlights back. Runs in the page, so it may use nothing from outside. */
export function readMarks(): Marks {
  const order = (a: AbstractRange, b: AbstractRange) =>
    a.startContainer === b.startContainer
      ? a.startOffset - b.startOffset
      : a.startContainer.compareDocumentPosition(b.startContainer) & Node.DOCUMENT_POSITION_FOLLOWING
        ? -1
        : 1;
  const textOf = (range: AbstractRange) => {
    const live = document.createRange();
    live.setStart(range.startContainer, range.startOffset);
    live.setEnd(range.endContainer, range.endOffset);
    return live.toString();
  };
  return Object.fromEntries(
    [...CSS.highlights]
      .filter(([name, highlight]) => name.startsWith('attune-') && name !== 'attune-active' && highlight.size > 0)
      .map(([name, highlight]) => [name, [...highlight].sort(order).map(textOf)]),
  );
}

/** How long nothing may change for a page to count as settled: longer than a site adapter waits for an answer to be stable. */
const QUIET_MS = 1200;

/** Waits until no answer streams, none is under review and the marks have stopped changing; gives the marks. */
export async function settledMarks(page: Page, timeoutMs = 30_000): Promise<Marks> {
  const deadline = Date.now() + timeoutMs;
  let last = '';
  let since = Date.now();
  for (;;) {
    const busy = await page.evaluate(
      () =>
        document.querySelector('[data-streaming="true"]') !== null ||
        Boolean(document.querySelector('attune-ui')?.shadowRoot?.querySelector('[data-attune="reviewing"]')),
    );
    const marks = await page.evaluate(readMarks);
    const now = JSON.stringify([busy, marks]);
    if (busy || now !== last) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since >= QUIET_MS) {
      return marks;
    }
    if (Date.now() > deadline) throw new Error(`The page did not settle in ${timeoutMs} ms: ${now}`);
    await page.waitForTimeout(50);
  }
}

/** Steps through the popovers of all marks on the page, closes the last one and gives what they said. */
export async function readFindings(page: Page): Promise<ShownFinding[]> {
  const badge = page.locator('button[data-attune="badge"][data-state="marks"]').first();
  if ((await badge.count()) === 0) return [];
  await badge.click();
  const popover = page.locator('[data-attune="popover"]');
  const next = popover.locator('[data-attune="next"]');
  /** The words of a part, without the heading that the popover gives it. */
  const part = (name: string) =>
    popover.locator(`[data-attune="${name}"]`).evaluate((node) => {
      const copy = node.cloneNode(true) as Element;
      for (const heading of copy.querySelectorAll('.label')) heading.remove();
      return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
    });
  const found: ShownFinding[] = [];
  for (;;) {
    await popover.waitFor();
    const finding: ShownFinding = {
      kind: (await popover.getAttribute('data-kind')) as FindingKind,
      quote: await part('quote'),
      what: await part('what'),
      suggestion: await part('suggestion'),
    };
    if (found.some((earlier) => JSON.stringify(earlier) === JSON.stringify(finding))) break;
    found.push(finding);
    if ((await next.count()) === 0) break;
    await next.click();
  }
  await popover.locator('[data-attune="close"]').click();
  await popover.waitFor({ state: 'detached' });
  return found;
}
