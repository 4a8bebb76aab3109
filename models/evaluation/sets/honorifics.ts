/** Levels of honorific speech: Japanese by KeiCO, Korean by the sentence's ending. */
import type { HonorificJa, HonorificKo } from '../../../review/classifier/types.ts';
import { bucket } from '../data.ts';
import { fromPython } from '../python-pattern.ts';
import { share } from '../statistics.ts';
import type { Answered, EvaluationSet } from '../types.ts';

const LEVELS = ['level1', 'level2', 'level3', 'level4'] as const;
const ENDINGS = ['plain', 'polite', 'formal'] as const;

function likeliest<Label extends string>(labels: readonly Label[], answer: Record<Label, number>): Label {
  return labels.reduce((best, label) => (answer[label] > answer[best] ? label : best));
}

export const keico: EvaluationSet = {
  items: async (sources) =>
    (await sources.labelled('keico'))
      .filter(({ split }) => split === 'dev')
      .map((row) => ({ text: row.text, language: 'ja', cluster: row.id, label: row.label, targets: { honorific_ja: LEVELS.map((level) => Number(level === row.label)) } })),
  measures: [
    {
      name: 'accuracy',
      metric: '4-way accuracy, dev',
      better: 'higher',
      drawn: 'rows',
      byLanguage: true,
      statistic: (answered) => share(answered.map(({ item, answer }) => likeliest(LEVELS, answer.honorific as HonorificJa) === item.label)),
      floor: { all: 0.678 },
      bar: 0.78,
    },
  ],
};

const TRAILING = fromPython(String.raw`[\s.?!,~^;)\"'ㅋㅎㅠㅜ…]+$`);

/**
 * The endings that may be right, as plain, polite, formal: by the last sentence's ending; the pair's label decides between
 * plain and the rest (`tasks.korean_level` of the training).
 */
export function koreanEnding(text: string, label: string): readonly [number, number, number] {
  const ending = text.replace(TRAILING, '');
  if (label === 'informal') return [1, 0, 0];
  if (/(?:니다|니까|시오|소서)$/.test(ending)) return [0, 0, 1];
  return /[요죠]$/.test(ending) ? [0, 1, 0] : [0, 1, 1];
}

const isRight = ({ item, answer }: Answered) => item.targets!.honorific_ko![ENDINGS.indexOf(likeliest(ENDINGS, answer.honorific as HonorificKo))]! > 0;

export const kohon: EvaluationSet = {
  items: async (sources) =>
    (await sources.labelled('korean_honorific_pairs'))
      .filter(({ pair_id: pair }) => bucket(pair!) < 0.05 && bucket(pair!, 'size') < 0.3)
      .map((row) => ({ text: row.text, language: 'ko', cluster: row.pair_id!, label: row.label, targets: { honorific_ko: koreanEnding(row.text, row.label) } })),
  measures: [
    {
      name: 'accuracy',
      metric: 'accuracy of the ending (rule-made labels), pairs kept out',
      better: 'higher',
      drawn: 'pairs',
      byLanguage: true,
      statistic: (answered) => share(answered.map(isRight)),
    },
  ],
};
