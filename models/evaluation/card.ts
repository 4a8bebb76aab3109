/** The model card: README.md of the model folder, from its config.json, its training-manifest.json and the figures. */
import { HEADS } from '../../review/classifier/types.ts';
import type { AttuneConfig } from '../../review/classifier/config.ts';
import { energySentence, licencesOf, type TrainingManifest } from './manifest.ts';
import { barMet, short, table, withInterval } from './markdown.ts';
import { measured } from './plots.ts';
import type { Figure, Figures, Measured } from './types.ts';

/** The shape of the network, as config.json tells it. */
export interface NetworkShape {
  readonly vocabulary?: number;
  readonly hidden?: number;
  readonly blocks?: number;
  readonly layers?: number;
  /** Rows of the table of character n-grams; absent in models that have none. */
  readonly chain_buckets?: number;
  /** Words whose vectors it holds, and units of the part that reads them. */
  readonly words?: number;
  readonly worded?: number;
}

export interface CardInputs {
  readonly figures: Figures;
  readonly config: AttuneConfig;
  readonly shape: NetworkShape;
  readonly manifest: TrainingManifest;
  /** Bytes of the model with its tokenizer. */
  readonly bytes: number;
  /** From the card to the plots, or null where they are not beside it. */
  readonly plotFolder: string | null;
  readonly plots: readonly string[];
}

export function modelCard(inputs: CardInputs): string {
  const { figures, config, manifest } = inputs;
  const blocks = [
    frontMatter(config),
    ...introduction(config),
    '## Limits',
    limits(figures, config),
    languageTable(figures, config),
    '## How',
    how(inputs),
    '## Results',
    `Visible evaluation rows, 95 % bootstrap intervals; floors are character n-gram logistic regressions on the same splits. Every table: models/evaluation/report.md. ${figures.sample === null ? '' : `**A sample of ${figures.sample} rows a set.**`}`.trim(),
    results(figures),
    ...byLanguage(inputs),
    '## Calibration and thresholds',
    ...calibration(inputs),
    '## Training data and licences',
    ...trainingData(manifest),
    '## Cost',
    cost(manifest),
    '## Licence',
    'Apache-2.0 (weights, tokenizer, configuration).',
  ];
  return `${blocks.join('\n\n')}\n`;
}

const frontMatter = (config: AttuneConfig) =>
  ['---', 'license: apache-2.0', `language: [${Object.keys(config.languages).join(', ')}]`, 'library_name: transformers.js', 'pipeline_tag: text-classification', '---', `# attune-mini ${config.version}`].join('\n');

function introduction(config: AttuneConfig): string[] {
  const having = (head: string, trust: string) => {
    const languages = Object.entries(config.languages).flatMap(([language, heads]) => ((heads as Record<string, string>)[head] === trust ? [language] : []));
    return languages.join(', ') || '–';
  };
  return [
    'Reads one sentence-sized passage and tells **what it does**: asserts a generalisation about people, addresses somebody formally or informally, uses a level of\nhonorific speech (Japanese, Korean), praises the reader, sounds formal or polite. It never says whether that fits a culture: Attune’s packs do.',
    '## Intended use',
    'On a reader’s own machine, on chatbots’ answers, as one of several pieces of evidence for a mark that says "may". Not for moderating, ranking or scoring people or\nwhat they write, not as proof that a text is free of stereotypes, and not beyond the languages below. Where the table says nothing for a language the\nhead is **no better than guessing** there and `trust(language, head)` says `chance`; the engine then keeps silent.',
    table(['head', 'trained and measured in', 'trained on rows written for the purpose, measured on whole answers only'], [...HEADS].sort().map((head) => [head, having(head, 'trained'), having(head, 'written')])),
  ];
}

