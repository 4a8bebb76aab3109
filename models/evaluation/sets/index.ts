/** The sets by the names that the command line uses. */
import type { EvaluationSet } from '../types.ts';
import { cocoa } from './address.ts';
import { ordinarySentences, outOfDistribution } from './alarms.ts';
import { emgsd, genil } from './generalisation.ts';
import { keico, kohon } from './honorifics.ts';
import { inFormalDe, praise, shekasteh, stif, tydip } from './tone.ts';

export const SETS = {
  genil,
  emgsd,
  cocoa,
  keico,
  kohon,
  praise,
  tydip,
  stif,
  shekasteh,
  in_formal_de: inFormalDe,
  'ordinary-sentences': ordinarySentences,
  ood: outOfDistribution,
} as const satisfies Record<string, EvaluationSet>;

/** Sets of passages for the heads, and `answers`: whole reviews (answers.ts). */
export type SetName = keyof typeof SETS | 'answers';
export const SET_NAMES = ['answers', ...Object.keys(SETS)] as SetName[];

export function isSetName(name: string): name is SetName {
  return name === 'answers' || Object.hasOwn(SETS, name);
}
