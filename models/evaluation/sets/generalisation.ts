/** Sets of generalisations and stereotypes. */
import type { PassageClassification } from '../../../review/classifier/types.ts';
import { nearCopiesOf } from '../near-copies.ts';
import { averagePrecision, macroF1 } from '../statistics.ts';
import type { Answered, EvaluationSet } from '../types.ts';

const HEARTS = 'HEARTS, ALBERT-v2 (arXiv 2409.11579)';

/** GeniL's three labels as the labels of the head that may be right. A mention may also be asserted. */
const GENIL_TARGETS: Readonly<Record<string, readonly number[]>> = {
  generalizing_promoting: [1, 0, 0, 0],
  generalizing_mentioning: [1, 1, 0, 0],
  not_generalizing: [0, 0, 1, 0],
};

const generalises = ({ label }: { label: string }) => label !== 'not_generalizing';
const heard = ({ generalisation }: PassageClassification) => generalisation.asserted + generalisation.mention;

export const genil: EvaluationSet = {
  items: async (sources) =>
    (await sources.labelled('genil'))
      .filter(({ split }) => split === 'dev')
      .map((row) => ({ text: row.text, language: row.lang, cluster: row.cluster!, label: row.raw_label!, targets: { generalisation: GENIL_TARGETS[row.raw_label!]! } })),
  measures: [
    {
      name: 'pr-auc',
      metric: 'PR-AUC of asserted + mention, dev',
      better: 'higher',
      drawn: 'clusters',
      byLanguage: true,
      statistic: (answered) => averagePrecision(answered.map(({ answer }) => heard(answer)), answered.map(({ item }) => generalises(item))),
      floor: { all: 0.319, en: 0.527, es: 0.36, ms: 0.296, pt: 0.289, fr: 0.254, id: 0.239, bn: 0.201, ar: 0.166, hi: 0.101 },
      published: { value: 0.587, by: 'mT5-XXL / PaLM-2 class models, their own split (arXiv 2404.05866)' },
      bar: 0.4,
    },
    {
      name: 'pr-auc-asserted',
      metric: 'PR-AUC of asserted alone, dev',
      better: 'higher',
      drawn: 'clusters',
      byLanguage: true,
      statistic: (answered) => averagePrecision(answered.map(({ answer }) => answer.generalisation.asserted), answered.map(({ item }) => generalises(item))),
    },
  ],
  curve: { score: heard, positive: generalises },
};

const stereotypeF1 = (answered: readonly Answered[]) =>
  macroF1(
    answered.map(({ answer }) => String(answer.generalisation.asserted >= 0.5)),
    answered.map(({ item }) => String(item.label === 'stereotype')),
  );

/** Rows that have a near copy, mostly the same sentence with another ending, in the train split. */
const SIBLING = 'sibling';

export const emgsd: EvaluationSet = {
  items: async (sources) => {
    const rows = await sources.labelled('emgsd');
    const near = nearCopiesOf(rows.filter(({ split }) => split === 'train').map(({ text }) => text));
    return rows
      .filter(({ split }) => split === 'test')
      .map((row) => ({ text: row.text, language: row.lang, cluster: row.id, label: row.label, part: near(row.text) ? SIBLING : 'alone' }));
  },
  measures: [
    {
      name: 'macro-f1',
      metric: 'macro-F1 of asserted >= 0.5, test',
      better: 'higher',
      drawn: 'rows',
      byLanguage: true,
      statistic: stereotypeF1,
      floor: { all: 0.683 },
      published: { value: 0.815, by: HEARTS },
      bar: 0.74,
    },
    {
      name: 'macro-f1-neutral',
      metric: 'macro-F1 of asserted >= 0.5, stereotype against neutral, test',
      better: 'higher',
      drawn: 'rows',
      byLanguage: false,
      keep: ({ label }) => label !== 'unrelated',
      statistic: stereotypeF1,
      floor: { all: 0.62 },
      published: { value: 0.762, by: HEARTS },
    },
    {
      name: 'macro-f1-without-siblings',
      metric: 'macro-F1 of asserted >= 0.5, test rows without a near copy in the train split',
      better: 'higher',
      drawn: 'rows',
      byLanguage: false,
      keep: ({ part }) => part !== SIBLING,
      statistic: stereotypeF1,
    },
  ],
};
