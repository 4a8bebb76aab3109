/** Forms of address: marked sentences of CoCoA-MT, and ordinary sentences that address nobody. */
import type { PassageClassification } from '../../../review/classifier/types.ts';
import { ADDRESS_LANGUAGES } from '../address-rule.ts';
import { bucket, type LabelledRow } from '../data.ts';
import { markerCounts, utf16Ranges } from '../markers.ts';
import { f1OfCounts, macroF1, meanOver, share } from '../statistics.ts';
import type { Answered, EvaluationSet, Item, ModelFacts } from '../types.ts';
import { koreanEnding } from './honorifics.ts';

const FORMS = ['informal', 'formal', 'none'] as const;
const TARGETS: Readonly<Record<string, readonly number[]>> = { informal: [1, 0, 0], formal: [0, 1, 0], neutral: [0, 0, 1] };
const NOBODY = 'nobody';

/** The published test split; Russian has no other, so half of its pairs are trained on and half measured (`tasks.cocoa_evaluation`). */
export function isMeasured(row: LabelledRow): boolean {
  return row.split === 'test' && (row.lang !== 'ru' || bucket(row.pair_id!, 'ru') < 0.5);
}

const likeliest = ({ address }: PassageClassification) => FORMS.reduce((best, form) => (address[form] > address[best] ? form : best));
const isMarked = ({ label }: Item) => label === 'informal' || label === 'formal';
const isNobody = ({ label }: Item) => label === NOBODY;

function heardAtThreshold({ item, answer }: Answered, form: 'informal' | 'formal', model: ModelFacts): boolean {
  return answer.address[form] >= model.threshold('address', form, item.language);
}

export const cocoa: EvaluationSet = {
  items: async (sources) => {
    const marked = (await sources.labelled('cocoa_mt')).filter(isMeasured).map((row): Item => {
      const language = row.lang.split('-')[0]!;
      return {
        text: row.text,
        language,
        cluster: row.pair_id!,
        label: row.label,
        markers: utf16Ranges(row.text, row.spans ?? []),
        targets: { address: TARGETS[row.label]!, ...(language === 'ko' && isMarked(row as unknown as Item) ? { honorific_ko: koreanEnding(row.text, row.label) } : {}) },
      };
    });
    const nobody = (await sources.ordinary())
      .filter(({ language, addressesNobody }) => addressesNobody && ADDRESS_LANGUAGES.includes(language))
      .map(({ text, language }, at): Item => ({ text, language, cluster: `nobody-${at}`, label: NOBODY }));
    return [...marked, ...nobody];
  },
  measures: [
    {
      name: 'two-way',
      metric: 'accuracy of formal against informal, test (Russian: half of its only split)',
      better: 'higher',
      drawn: 'pairs',
      byLanguage: true,
      keep: isMarked,
      statistic: (answered) => share(answered.map(({ item, answer }) => (answer.address.formal > answer.address.informal) === (item.label === 'formal'))),
      floor: { de: 0.972, fr: 0.956, hi: 0.988, ja: 0.967, nl: 0.98, ko: 0.992, ru: 0.988, vi: 0.977, it: 0.896, es: 0.875, pt: 0.875 },
    },
    {
      name: 'three-way',
      metric: 'macro-F1 of informal, formal and none; "none": ordinary sentences that the rule is sure address nobody',
      better: 'higher',
      drawn: 'pairs',
      byLanguage: true,
      keep: (item) => isMarked(item) || isNobody(item),
      statistic: (answered) => macroF1(answered.map(({ answer }) => likeliest(answer)), answered.map(({ item }) => (isNobody(item) ? 'none' : item.label))),
      bar: 0.95,
    },
    {
      name: 'false-alarms',
      metric: 'share of sentences that address nobody where informal or formal is likeliest',
      better: 'lower',
      drawn: 'rows',
      byLanguage: true,
      keep: isNobody,
      statistic: (answered) => share(answered.map(({ answer }) => likeliest(answer) !== 'none')),
      bar: 0.03,
    },
    {
      name: 'false-alarms-at-threshold',
      metric: 'share of sentences that address nobody where a form reaches its threshold',
      better: 'lower',
      drawn: 'rows',
      byLanguage: true,
      keep: isNobody,
      statistic: (answered, model) => share(answered.map((one) => heardAtThreshold(one, 'informal', model) || heardAtThreshold(one, 'formal', model))),
      bar: 0.03,
    },
    {
      name: 'recall-at-threshold',
      metric: 'share of marked sentences where the right form reaches its threshold',
      better: 'higher',
      drawn: 'pairs',
      byLanguage: true,
      keep: isMarked,
      statistic: (answered, model) => share(answered.map((one) => heardAtThreshold(one, one.item.label === 'formal' ? 'formal' : 'informal', model))),
    },
    {
      name: 'marker-f1',
      metric: 'F1 of the words (Japanese, Korean: characters) marked as a form of address, with the right form; all: mean of the languages',
      better: 'higher',
      drawn: 'pairs',
      byLanguage: true,
      keep: isMarked,
      statistic: (answered) => {
        const counts = answered.map(markerCounts);
        return meanOver(
          answered.map(({ item }) => item.language),
          (rows) => f1OfCounts(rows.map((row) => counts[row]!.both), rows.map((row) => counts[row]!.either)),
        );
      },
      bar: 0.9,
    },
  ],
};