/** Figures that a language falls short with, by the languages' own rows. */
function limits(figures: Figures, config: AttuneConfig): string {
  const genil = measured(figures, 'genil', 'pr-auc');
  const alarms = measured(figures, 'cocoa', 'false-alarms-at-threshold');
  const ordinary = measured(figures, 'ordinary-sentences', 'asserted');
  const unknown = measured(figures, 'ood', 'any-finding');
  const spoken = (list: readonly Figure[]) => list.map(({ language, value }) => `${language} ${short(value)}`).join(', ');
  const languages = (one: Measured | undefined) => one?.figures.filter(({ language }) => language !== 'all') ?? [];
  const belowFloor = languages(genil).filter(({ value, floor }) => value !== null && floor !== null && value < floor);
  const alarming = languages(alarms).filter(({ value }) => value !== null && value > 0.03);
  const loud = languages(ordinary).filter(({ value }) => value !== null && value >= 0.005);
  const unmeasured = Object.keys(config.languages).filter((language) => config.languages[language]!.generalisation !== undefined && !languages(genil).some((figure) => figure.language === language) && language !== 'en');
  const lines = [
    'GeniL’s dev rows hold only groups that training has not seen.' +
      (belowFloor.length === 0 ? '' : ` Below the n-gram floor there: ${spoken(belowFloor)}.`),
    ...(genil === undefined ? [] : [`Least good in: ${spoken([...languages(genil)].filter(({ value }) => value !== null).sort((a, b) => a.value! - b.value!).slice(0, 3))} (area under the precision-recall curve).`]),
    ...(unmeasured.length === 0 ? [] : [`No labelled rows measure generalisations in: ${unmeasured.join(', ')}.`]),
    ...(alarming.length === 0 ? [] : [`More than 3 in 100 sentences that address nobody are taken for a form of address in: ${spoken(alarming)} (at the threshold).`]),
    ...(loud.length === 0 ? [] : [`Ordinary sentences are taken for generalisations most often in: ${spoken(loud)} (share of sentences, at the threshold; nobody has read these).`]),
    ...(unknown === undefined ? [] : [`Passages in unknown languages, code, bare names, numbers and addresses of pages: ${Math.round((unknown.figures[0]!.value ?? 0) * unknown.figures[0]!.rows)} of ${unknown.figures[0]!.rows} reach some threshold, whatever the language is.`]),
    'Short warm or strongly worded sentences get some `asserted` or `praise` probability without deserving it; token tags for group and attribute also mark words that name no group.',
    `Irony and quotations over several sentences are beyond it; only the first ${config.maxTokens - 2} pieces of a passage are read.`,
  ];
  return lines.map((words) => `- ${words}`).join('\n');
}

/** What is known of each language: heads that may be believed, and the figures there are. */
function languageTable(figures: Figures, config: AttuneConfig): string {
  const columns = [
    { head: 'generalisations, PR-AUC', of: measured(figures, 'genil', 'pr-auc') },
    { head: 'address, three-way macro-F1', of: measured(figures, 'cocoa', 'three-way') },
    { head: 'ordinary sentences heard as asserted', of: measured(figures, 'ordinary-sentences', 'asserted') },
    { head: 'ordinary sentences heard as praise', of: measured(figures, 'ordinary-sentences', 'praise') },
  ];
  const cell = (one: Measured | undefined, language: string) => {
    const figure = one?.figures.find((each) => each.language === language);
    return figure === undefined ? '' : short(figure.value);
  };
  const trusted = (language: string) =>
    Object.entries(config.languages[language] ?? {}).flatMap(([head, trust]) => (trust === 'chance' ? [] : [trust === 'written' ? `${head} (written rows)` : head])).join(', ') || 'none: the engine uses rules only';
  return table(['language', 'heads that are used', ...columns.map(({ head }) => head)], Object.keys(config.languages).map((language) => [language, trusted(language), ...columns.map(({ of }) => cell(of, language))]));
}

