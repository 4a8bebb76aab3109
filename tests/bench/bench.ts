/**
 * `npm run bench`: how fast the tool is here, and how that compares with larger encoders in the same run.
 * Machines are noisy: the ratios are what counts. Writes one JSON line for each measurement.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAllPacks } from '../../packs/read.ts';
import { loadPacks } from '../../review/packs.ts';
import { createReviewer } from '../../review/review.ts';
import { parseMarkdown } from '../../review/text/markdown.ts';
import { readAnswerText } from '../../review/text/passages.ts';
import { readAcceptance, type AcceptanceCase } from '../../cli/acceptance.ts';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { serveClassifierPage } from './page/serve.ts';
import { ALBERT, encoderGraph, MINILM, REFERENCE_VOCABULARY } from './reference-graphs.ts';

const ACCEPTANCE = join(import.meta.dirname, '../acceptance');
/** Passages of an ordinary answer. */
const ANSWER = 20;
const ROUNDS = 5;
const WORDS = 400;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
const round = (value: number) => Math.round(value * 100) / 100;
const write = (line: object) => console.log(JSON.stringify(line));

/** All packs' rules over a 400-word answer, passages never seen before. */
async function rules(cases: readonly AcceptanceCase[]): Promise<void> {
  const library = loadPacks(readAllPacks());
  for (const language of ['en', 'de', 'fr', 'es', 'hi', 'ja']) {
    const audience = cases.find(({ lang, audience: locale }) => lang === language && locale.startsWith(language))?.audience;
    if (audience === undefined) continue;
    const prose = cases.filter(({ lang }) => lang === language).map(({ answer }) => answer).join('\n\n');
    const words = [...new Intl.Segmenter(language, { granularity: 'word' }).segment(prose)].filter(({ isWordLike }) => isWordLike);
    const reviewer = createReviewer({ packs: library });
    const times: number[] = [];
    for (let from = 0; from + WORDS < words.length && times.length < 60; from += 37) {
      // Windows begin at other words, so nearly all passages are new and nothing is remembered.
      const text = prose.slice(words[from]!.index, words[from + WORDS]!.index);
      const started = performance.now();
      await reviewer.review(parseMarkdown(text), { locale: audience }, { language });
      times.push(performance.now() - started);
    }
    write({ what: 'rules', language, words: WORDS, packs: library.packs.size, msMedian: round(median(times.slice(10))), msFirst: round(times[0]!) });
  }
}

async function classifier(cases: readonly AcceptanceCase[]): Promise<void> {
  const passages = cases
    .flatMap(({ answer, lang }) => readAnswerText(parseMarkdown(answer), lang).passages)
    .filter(({ said }) => (said.match(/\p{L}/gu)?.length ?? 0) >= 8)
    .map(({ said, language }) => ({ text: said, language }));
  const answers = Array.from({ length: 10 }, (_, index) => Array.from({ length: ANSWER }, (__, at) => passages[(index * ANSWER + at * 7) % passages.length]!));
  const shapes = [MINILM, ALBERT];
  const extra = Object.fromEntries(shapes.map((shape) => [`/reference/${shape.name}.onnx`, encoderGraph(shape)]));
  const page = await serveClassifierPage({ extra });
  const browser = await launchChromium({ extension: undefined, headless: true });
  try {
    const tab = await browser.context.newPage();
    await tab.goto(page.url);
    await tab.waitForFunction(() => typeof window.attuneAsk === 'function');
    const own = (input: readonly { text: string; language: string }[]) => tab.evaluate(async (list) => {
      const { openMs, runMs } = await window.attuneAsk({ type: 'classify', passages: list });
      return { openMs, runMs };
    }, input);
    const other = (name: string, texts: readonly string[]) => tab.evaluate(async ([graph, list, vocabulary]) => (await window.attuneAsk({ type: 'reference', graph, texts: list, vocabulary })).runMs, [`/reference/${name}.onnx`, [...texts], REFERENCE_VOCABULARY] as const);

    const cold = await own(answers[0]!);
    write({ what: 'classifier cold', passages: ANSWER, openMs: round(cold.openMs), firstAnswerMs: round(cold.runMs) });
    for (const { name } of shapes) await other(name, answers[0]!.map(({ text }) => text));
    const times = new Map<string, number[]>([['attune-mini', []], ...shapes.map(({ name }): [string, number[]] => [name, []])]);
    // Interleaved, so that all meet the same noise.
    for (let index = 0; index < ROUNDS * 2; index++) {
      const answer = answers[index % answers.length]!;
      times.get('attune-mini')!.push((await own(answer)).runMs);
      for (const { name } of shapes) times.get(name)!.push(await other(name, answer.map(({ text }) => text)));
    }
    const mine = median(times.get('attune-mini')!);
    for (const [name, all] of times) write({ what: 'classifier warm', model: name, passages: ANSWER, msPerAnswer: round(median(all)), passagesPerSecond: round((ANSWER * 1000) / median(all)), timesAttune: round(median(all) / mine) });
  } finally {
    await browser.close();
    await page.close();
  }
}

const cases = readAcceptance(ACCEPTANCE);
if (cases.length === 0) throw new Error(`No answers to measure with in ${ACCEPTANCE}.`);
write({ what: 'machine', node: process.version, model: (JSON.parse(readFileSync(join(import.meta.dirname, '../../models/attune-mini/config.json'), 'utf8')) as { attune: { version: string } }).attune.version });
await rules(cases);
await classifier(cases);
