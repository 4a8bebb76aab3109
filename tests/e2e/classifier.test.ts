/** The classifier in a real browser answers as it does in Node and in Python (the fixture holds Python's answers). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadClassifier } from '../../models/load-node.ts';
import type { PassageClassification } from '../../review/classifier/types.ts';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { Reply } from '../bench/page/main.ts';
import { serveClassifierPage } from '../bench/page/serve.ts';
import { apartFromPython, type ParityRow } from '../fixtures/classification.ts';

const rows = readFileSync(join(import.meta.dirname, '../fixtures/classifier/parity.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as ParityRow);
const passages = rows.map(({ text, lang }) => ({ text, language: lang }));
/** Design: agreement of probabilities between Python, Node and browser. */
const TOLERANCE = 0.02;

let page: Awaited<ReturnType<typeof serveClassifierPage>>;
let browser: Awaited<ReturnType<typeof launchChromium>>;
let answered: Reply;

beforeAll(async () => {
  page = await serveClassifierPage();
  browser = await launchChromium({ extension: undefined, headless: true });
  const tab = await browser.context.newPage();
  await tab.goto(page.url);
  await tab.waitForFunction(() => typeof window.attuneAsk === 'function');
  answered = await tab.evaluate((input) => window.attuneAsk({ type: 'classify', passages: input }), passages);
});
afterAll(async () => {
  await browser?.close();
  await page?.close();
});

/** Largest difference over all heads of all passages. */
function apart(a: readonly PassageClassification[], b: readonly PassageClassification[]): number {
  let worst = 0;
  const walk = (x: unknown, y: unknown): void => {
    if (typeof x === 'number' && typeof y === 'number') worst = Math.max(worst, Math.abs(x - y));
    else if (typeof x === 'object' && x !== null && typeof y === 'object' && y !== null) for (const key of Object.keys(x)) walk((x as Record<string, unknown>)[key], (y as Record<string, unknown>)[key]);
  };
  a.forEach((one, index) => {
    const { spans: _a, ...left } = one;
    const { spans: _b, ...right } = b[index]!;
    walk(left, right);
  });
  return worst;
}

test('500 passages in the browser and in Node', async () => {
  expect(answered.answers).toHaveLength(500);
  const classifier = await loadClassifier();
  const inNode = await classifier.classify(passages);
  await classifier.dispose();
  expect(apart(answered.answers, inNode)).toBeLessThan(TOLERANCE);
  // The spans that marks are cut from must be the same words, or marks would differ between browser and command line.
  const words = (answers: readonly PassageClassification[]) => answers.map(({ spans }) => spans.map(({ tag, start, end }) => `${tag} ${start} ${end}`));
  const [here, there] = [words(answered.answers), words(inNode)];
  expect(here.filter((spans, index) => spans.join() !== there[index]!.join()).length / rows.length).toBeLessThan(0.02);
});

test('500 passages in the browser and in Python', () => {
  expect(apartFromPython(rows, answered.answers)).toBeLessThan(TOLERANCE);
});