function how({ bytes, config, shape, manifest }: CardInputs): string {
  const width = Math.max(...Object.values(config.heads).map(({ logits }) => logits[1]));
  const before = Object.entries(manifest.secondsPerStage).filter(([stage]) => /pre-?train|grow/.test(stage));
  const minutes = Math.round(before.reduce((sum, [, seconds]) => sum + seconds, 0) / 60);
  const layers = shape.layers === undefined ? '' : `; ${shape.blocks ?? 0} convolution blocks and ${shape.layers} attention layers of ${shape.hidden ?? '?'} units`;
  return [
    `${(bytes / 1e6).toFixed(1)} MB with its tokenizer. Byte-fallback BPE (${shape.vocabulary ?? '?'} pieces, ${Object.keys(config.languages).length} languages); piece vectors from co-occurrence${layers},`,
    `pre-trained${before.length === 0 ? '' : ` for ${minutes} minutes`} on masked pieces, then all heads at once, at last under specialists of single tasks; beside them logistic regressions on hashed n-grams of pieces inside the same graph.` +
      (shape.chain_buckets === undefined ? '' : ' The generalisation head mixes two experts, for natural and for made sentences, which also read character n-grams, written as sums over chains of pieces; a logit beside them speaks of answers alone, which take a generalisation for granted in passing, and learned from written rows.') +
      (shape.words === undefined ? '' : ` A smaller part (one convolution block, two attention layers of ${shape.worded ?? '?'} units) knows vectors of ${shape.words} English words and helps both experts where a passage is English.`),
    `Weights are int8, activations are not, so an answer does not depend on the batch. Inputs \`input_ids\`, \`attention_mask\`; outputs \`${config.outputs.heads}\` [B, ${width}] (columns in config.json) and \`${config.outputs.tags}\` [B, T, ${config.tags.labels.length}].` +
      (config.adapter === undefined ? '' : ` A pack may bring an adapter (a few kilobytes, ${config.adapter.sites} sites of ${config.adapter.width} units) that shifts the answers for its language.`),
  ].join('\n');
}

function results(figures: Figures): string {
  const rows = figures.measures.flatMap((one) => {
    const whole = one.figures[0]!;
    if (whole.floor === null && whole.published === null && whole.bar === null) return [];
    return [[`${one.set}: ${one.metric}`, withInterval(whole), whole.floor === null ? '' : short(whole.floor), whole.published === null ? '' : `${short(whole.published)}, ${one.publishedBy ?? ''}`, whole.bar === null ? '' : `${short(whole.bar)}: ${barMet(whole, one.better)}`]];
  });
  return table(['measure', 'this model', 'floor', 'published', 'bar'], rows);
}

function byLanguage(inputs: CardInputs): string[] {
  const { figures } = inputs;
  const [genil, two, three, alarms] = [measured(figures, 'genil', 'pr-auc'), measured(figures, 'cocoa', 'two-way'), measured(figures, 'cocoa', 'three-way'), measured(figures, 'cocoa', 'false-alarms-at-threshold')];
  const cell = (one: Measured | undefined, language: string) => {
    const figure = one?.figures.find((each) => each.language === language);
    return figure === undefined ? '' : withInterval(figure);
  };
  return [
    ...(genil === undefined ? [] : ['Generalisations by language (GeniL dev, area under the precision-recall curve):', ...image(inputs, 'bars-genil.svg', 'Generalisations by language, with intervals and floor'), table(['language', 'rows', 'this model', 'floor'], genil.figures.map((figure) => [figure.language, String(figure.rows), withInterval(figure), figure.floor === null ? '' : short(figure.floor)]))]),
    ...image(inputs, 'pr-genil.svg', 'Precision-recall curves by language'),
    ...(two === undefined ? [] : ['Address by language:', ...image(inputs, 'bars-address.svg', 'Form of address by language, with intervals and floor'), table(['language', 'two-way accuracy', 'three-way macro-F1', 'false alarms at the threshold'], two.figures.map(({ language }) => [language, cell(two, language), cell(three, language), cell(alarms, language)]))]),
  ];
}

const image = ({ plotFolder, plots }: CardInputs, file: string, alt: string) => (plotFolder !== null && plots.includes(file) ? [`![${alt}](${plotFolder}/${file})`] : []);

