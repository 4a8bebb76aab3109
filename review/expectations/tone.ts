/** How much of each tone an audience welcomes in a situation: the pack's range, moved by the reader's wishes. */
import type { Expectations, Pack, ToneDimension } from '../../packs/schema/pack.ts';
import { expectationOf, type AudiencePacks } from '../packs.ts';
import type { Situation, Wishes } from '../types.ts';

export type Measure = ToneDimension | 'exclamation' | 'emoji';
export const MEASURES: readonly Measure[] = ['flattery', 'enthusiasm', 'apology', 'blunt', 'slang', 'stiff', 'exclamation', 'emoji'];

export interface ToneExpectation {
  /** Sum of weights (or count) that one answer may carry; undefined: no expectation, no mark. */
  readonly most: Readonly<Partial<Record<Measure, number>>>;
  readonly source: { readonly pack: Pack; readonly part: NonNullable<Expectations['tone']> };
}

/** What a wish does to a range: an offset, or a fixed value. */
const WISHES: readonly { readonly when: (wishes: Wishes) => boolean; readonly change: Partial<Record<Measure, (most: number) => number>> }[] = [
  { when: ({ enthusiasm }) => enthusiasm === 'less', change: { flattery: () => 0, enthusiasm: () => 0, exclamation: () => 0, emoji: () => 0 } },
  { when: ({ enthusiasm }) => enthusiasm === 'more', change: { flattery: (most) => most + 3, enthusiasm: (most) => most + 4, exclamation: (most) => most + 8, emoji: (most) => most + 8 } },
  { when: ({ directness }) => directness === 'direct', change: { blunt: (most) => most + 3 } },
  { when: ({ directness }) => directness === 'soft', change: { blunt: () => 0 } },
  { when: ({ formality }) => formality === 'formal', change: { slang: () => 0, emoji: () => 0 } },
  { when: ({ formality }) => formality === 'casual', change: { slang: (most) => most + 6, stiff: () => 0 } },
];

export function toneExpectation(audience: AudiencePacks, situation: Situation | undefined, wishes: Wishes): ToneExpectation | undefined {
  const found = expectationOf(audience, 'tone');
  if (found === undefined) return undefined;
  const most: Partial<Record<Measure, number>> = { ...found.value.default, ...(situation === undefined ? {} : found.value.situations[situation]) };
  for (const { change } of WISHES.filter(({ when }) => when(wishes))) {
    for (const [measure, move] of Object.entries(change) as [Measure, (most: number) => number][]) {
      if (most[measure] !== undefined) most[measure] = move(most[measure]);
    }
  }
  return { most, source: { pack: found.pack, part: found.value } };
}
