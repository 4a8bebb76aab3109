/** Kappa for two raters (Cohen 1960, weighted 1968) and for a fixed number of ratings a unit (Fleiss 1971). */

export type Weights = 'none' | 'linear' | 'quadratic';

/**
 * Cohen's kappa of a square table of counts (rows: first rater, columns: second).
 * @returns null when chance alone would agree always (one category)
 * @throws RangeError when the table is not square
 */
export function cohenKappa(table: readonly (readonly number[])[], weights: Weights = 'none'): number | null {
  const size = table.length;
  if (table.some((row) => row.length !== size)) throw new RangeError('The table must have as many columns as rows.');
  const n = table.flat().reduce((sum, count) => sum + count, 0);
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = table.map((_, at) => table.reduce((sum, row) => sum + row[at]!, 0));
  const weight = (i: number, j: number) => (weights === 'none' ? Number(i !== j) : (Math.abs(i - j) / (size - 1)) ** (weights === 'linear' ? 1 : 2));
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      observed += weight(i, j) * table[i]![j]!;
      expected += (weight(i, j) * rows[i]! * columns[j]!) / n;
    }
  }
  return expected === 0 || n === 0 ? null : 1 - observed / expected;
}

/**
 * Fleiss' kappa of counts by unit and category; each unit must have the same number of ratings.
 * @returns null when chance alone would agree always
 * @throws RangeError when units differ in their number of ratings, or have fewer than two
 */
export function fleissKappa(counts: readonly (readonly number[])[]): number | null {
  const sums = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const raters = sums[0] ?? 0;
  if (raters < 2 || sums.some((sum) => sum !== raters)) throw new RangeError('Each unit needs the same number of ratings, two or more; with gaps use Krippendorff’s alpha.');
  const shares = counts[0]!.map((_, at) => counts.reduce((sum, row) => sum + row[at]!, 0) / (counts.length * raters));
  const agreement = counts.reduce((sum, row) => sum + (row.reduce((squares, count) => squares + count * count, 0) - raters) / (raters * (raters - 1)), 0) / counts.length;
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  return chance === 1 ? null : (agreement - chance) / (1 - chance);
}
