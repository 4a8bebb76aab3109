/** report.md: every figure, by language, beside floor, published figure and bar. */
import type { AttuneConfig } from '../../review/classifier/config.ts';
import { barMet, short, table, withInterval } from './markdown.ts';
import { measured } from './plots.ts';
import type { Figures, Measured } from './types.ts';

/** What a set is, in the report's headings. */
const TITLES: Readonly<Record<string, string>> = {
  answers: 'Whole answers: what the classifier adds to the packs',
  genil: 'GeniL: generalisations in natural sentences',
  emgsd: 'EMGSD: stereotypes in made sentences, English',
  cocoa: 'CoCoA-MT and ordinary sentences: form of address',
  keico: 'KeiCO: Japanese honorific levels',
  kohon: 'Korean sentence endings',
  praise: 'Praise: chatbot answers, English',
  tydip: 'TyDiP: politeness of requests, English',
  stif: 'STIF: formality, Indonesian',
  shekasteh: 'Shekasteh: formality, Persian',
  in_formal_de: 'in_formal: formality, German',
  'ordinary-sentences': 'False alarms on ordinary sentences',
  ood: 'What no head was made for',
};

const NOTES: Readonly<Record<string, string>> = {
  answers:
    'Answers with planted generalisations, flattery and slips of address, and clean ones that tempt (models/evaluation/answers/README.md), reviewed as readers get them. "Rules alone": the same reviews without the classifier. They are made to be hard: a comparison, not what a reader will see.',
  genil: 'The groups of dev are unknown to training. Positives hold assertions and mentions, so the main score is the sum of both.',
  cocoa: '"None" rows are sentences of text/ that training keeps out and that a rule is sure address nobody (models/training/address-rules.json).',
  praise: 'Labels come from a language model. One praising sentence for four unflagged ones.',
  'ordinary-sentences': 'Sentences of text/ that training keeps out. Some may truly generalise or praise; nobody has read them.',
  ood: 'Our own passages: languages that the model does not know, code, bare names, numbers, emoji, addresses of pages (models/evaluation/out-of-distribution.json). The right answer is always "nothing".',
};

/** What the floor of a set is, where it is no n-gram regression. */
const FLOORS: Readonly<Record<string, string>> = { answers: 'rules alone' };
const floorOf = ({ set }: Measured) => FLOORS[set] ?? 'floor';

const PLOTS: Readonly<Record<string, readonly { readonly file: string; readonly alt: string }[]>> = {
  genil: [
    { file: 'bars-genil.svg', alt: 'Area under the precision-recall curve by language, with intervals and floor' },
    { file: 'pr-genil.svg', alt: 'Precision-recall curves by language' },
  ],
  cocoa: [{ file: 'bars-address.svg', alt: 'Accuracy and macro-F1 of the form of address by language' }],
};