function calibration(inputs: CardInputs): string[] {
  const { figures, config } = inputs;
  const thresholds = (['generalisation', 'address', 'praise'] as const).map((head) => {
    const { thresholds: all, languageThresholds } = config.heads[head];
    const words = (values: Readonly<Record<string, number>>) => Object.entries(values).map(([label, value]) => `${label} ${value}`).join(', ');
    const own = Object.entries(languageThresholds ?? {}).map(([language, values]) => `${language}: ${words(values)}`);
    return `${head}: ${words(all)}${own.length === 0 ? '' : ` (${own.join('; ')})`}`;
  });
  return [
    `Temperatures come from held-back training rows, and so do thresholds, but that “asserted” is kept at .96 or more by hand (the engine’s own acceptance answers showed false marks below), and that thresholds with a second name (“_named”: the pack knows the group; “_edge”: among an answer’s first or last passages) were chosen on those answers and on ordinary paragraphs. Thresholds: ${thresholds.join('; ')}. They are chosen for precision on a natural mix, whose rates are assumptions;\nmost of the ordinary sentences behind them come from documentation. Probabilities read high on ordinary prose, where generalisations and praise are rarer than in the sets: use the thresholds.`,
    ...image(inputs, 'reliability.svg', 'Reliability diagram of each head'),
    table(['head', 'temperature', 'expected calibration error', 'rows'], HEADS.flatMap((head) => (figures.calibration[head] === undefined ? [] : [[head, config.heads[head].temperature.toFixed(2), short(figures.calibration[head].error), String(figures.calibration[head].rows)]]))),
  ];
}

function trainingData(manifest: TrainingManifest): string[] {
  const rows = Object.entries(manifest.trainingRows);
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  return [
    'Every set with source, licence and sha256 is in training-manifest.json. No labelled set forbids commercial use. The sentences of the sets are not part of this repository.\nPeople wrote and judged most of the labels; those of spiral_bench_sentences come from a language model, those of Korean endings and of "no address" from rules.' +
      (manifest.trainingRows['written'] === undefined ? '' : `\n${manifest.trainingRows['written']} rows were written for this purpose by a language model (models/training/written/, CC-BY-4.0); nobody who grew up in the places they speak of has reviewed them.`),
    table(['labelled set', 'rows', 'licence'], manifest.labelled.map(({ name, rows: count, licence }) => [name, count === undefined ? '' : String(count), licence.join('; ')])),
    `Plain text in ${manifest.text.length} languages (${(manifest.text.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) / 1e6).toFixed(0)} MB), for the tokenizer, for pre-training and as ordinary sentences. Licences: ${licencesOf(manifest.text).join('; ')}.`,
    ...(manifest.wordVectors === undefined ? [] : [`Vectors of ${manifest.wordVectors.words} English words: ${manifest.wordVectors.source} (${manifest.wordVectors.licence}), from ${manifest.wordVectors.name}. Their text ends in 2014; they hold its associations of groups with qualities, which is what they are used for here and one more reason why a mark says “may”.`]),
    ...(manifest.teacher === undefined ? [] : [`A larger model, tuned here on the same labelled sets, judged labelled and unlabelled sentences, and this one learned from its judgements; it does not ship: ${manifest.teacher.source} (${manifest.teacher.licence}; its text: ${manifest.teacher.text}), from ${manifest.teacher.name}. What it knows and takes for granted about groups comes from there. All else is learned from the sets and texts above.`]),
    ...(total === 0 ? [] : [`Training examples: ${total} (${rows.map(([name, count]) => `${name} ${count}`).join(', ')}).`]),
  ];
}

function cost(manifest: TrainingManifest): string {
  const stages = Object.entries(manifest.secondsPerStage);
  const seconds = stages.reduce((sum, [, value]) => sum + value, 0);
  const time = stages.length === 0 ? 'The time was not written down.' : `${Math.round(seconds / 60)} minutes of wall time (${stages.map(([name, value]) => `${name} ${Math.round(value)} s`).join(', ')})${manifest.machine === '' ? '' : ` on ${manifest.machine}`}.`;
  return `${time} ${energySentence(manifest)}`;
}
