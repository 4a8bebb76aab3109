/**
 * assumption.convention: units, temperature, money, dates and clock of somewhere else, given without the local one.
 * What is a matter of words (paper sizes, cups, school years) is in the packs.
 */
import { hasCue, type Detector } from '../../context.ts';
import { clock } from './clock.ts';
import { dates } from './dates.ts';
import { measures } from './measures.ts';
import { money } from './money.ts';
import type { Place } from './candidate.ts';

const KINDS = [measures, money, dates, clock];

export const conventions: Detector = (context) =>
  context.observations.flatMap((observation, passage) => {
    const place: Place = { context, observation, passage };
    const candidates = KINDS.flatMap((detect) => detect(place));
    return candidates.length > 0 && hasCue(observation, 'contrast') ? [] : candidates;
  });
