/** Praise, politeness and formality. */
import { bucket, type LabelledRow } from '../data.ts';
import { averagePrecision, f1, share, type Statistic } from '../statistics.ts';
import type { Answered, EvaluationSet, Item, MeasureSpec } from '../types.ts';

const UNSEEN_CHATBOT = 'anthropic/claude-3.5-sonnet';
/** Unflagged sentences for each praising one. */
const NEGATIVES_EACH = 4;
const SAMPLED = '1:4';

const praises = ({ item }: Answered) => item.label === 'praise';
const praiseF1 = (answered: readonly Answered[], cut: number): Statistic => f1(answered.map(({ answer }) => answer.praise >= cut), answered.map(praises));
const CUTS = Array.from({ length: 48 }, (_, at) => 0.02 * (at + 1));

/** What the measures of praise share: all praising sentences, and four times as many of the unflagged. */
const oneToFour = { better: 'higher', drawn: 'rows', byLanguage: false, keep: ({ part }: Item) => part === SAMPLED } as const;

export const praise: EvaluationSet = {
  items: async (sources) => {
    const rows = (await sources.labelled('spiral_bench_sentences')).filter(({ model }) => model === UNSEEN_CHATBOT);
    const positives = rows.filter(({ label }) => label === 'praise').length;
    const place = ({ id }: LabelledRow) => bucket(id, 'praise');
    const negatives = new Set(rows.filter(({ label }) => label === 'none').sort((a, b) => place(a) - place(b)).slice(0, NEGATIVES_EACH * positives));
    return rows.map((row) => ({
      text: row.text,
      language: row.lang,
      cluster: row.id,
      label: row.label,
      part: row.label === 'praise' || negatives.has(row) ? SAMPLED : 'rest',
      targets: { praise: [Number(row.label === 'praise')] },
    }));
  },
  measures: [
    {
      ...oneToFour,
      name: 'average-precision',
      metric: 'average precision of praise against unflagged sentences at 1:4, unseen chatbot',
      statistic: (answered) => averagePrecision(answered.map(({ answer }) => answer.praise), answered.map(praises)),
    },
    {
      ...oneToFour,
      name: 'f1',
      metric: 'F1 of praise >= 0.5 at 1:4, unseen chatbot',
      statistic: (answered) => praiseF1(answered, 0.5),
      floor: { all: 0.64 },
      bar: 0.75,
    },
    {
      ...oneToFour,
      name: 'f1-at-threshold',
      metric: 'F1 of praise at its threshold at 1:4, unseen chatbot',
      statistic: (answered, model) => praiseF1(answered, model.threshold('praise', 'praise', 'en')),
    },
    {
      ...oneToFour,
      name: 'f1-best-cut',
      metric: 'F1 of praise at the cut that is best on these very rows (what a threshold could reach), 1:4',
      statistic: (answered) => {
        const cuts = CUTS.map((cut) => praiseF1(answered, cut));
        return (weights) => Math.max(...cuts.map((statistic) => statistic(weights)));
      },
    },
  ],
};

const MIDDLE = 'mid';

export const tydip: EvaluationSet = {
  items: async (sources) =>
    (await sources.labelled('tydip'))
      .filter(({ split }) => split === 'test')
      .map((row) => {
        const middle = 0.5 + Math.max(-0.4, Math.min(0.4, (row.score ?? 0) / 2));
        return { text: row.text, language: row.lang, cluster: row.id, label: row.label, targets: { politeness: [row.label === 'polite' ? 1 : row.label === 'impolite' ? 0 : middle] } };
      }),
  measures: [
    {
      name: 'accuracy',
      metric: 'accuracy without the middle, test',
      better: 'higher',
      drawn: 'rows',
      byLanguage: true,
      keep: ({ label }) => label !== MIDDLE,
      statistic: (answered) => share(answered.map(({ item, answer }) => answer.politeness > 0.5 === (item.label === 'polite'))),
      floor: { all: 0.825 },
      published: { value: 0.892, by: 'XLM-R large (TyDiP, arXiv 2211.16496)' },
      bar: 0.82,
    },
  ],
};

/** Formal against informal; rows in the middle are left out. */
const formalityMeasure = (metric: string, drawn: 'rows' | 'pairs', floor?: number): MeasureSpec => ({
  name: 'accuracy',
  metric,
  better: 'higher',
  drawn,
  byLanguage: true,
  keep: ({ targets }) => Math.abs(targets!.formality![0]! - 0.5) > 0.12,
  statistic: (answered) => share(answered.map(({ item, answer }) => answer.formality > 0.5 === item.targets!.formality![0]! > 0.5)),
  ...(floor === undefined ? {} : { floor: { all: floor } }),
});

const formalityItem = (row: LabelledRow, text = row.text, formality = Number(row.label === 'formal')): Item => ({
  text,
  language: row.lang,
  cluster: row.pair_id ?? row.id,
  label: row.label,
  targets: { formality: [formality] },
});

export const stif: EvaluationSet = {
  items: async (sources) =>
    (await sources.labelled('stif_indonesia'))
      .filter(({ split }) => split === 'test')
      .map((row) => formalityItem(row, row.text.replaceAll('xxxuserxxx', 'Budi').replaceAll('xxxnumberxxx', '7'))),
  measures: [formalityMeasure('accuracy, test', 'pairs', 0.925)],
};

export const shekasteh: EvaluationSet = {
  items: async (sources) => (await sources.labelled('shekasteh')).filter(({ pair_id: pair }) => bucket(pair!) < 0.2).map((row) => formalityItem(row)),
  measures: [formalityMeasure('accuracy, a fifth of the pairs kept out', 'pairs', 0.946)],
};

export const inFormalDe: EvaluationSet = {
  items: async (sources) =>
    (await sources.labelled('in_formal_de'))
      .filter(({ split }) => split === 'test')
      // Best-worst scores lie in [-1, 1].
      .map((row) => formalityItem(row, row.text, ((row.score ?? 0) + 1) / 2)),
  measures: [formalityMeasure('accuracy without the middle, test', 'rows')],
};
