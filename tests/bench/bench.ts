/**
 * `npm run bench`: how fast the tool is here, and how that compares with larger encoders in the same run.
 * Machines are noisy: the ratios are what counts. Writes one JSON line for each measurement.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadClassifier } from '../../models/load-node.ts';
import { readAllPacks } from '../../packs/read.ts';
import type { Classifier } from '../../review/classifier/types.ts';
import { createLanguageTools } from '../../review/language-tools.ts';
import { loadPacks } from '../../review/packs.ts';
import { matchText } from '../../review/patterns/index.ts';
import { createReviewer } from '../../review/review.ts';
import { parseMarkdown } from '../../review/text/markdown.ts';
import { readAnswerText } from '../../review/text/passages.ts';
import { readAcceptance, type AcceptanceCase } from '../../cli/acceptance.ts';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import { SILENT } from '../fixtures/classification.ts';
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
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value: number) => Math.round(value * 100) / 100;
const write = (line: object) => console.log(JSON.stringify(line));

/** Windows of 400 words over a language's acceptance answers; they begin at other words, so nearly all passages are new. */
function* windows(cases: readonly AcceptanceCase[], language: string): Generator<string> {
  const prose = cases.filter(({ lang }) => lang === language).map(({ answer }) => answer).join('\n\n');
  const words = [...new Intl.Segmenter(language, { granularity: 'word' }).segment(prose)].filter(({ isWordLike }) => isWordLike);
  for (let from = 0; from + WORDS < words.length; from += 17) yield prose.slice(words[from]!.index, words[from + WORDS]!.index);
}

/** A reader of the language, of those whose answers are there. */
function audienceOf(cases: readonly AcceptanceCase[], language: string): string {
  return [...FEW].find((locale) => locale.startsWith(`${language}-`) && cases.some(({ audience }) => audience === locale))!;
}

const RULE_LANGUAGES = ['en', 'de', 'fr', 'es', 'hi', 'ja'];
const FEW = new Set(['root', ...RULE_LANGUAGES, 'en-US', 'de-DE', 'fr-FR', 'es-ES', 'hi-IN', 'ja-JP']);
const RUNS = 100;
const WARM_UP = 30;

/** Matching alone: the rules of all packs over the passages of an answer; beside it a library of few packs, in the same run. */
function matching(cases: readonly AcceptanceCase[]): void {
  const all = loadPacks(readAllPacks());
  const few = loadPacks(readAllPacks().filter((pack) => FEW.has((pack as { id: string }).id)));
  for (const language of RULE_LANGUAGES) {
    const audience = audienceOf(cases, language);
    const [toolsOfAll, toolsOfFew] = [all, few].map((library) => createLanguageTools(library)(language));
    const times = { all: [] as number[], few: [] as number[] };
    for (const text of [...windows(cases, language)].slice(0, RUNS)) {
      const passages = readAnswerText(parseMarkdown(text), language).passages.map(({ masked }) => masked);
      for (const [which, tools] of [['all', toolsOfAll!], ['few', toolsOfFew!]] as const) {
        const started = process.threadCpuUsage();
        for (const passage of passages) {
          const read = matchText(passage);
          tools.rules.shared.search(read);
          tools.rules.ofLocale(audience).search(read);
        }
        // Time on the processor, not on the clock: other work on the machine does not count.
        times[which].push(process.threadCpuUsage(started).user / 1000);
      }
    }
    const [msAll, msFew] = [times.all, times.few].map((list) => mean(list.slice(WARM_UP)));
    write({ what: 'matching', language, words: WORDS, packs: all.packs.size, cpuMs: round(msAll!), packsFew: few.packs.size, cpuMsFew: round(msFew!) });
  }
}

/** The whole rules engine over a 400-word answer, passages never seen before. */
async function rules(cases: readonly AcceptanceCase[]): Promise<void> {
  const library = loadPacks(readAllPacks());
  for (const language of RULE_LANGUAGES) {
    const audience = audienceOf(cases, language);
    const reviewer = createReviewer({ packs: library });
    const times: number[] = [];
    for (const text of [...windows(cases, language)].slice(0, RUNS)) {
      const started = performance.now();
      await reviewer.review(parseMarkdown(text), { locale: audience }, { language });
      times.push(performance.now() - started);
    }
    write({ what: 'rules', language, words: WORDS, packs: library.packs.size, msMedian: round(median(times.slice(WARM_UP))), msFirst: round(times[0]!) });
  }
}

/** How many passages of the answers the classifier is asked about at all (review/observe.ts), by the model's own trust. */
async function firstStage(cases: readonly AcceptanceCase[]): Promise<void> {
  const model = await loadClassifier();
  await model.dispose();
  let asked = 0;
  const counting: Classifier = { ...model, classify: (passages) => ((asked += passages.length), Promise.resolve(passages.map(() => SILENT))) };
  const library = loadPacks(readAllPacks());
  for (const language of [...new Set(cases.map(({ lang }) => lang))].sort()) {
    const reviewer = createReviewer({ packs: library, classifier: counting });
    asked = 0;
    const passages = new Set<string>();
    for (const { answer: text, prompt, audience } of cases.filter(({ lang }) => lang === language)) {
      const read = parseMarkdown(text, prompt);
      for (const { said } of readAnswerText(read, language).passages) passages.add(said);
      await reviewer.review(read, { locale: audience }, { language });
    }
    write({ what: 'first stage', language, passages: passages.size, classified: asked, share: round(asked / passages.size) });
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
matching(cases);
await rules(cases);
await firstStage(cases);
await classifier(cases);
