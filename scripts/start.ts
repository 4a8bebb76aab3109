/**
 * `npm start`: the demo chatbot in a browser with Attune in it. With a display, a window to try it in, until it is closed
 * or Ctrl-C; without one, some conversations are played and what Attune marked is printed as a table.
 *
 *   npm start -- --headless          as if there were no display
 *   npm start -- --port 4173         the demo's port (a free one otherwise)
 *   npm start -- --community         with a community server, as in a window (--no-community: without)
 *   npm start -- de-verbruehung …    which questions to play
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { conversationSchema } from '../demo/conversations/schema.ts';
import { buildDemo, startDemo } from '../demo/server.ts';
import { readFindings, serviceWorkerOf, setReader, settledMarks, welcomed } from './lib/attune-page.ts';
import { buildExtension, CHROME_BUILD, isStale } from './lib/build.ts';
import { launchChromium } from './lib/chromium.ts';
import { startLocalCommunity } from './lib/community.ts';
import { ROOT, stopAll } from './lib/run.ts';
import { table, type Column } from './lib/table.ts';

/** Exit codes: 0 all went well, 1 something broke, 2 bad usage, 130 stopped by Ctrl-C. */
const { values, positionals } = (() => {
  try {
    return parseArgs({
      allowPositionals: true,
      allowNegative: true,
      options: { community: { type: 'boolean' }, headless: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
    });
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
})();

const hasDisplay = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const headless = values.headless || !hasDisplay;

/** Played without a display: each family of findings, several languages, and answers that are fine. */
const PLAYED = [
  'de-verbruehung',
  'de-reklamation-mail',
  'de-ruecksendung',
  'de-mailand',
  'en-rye-bread',
  'en-rye-storage',
  'en-phone-course',
  'fr-reunion',
  'es-sierra',
  'ja-nouki',
  'hi-khata',
  'ar-ijtimaa',
];
const PLAY_TOKENS_PER_SECOND = 400;
/** The reader in the window, until the options say otherwise. */
const DEFAULT_READER = 'de-DE';
const SCREENSHOT = join(ROOT, 'test-results', 'start.png');

/** The table fits the terminal, within reason. */
function columns(): Column[] {
  const NARROWEST = 120;
  const WIDEST = 180;
  const GAPS = 8;
  const fixed = [
    { title: 'answer', width: 20 },
    { title: 'kind', width: 25 },
  ];
  const room = Math.min(WIDEST, Math.max(NARROWEST, process.stdout.columns ?? 0)) - GAPS - fixed.reduce((sum, { width }) => sum + width, 0);
  const share = (part: number) => Math.floor(room * part);
  return [
    ...fixed,
    { title: 'quote', width: share(0.28) },
    { title: 'what', width: share(0.36) },
    { title: 'suggestion', width: share(0.36) },
  ];
}

/** Undone in reverse order, however we end. */
const undo: (() => Promise<void>)[] = [];
let ending: Promise<void> | undefined;

function end(): Promise<void> {
  ending ??= (async () => {
    stopAll();
    for (const step of undo.reverse()) await step().catch((error: unknown) => console.error(String(error)));
  })();
  return ending;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    console.log('\nStopping…');
    void end().then(() => process.exit(130));
  });
}

interface Question {
  readonly id: string;
  readonly audience: string;
}

async function questions(): Promise<Map<string, Question>> {
  const folder = join(ROOT, 'demo/conversations');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const conversations = await Promise.all(
    files.map(async (name) => conversationSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
  return new Map(conversations.flatMap(({ audience, exchanges }) => exchanges.map(({ id }) => [id, { id, audience }])));
}

async function play(page: Page, url: string, chosen: readonly Question[]): Promise<void> {
  const worker = await serviceWorkerOf(page.context());
  const rows: string[][] = [];
  let marks = 0;
  let shot = false;
  await mkdir(join(ROOT, 'test-results'), { recursive: true });
  for (const { id, audience } of chosen) {
    await setReader(worker, [audience]);
    await page.goto(url);
    await page.evaluate((options) => window.attuneDemo.ask(options.id, { tokensPerSecond: options.speed }), {
      id,
      speed: PLAY_TOKENS_PER_SECOND,
    });
    await settledMarks(page);
    const findings = await readFindings(page);
    marks += findings.length;
    console.log(`  ${id} for a reader in ${audience}: ${findings.length === 0 ? 'nothing to say' : `${findings.length} marked`}`);
    for (const { kind, quote, what, suggestion } of findings) rows.push([id, kind, quote, what, suggestion]);
    if (findings.length > 0 && !shot) {
      await page.locator('button[data-attune="badge"][data-state="marks"]').first().click();
      await page.locator('[data-attune="popover"]').waitFor();
      await page.screenshot({ path: SCREENSHOT });
      shot = true;
    }
  }
  if (!shot) await page.screenshot({ path: SCREENSHOT });
  console.log(`\n${rows.length === 0 ? 'Nothing was marked.' : table(columns(), rows)}\n`);
  console.log(`${chosen.length} answers streamed, ${marks} passages marked. Screenshot: ${relative(process.cwd(), SCREENSHOT)}`);
}

/** In a window with a community server, so that feedback can be given the whole way; without one when it does not start. */
async function extensionToTry(): Promise<string> {
  if (values.community ?? !headless) {
    try {
      const community = await startLocalCommunity((line) => console.log(line));
      undo.push(() => community.stop());
      console.log(`Community server: ${community.url} (its data lies in .cache/collector)`);
      return community.build;
    } catch (error) {
      console.log(`No community server, so feedback cannot be given: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (isStale(CHROME_BUILD)) {
    console.log('Building the extension…');
    await buildExtension('chrome');
  }
  return CHROME_BUILD;
}

try {
  const known = await questions();
  const chosen = (positionals.length > 0 ? positionals : PLAYED).map((id) => {
    const question = known.get(id);
    if (question) return question;
    console.error(`No question is called "${id}". There are:\n  ${[...known.keys()].join('\n  ')}`);
    return process.exit(2);
  });

  const extension = await extensionToTry();
  await buildDemo();
  const demo = await startDemo(Number(values.port));
  undo.push(() => demo.close());
  console.log(`Demo chat: ${demo.url}`);

  const browser = await launchChromium({
    extension,
    headless,
    context: { viewport: headless ? { width: 1280, height: 900 } : null },
  });
  undo.push(() => browser.close());
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());

  if (headless) {
    console.log('No display, so the conversations play by themselves:\n');
    await (await welcomed(browser.context)).close();
    await play(page, demo.url, chosen);
    await end();
  } else {
    await welcomed(browser.context);
    await setReader(await serviceWorkerOf(browser.context), [DEFAULT_READER]);
    await page.goto(demo.url);
    await page.bringToFront();
    console.log(
      `You are reading as someone in ${DEFAULT_READER}; the toolbar button changes that.\nClose the window or press Ctrl-C to stop.`,
    );
    await new Promise((resolve) => browser.context.on('close', resolve));
    await end();
  }
} catch (error) {
  // While we are stopping, the browser goes away under whatever was under way.
  if (!ending) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  await end();
}
