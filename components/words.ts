/** The engine's ids as words for readers. */
import { message, type MessageKey } from '../extension/i18n.ts';
import type { Family, FindingKind, ReviewLevel, Situation } from '../review/types.ts';

export function kindName(kind: FindingKind): string {
  return message(`kind.${kind.replace('.', '_')}` as MessageKey);
}

export function familyName(family: Family): string {
  return message(`family.${family}`);
}

export function situationName(situation: Situation): string {
  return message(`situation.${situation.replace('-', '_')}` as MessageKey);
}

export function levelName(level: ReviewLevel): string {
  return message(`level.${level}`);
}

export const SURENESS = ['unsure', 'likely', 'quite'] as const;
export type Sureness = (typeof SURENESS)[number];

/** From these confidences on the next word is used. People read words better than percentages, and two decimals would claim too much. */
const LIKELY_FROM = 0.6;
const QUITE_SURE_FROM = 0.8;

export function sureness(confidence: number): Sureness {
  if (confidence >= QUITE_SURE_FROM) return 'quite';
  return confidence >= LIKELY_FROM ? 'likely' : 'unsure';
}
