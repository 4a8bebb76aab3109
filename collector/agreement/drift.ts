/** How far two distributions lie apart: between releases, or between raters and a model. All take shares that sum to 1. */

/** Population stability index, Σ (current − reference) · ln(current / reference); 0.1 and 0.25 are customary bands, no more. */
export function populationStability(reference: readonly number[], current: readonly number[]): number {
  const floor = 1e-6; // an empty category would make it infinite
  return reference.reduce((sum, share, at) => {
    const [before, now] = [Math.max(share, floor), Math.max(current[at]!, floor)];
    return sum + (now - before) * Math.log(now / before);
  }, 0);
}

/** Jensen-Shannon divergence in bits, 0-1. */
export function jensenShannon(one: readonly number[], other: readonly number[]): number {
  const part = (share: number, middle: number) => (share === 0 ? 0 : share * Math.log2(share / middle));
  return one.reduce((sum, share, at) => {
    const middle = (share + other[at]!) / 2;
    return sum + part(share, middle) / 2 + part(other[at]!, middle) / 2;
  }, 0);
}

/** Total variation distance, 0-1; twice that is Manhattan distance, LeWiDi-2025's measure for nominal soft labels. */
export function totalVariation(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, share, at) => sum + Math.abs(share - other[at]!), 0) / 2;
}

/** First Wasserstein distance over ranks one apart: LeWiDi-2025's measure for ordinal soft labels. */
export function wasserstein(one: readonly number[], other: readonly number[]): number {
  let carried = 0;
  return one.reduce((sum, share, at) => sum + Math.abs((carried += share - other[at]!)), 0);
}
