/**
 * Squared difference functions of Krippendorff's alpha ("Computing Krippendorff's Alpha-Reliability", 2011), and MASI
 * (Passonneau 2006) for sets of labels.
 */
import type { Value } from './ratings.ts';

export const LEVELS = ['nominal', 'ordinal', 'interval', 'ratio', 'masi'] as const;
export type Level = (typeof LEVELS)[number];

/** Difference of the values at two places of the (ordered) list of values, given how often each value occurs. */
export type Distance = (one: number, other: number, counts: Readonly<ArrayLike<number>>) => number;

/**
 * @param values the different values, in order for the level (`orderedValues`).
 * @throws RangeError when a value does not fit the level
 */
export function distanceOf(level: Level, values: readonly Value[]): Distance {
  switch (level) {
    case 'nominal':
      return (one, other) => (one === other ? 0 : 1);
    case 'ordinal':
      // (Σ n_g from c to k − (n_c + n_k) / 2)²: depends on how many ratings lie between, not on how the ranks are named.
      return (one, other, counts) => {
        const [low, high] = one < other ? [one, other] : [other, one];
        let between = 0;
        for (let at = low; at <= high; at++) between += counts[at]!;
        return (between - (counts[low]! + counts[high]!) / 2) ** 2;
      };
    case 'interval': {
      const numbers = numeric(values, level);
      return (one, other) => (numbers[one]! - numbers[other]!) ** 2;
    }
    case 'ratio': {
      const numbers = numeric(values, level);
      if (numbers.some((number) => number < 0)) throw new RangeError('Ratio values cannot be negative.');
      return (one, other) => (numbers[one]! + numbers[other]! === 0 ? 0 : ((numbers[one]! - numbers[other]!) / (numbers[one]! + numbers[other]!)) ** 2);
    }
    case 'masi': {
      const sets = values.map((value) => new Set(Array.isArray(value) ? (value as readonly string[]) : [String(value)]));
      return (one, other) => masiDistance(sets[one]!, sets[other]!);
    }
  }
}

/** 1 − Jaccard × monotonicity (1 same, 2/3 one within the other, 1/3 overlapping, 0 apart). */
export function masiDistance(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = one.intersection(other).size;
  const all = one.union(other).size;
  if (all === 0) return 0;
  const monotonicity = both === one.size && both === other.size ? 1 : both === one.size || both === other.size ? 0.67 : both > 0 ? 0.33 : 0;
  return 1 - (both / all) * monotonicity;
}

function numeric(values: readonly Value[], level: Level): number[] {
  return values.map((value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`Level "${level}" needs numbers; "${String(value)}" is none.`);
    return value;
  });
}

/**
 * The different values in the order that ordinal distance needs: numbers by size, words as given by `order`.
 * @throws RangeError when words are to be ordered and `order` does not name each
 */
export function orderedValues(values: readonly Value[], level: Level, order?: readonly string[]): Value[] {
  const list = [...values];
  if (level !== 'ordinal') return list.sort((a, b) => (String(a) < String(b) ? -1 : 1));
  if (list.every((value) => typeof value === 'number')) return list.sort((a, b) => a - b);
  const missing = list.find((value) => order?.includes(String(value)) !== true);
  if (missing !== undefined) throw new RangeError(`"${String(missing)}" has no place in the order: name all values from lowest to highest, or use numbers.`);
  return list.sort((a, b) => order!.indexOf(String(a)) - order!.indexOf(String(b)));
}
