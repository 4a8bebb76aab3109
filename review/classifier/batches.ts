export interface Batch {
  /** Positions in the list that was asked about. */
  readonly at: readonly number[];
  readonly longest: number;
}

/**
 * Groups sequences of similar length, so that little is spent on padding, with at most `maxCells` pieces
 * (padding included) in a batch: small enough that an abort is noticed soon.
 */
export function batchesByLength(lengths: readonly number[], maxCells = 1024): Batch[] {
  const order = lengths.map((_, at) => at).sort((a, b) => lengths[a]! - lengths[b]!);
  const batches: Batch[] = [];
  let current: number[] = [];
  let longest = 0;
  for (const at of order) {
    const length = lengths[at]!;
    const padding = current.length > 0 && length > 1.25 * lengths[current[0]!]! + 2;
    if (current.length > 0 && (padding || length * (current.length + 1) > maxCells)) {
      batches.push({ at: current, longest });
      current = [];
    }
    current.push(at);
    longest = length;
  }
  if (current.length > 0) batches.push({ at: current, longest });
  return batches;
}
