/** Ratings: who said what about which unit. The input of all statistics of agreement. */

/** A category, a number, or (for MASI) a set of labels. */
export type Value = string | number | readonly string[];

export interface Rating {
  readonly unit: string;
  readonly rater: string;
  readonly value: Value;
}

/** The values that each unit got, in the order of the ratings; the raters are no longer told apart. */
export function valuesByUnit(ratings: Iterable<Rating>): Map<string, Value[]> {
  const units = new Map<string, Value[]>();
  for (const { unit, value } of ratings) {
    const values = units.get(unit);
    if (values === undefined) units.set(unit, [value]);
    else values.push(value);
  }
  return units;
}

/** One string for each different value, so that 1 and "1" stay apart and sets do not depend on order. */
export function keyOf(value: Value): string {
  return typeof value === 'number' ? `n:${value}` : typeof value === 'string' ? `s:${value}` : `l:${JSON.stringify([...new Set(value)].sort())}`;
}