/** @param plots names of the plots that exist */
export function reportMarkdown(figures: Figures, config: AttuneConfig, plots: readonly string[]): string {
  const sets = [...new Set(figures.measures.map(({ set }) => set))];
  const image = ({ file, alt }: { file: string; alt: string }) => (plots.includes(file) ? [`![${alt}](plots/${file})`] : []);
  const blocks = [
    '# What the classifier can do, measured',
    [
      `Model ${figures.model.id}, \`onnx/model_quantized.onnx\` sha256 ${figures.model.sha256.slice(0, 16)}…, in WebAssembly: the code that readers run.`,
      'Made by `npm run --silent attune -- evaluate all`; do not edit. Brackets: 95 % bootstrap intervals, 200 draws of rows, or of whole clusters or pairs where rows belong together.',
      'An interval of [.000, .000] says only that no row showed it: with n rows seen, a share of up to 3/n may hide behind it (the rule of three).',
      'Floor: character n-gram logistic regression on the same split. Nothing here was trained on. Mixing weights, temperatures and most thresholds come from held-back training rows; some choices were made with these figures in sight (models/training/README.md, "Rules for changing it").',
      ...(figures.sample === null ? [] : [`**A sample: ${figures.sample} rows of each set.** Figures to try the command out, not to quote.`]),
    ].join('\n'),
    '## Headline',
    headline(figures.measures),
    ...sets.flatMap((set) => [
      `## ${TITLES[set] ?? set}`,
      ...(NOTES[set] === undefined ? [] : [NOTES[set]]),
      ...(PLOTS[set] ?? []).flatMap(image),
      ...setTables(figures.measures.filter((one) => one.set === set)),
      ...(set === 'emgsd' ? siblings(figures) : []),
      ...(set === 'ordinary-sentences' ? [`Thresholds: asserted ${config.heads.generalisation.thresholds['asserted']}, praise ${config.heads.praise.thresholds['praise']}.`] : []),
    ]),
    '## Calibration',
    'Temperature: one number a head, from held-back training rows. Expected calibration error: ten bins of confidence, evaluation rows with a single right label (EMGSD left out).',
    ...image({ file: 'reliability.svg', alt: 'Reliability diagram of each head' }),
    calibrationTable(figures, config),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function headline(measures: readonly Measured[]): string {
  const rows = measures.flatMap((one) => {
    const whole = one.figures[0]!;
    if (whole.floor === null && whole.published === null && whole.bar === null) return [];
    const published = whole.published === null ? '' : `${short(whole.published)}, ${one.publishedBy ?? ''}`;
    const bar = whole.bar === null ? '' : `${one.better === 'higher' ? '≥' : '≤'} ${short(whole.bar)}: ${barMet(whole, one.better)}`;
    return [[one.set, one.metric, withInterval(whole), whole.floor === null ? '' : `${one.set in FLOORS ? `${floorOf(one)}: ` : ''}${short(whole.floor)}`, published, bar]];
  });
  return table(['set', 'measure', 'this model', 'floor', 'published', 'bar'], rows);
}

/** One table for the measures that are taken by language, a list for the others. */
function setTables(measures: readonly Measured[]): string[] {
  const byLanguage = measures.filter(({ figures }) => figures.length > 2);
  const whole = measures.filter(({ figures }) => figures.length <= 2);
  const lines = whole.map((one) => `- ${one.metric}: **${withInterval(one.figures[0]!)}** on ${one.figures[0]!.rows} rows${one.figures[0]!.floor === null ? '' : `, ${floorOf(one)} ${short(one.figures[0]!.floor)}`}`);
  return [...(lines.length === 0 ? [] : [lines.join('\n')]), ...(byLanguage.length === 0 ? [] : [legendOf(byLanguage), languageTable(byLanguage)])];
}

const legendOf = (measures: readonly Measured[]) => measures.map(({ measure, metric }) => `- \`${measure}\`: ${metric}`).join('\n');

function languageTable(measures: readonly Measured[]): string {
  const languages = [...new Set(measures.flatMap(({ figures }) => figures.map(({ language }) => language)))];
  const columns = measures.flatMap((one) => {
    const of = (language: string) => one.figures.find((figure) => figure.language === language);
    const figure = { head: one.measure, cell: (language: string) => (of(language) === undefined ? '' : withInterval(of(language)!)) };
    const hasFloor = one.figures.some(({ floor }) => floor !== null);
    return hasFloor ? [figure, { head: floorOf(one), cell: (language: string) => (of(language)?.floor == null ? '' : short(of(language)!.floor)) }] : [figure];
  });
  const counts = [...Map.groupBy(measures, ({ figures }) => figures.map(({ rows }) => rows).join()).values()].map(([first]) => first!);
  const heads = ['', ...columns.map(({ head }) => head), ...counts.map(({ measure }) => (counts.length === 1 ? 'rows' : `rows (${measure})`))];
  return table(
    heads,
    languages.map((language) => [language, ...columns.map(({ cell }) => cell(language)), ...counts.map(({ figures }) => String(figures.find((figure) => figure.language === language)?.rows ?? ''))]),
  );
}

function siblings(figures: Figures): string[] {
  const [all, alone] = [measured(figures, 'emgsd', 'macro-f1'), measured(figures, 'emgsd', 'macro-f1-without-siblings')].map((one) => one?.figures[0]?.rows ?? 0) as [number, number];
  if (all === 0) return [];
  return [`EMGSD keeps its published split: ${Math.round((1 - alone / all) * 100)} % of its test rows have a near copy (another ending) in its train split.`];
}

function calibrationTable(figures: Figures, config: AttuneConfig): string {
  const rows = Object.entries(figures.calibration).map(([head, { error, rows: count }]) => [head, config.heads[head as keyof AttuneConfig['heads']].temperature.toFixed(2), short(error), String(count)]);
  return table(['head', 'temperature', 'expected calibration error', 'rows'], rows);
}
