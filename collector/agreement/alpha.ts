/**
 * Krippendorff's alpha: 1 − observed / expected disagreement, over all units with two ratings or more, for any number of
 * raters and missing ratings. With a bootstrap interval over units.
 */
import { distanceOf, orderedValues, type Distance, type Level } from './distances.ts';
import { seededRandom } from './random.ts';
import { keyOf, type Value } from './ratings.ts';

/** Why there is no alpha. "1.0 because everybody always chose the same" would mislead: there was nothing to tell apart. */
export type NoAlpha = 'no-pairs' | 'one-category';

export interface Alpha {
  readonly alpha: number | null;
  readonly reason: NoAlpha | null;
  /** 95 % percentile bootstrap over units; null without alpha or with fewer than 2 units. */
  readonly interval: readonly [number, number] | null;
  /** Units with two ratings or more, and the ratings in them: what alpha rests on. */
  readonly units: number;
  readonly ratings: number;
}

export interface AlphaOptions {
  readonly level: Level;
  /** From lowest to highest, for ordinal words. */
  readonly order?: readonly string[];
  /** 0 leaves the interval out. */
  readonly resamples?: number;
  readonly seed?: number;
}

/** A unit as counts of values: enough for everything that alpha needs. */
type Counts = Float64Array;

/**
 * @param units the values that each unit got (from different raters)
 * @throws RangeError when values do not fit the level
 */
export function krippendorffAlpha(units: Iterable<readonly Value[]>, { level, order, resamples = 1000, seed = 1 }: AlphaOptions): Alpha {
  const pairable = [...units].filter((values) => values.length >= 2);
  const ratings = pairable.reduce((sum, values) => sum + values.length, 0);
  const none = (reason: NoAlpha): Alpha => ({ alpha: null, reason, interval: null, units: pairable.length, ratings });
  if (pairable.length === 0) return none('no-pairs');

  const byKey = new Map(pairable.flat().map((value) => [keyOf(value), value]));
  if (byKey.size < 2) return none('one-category');
  const values = orderedValues([...byKey.values()], level, order);
  const index = new Map(values.map((value, at) => [keyOf(value), at]));
  const distance = distanceOf(level, values);

  const counted = pairable.map((unit) => {
    const counts = new Float64Array(values.length);
    for (const value of unit) counts[index.get(keyOf(value))!]! += 1;
    return counts;
  });
  const alpha = alphaOf(counted, (pick) => pick, counted.length, distance, values.length)!;
  return { alpha, reason: null, interval: interval(counted, distance, values.length, resamples, seed), units: pairable.length, ratings };
}

/** Alpha of a (re)sample of units; null when the sample holds one category only. */
function alphaOf(units: readonly Counts[], pick: (at: number) => number, size: number, distance: Distance, categories: number): number | null {
  const { matrix, totals, n } = coincidences(units, pick, size, categories);
  let observed = 0;
  let expected = 0;
  for (let one = 0; one < categories; one++) {
    for (let other = one + 1; other < categories; other++) {
      if (totals[one] === 0 || totals[other] === 0) continue;
      const difference = distance(one, other, totals);
      observed += matrix[one * categories + other]! * difference;
      expected += totals[one]! * totals[other]! * difference;
    }
  }
  return expected === 0 ? null : 1 - ((n - 1) * observed) / expected;
}

/** The coincidence matrix (upper half) and its margins. */
function coincidences(units: readonly Counts[], pick: (at: number) => number, size: number, categories: number) {
  const matrix = new Float64Array(categories * categories);
  const totals = new Float64Array(categories);
  let n = 0;
  for (let at = 0; at < size; at++) {
    const counts = units[pick(at)]!;
    let ratings = 0;
    for (const count of counts) ratings += count;
    n += ratings;
    for (let one = 0; one < categories; one++) {
      if (counts[one] === 0) continue;
      totals[one]! += counts[one]!;
      for (let other = one + 1; other < categories; other++) matrix[one * categories + other]! += (counts[one]! * counts[other]!) / (ratings - 1);
    }
  }
  return { matrix, totals, n };
}

function interval(units: readonly Counts[], distance: Distance, categories: number, resamples: number, seed: number): [number, number] | null {
  if (resamples === 0 || units.length < 2) return null;
  const random = seededRandom(seed);
  const alphas: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const picks = Int32Array.from({ length: units.length }, () => Math.floor(random() * units.length));
    const alpha = alphaOf(units, (at) => picks[at]!, units.length, distance, categories);
    if (alpha !== null) alphas.push(alpha);
  }
  if (alphas.length === 0) return null;
  alphas.sort((a, b) => a - b);
  return [percentile(alphas, 0.025), percentile(alphas, 0.975)];
}

/** Linear interpolation between order statistics (R's type 7). */
export function percentile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  return sorted[below]! + (sorted[Math.min(below + 1, sorted.length - 1)]! - sorted[below]!) * (place - below);
}
