/** Reliability of each head on evaluation rows with a single right label. */
import { HEADS, type HeadName, type PassageClassification } from '../../review/classifier/types.ts';
import { calibration, type Calibration } from './statistics.ts';
import type { Answered } from './types.ts';

/** A head's probabilities in the order of its labels; null when the answer has none. */
export function probabilities(answer: PassageClassification, head: HeadName): readonly number[] | null {
  switch (head) {
    case 'generalisation':
    case 'address':
      return Object.values(answer[head]) as number[];
    case 'honorific_ja':
    case 'honorific_ko':
      return answer.honorific === null ? null : (Object.values(answer.honorific) as number[]);
    case 'formality':
    case 'praise':
    case 'politeness':
      return [answer[head]];
    case 'generalisation_answer':
      return [answer.generalisationInAnswer];
  }
}

/** How far a graded target must lie from the middle to count as a label. */
const CLEAR = 0.3;

/** Confidence in the chosen label, and whether it was right; null where the row has no single right label. */
function judged(given: readonly number[], target: readonly number[]): { confidence: number; right: boolean } | null {
  if (target.length === 1) {
    if (Math.abs(target[0]! - 0.5) <= CLEAR) return null;
    return { confidence: Math.max(given[0]!, 1 - given[0]!), right: given[0]! > 0.5 === target[0]! > 0.5 };
  }
  if (target.reduce((sum, value) => sum + value, 0) !== 1) return null;
  const chosen = given.indexOf(Math.max(...given));
  return { confidence: given[chosen]!, right: target[chosen] === 1 };
}

/** @returns calibration by head; heads without rows are left out */
export function calibrationOf(answered: readonly Answered[]): Partial<Record<HeadName, Calibration>> {
  const result: Partial<Record<HeadName, Calibration>> = {};
  for (const head of HEADS) {
    const rows = answered.flatMap(({ item, answer }) => {
      const target = item.targets?.[head];
      const given = target === undefined ? null : probabilities(answer, head);
      return (target !== undefined && given !== null && judged(given, target)) || [];
    });
    if (rows.length > 0) result[head] = calibration(rows.map(({ confidence }) => confidence), rows.map(({ right }) => right));
  }
  return result;
}
