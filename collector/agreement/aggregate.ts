/**
 * From many ratings to a view of each unit: the distribution itself, the majority, and two models of raters that differ in
 * how reliable they are. A competence is fitted within one locale only: a model over all would read a minority culture as noise.
 */
import { seededRandom } from './random.ts';
import { keyOf, type Rating, type Value } from './ratings.ts';

export interface UnitLabel {
  readonly value: Value;
  /** 0-1: how sure the method is. */
  readonly probability: number;
}
export interface Fitted {
  readonly labels: ReadonlyMap<string, UnitLabel>;
  /** 0-1 by rater: share of answers that the model holds for right (Dawid-Skene) or meant (MACE). */
  readonly competence: ReadonlyMap<string, number>;
}

/** Ratings as numbers: units, raters and values by place in sorted lists, so that the result does not depend on input order. */
interface Indexed {
  readonly units: readonly string[];
  readonly raters: readonly string[];
  readonly values: readonly Value[];
  readonly triples: readonly { readonly unit: number; readonly rater: number; readonly value: number }[];
}

function indexed(ratings: readonly Rating[]): Indexed {
  const units = [...new Set(ratings.map(({ unit }) => unit))].sort();
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const byKey = new Map(ratings.map(({ value }) => [keyOf(value), value]));
  const keys = [...byKey.keys()].sort();
  const place = (list: readonly string[]) => new Map(list.map((item, at) => [item, at]));
  const [unitAt, raterAt, valueAt] = [place(units), place(raters), place(keys)];
  const triples = ratings.map((rating) => ({ unit: unitAt.get(rating.unit)!, rater: raterAt.get(rating.rater)!, value: valueAt.get(keyOf(rating.value))! }));
  triples.sort((a, b) => a.unit - b.unit || a.rater - b.rater || a.value - b.value);
  return { units, raters, values: keys.map((key) => byKey.get(key)!), triples };
}

/** Share of each value in each unit: what soft labels are. */
export function softLabels(ratings: readonly Rating[]): Map<string, { value: Value; share: number }[]> {
  const { units, values, triples } = indexed(ratings);
  const counts = units.map(() => new Float64Array(values.length));
  for (const { unit, value } of triples) counts[unit]![value]! += 1;
  return new Map(units.map((unit, at) => {
    const total = counts[at]!.reduce((sum, count) => sum + count, 0);
    return [unit, values.flatMap((value, of) => (counts[at]![of]! > 0 ? [{ value, share: counts[at]![of]! / total }] : []))];
  }));
}

/** The value that most chose; null where the first two are level: a tie is not broken by the alphabet. */
export function majority(ratings: readonly Rating[]): Map<string, UnitLabel | null> {
  return new Map([...softLabels(ratings)].map(([unit, shares]) => {
    const [first, second] = [...shares].sort((a, b) => b.share - a.share);
    return [unit, first!.share === second?.share ? null : { value: first!.value, probability: first!.share }];
  }));
}

/** Agreement with the majority as skill, then one weighted vote (crowd-kit's "Wawa": worker agreement with aggregate). */
export function wawa(ratings: readonly Rating[]): Fitted {
  const { units, raters, values, triples } = indexed(ratings);
  const vote = (weight: (rater: number) => number) => {
    const scores = units.map(() => new Float64Array(values.length));
    for (const { unit, rater, value } of triples) scores[unit]![value]! += weight(rater);
    return scores;
  };
  const first = vote(() => 1).map(best);
  const right = new Float64Array(raters.length);
  const all = new Float64Array(raters.length);
  for (const { unit, rater, value } of triples) {
    all[rater]! += 1;
    if (first[unit] === value) right[rater]! += 1;
  }
  const skill = raters.map((_, at) => right[at]! / all[at]!);
  return {
    labels: labelled(units, values, vote((rater) => skill[rater]!).map(normalised)),
    competence: new Map(raters.map((rater, at) => [rater, skill[at]!])),
  };
}

/**
 * One-coin Dawid-Skene (Dawid & Skene 1979 with one accuracy a rater, as in Li & Yu 2014): each rater is right with
 * probability p, else any other value. Expectation-maximisation from the vote shares. A full confusion matrix a rater needs
 * far more ratings than most raters give.
 */
export function dawidSkene(ratings: readonly Rating[], { iterations = 100, tolerance = 1e-7 } = {}): Fitted {
  const data = indexed(ratings);
  const { units, raters, values, triples } = data;
  if (values.length < 2) return certain(data);
  let posterior = voteShares(data);
  let competence = new Float64Array(raters.length);
  for (let round = 0, last = -Infinity; round < iterations; round++) {
    const prior = new Float64Array(values.length);
    for (const row of posterior) row.forEach((share, value) => (prior[value]! += share / units.length));
    const right = new Float64Array(raters.length);
    const all = new Float64Array(raters.length);
    for (const { unit, rater, value } of triples) {
      right[rater]! += posterior[unit]![value]!;
      all[rater]! += 1;
    }
    // Add-one smoothing: a rater of two items is neither perfect nor useless.
    competence = right.map((sum, rater) => (sum + 1) / (all[rater]! + 2));
    const { rows, likelihood } = expectation(data, prior, (rater, value, truth) => (value === truth ? competence[rater]! : (1 - competence[rater]!) / (values.length - 1)));
    posterior = rows;
    if (likelihood - last < tolerance) break;
    last = likelihood;
  }
  return { labels: labelled(units, values, posterior), competence: new Map(raters.map((rater, at) => [rater, competence[at]!])) };
}

/**
 * MACE (Hovy et al. 2013): with probability θ a rater means the truth, else they answer from a habit ξ of their own.
 * Expectation-maximisation with smoothing 0.01 / values and several seeded restarts; the likeliest is kept.
 */
export function mace(ratings: readonly Rating[], { restarts = 10, iterations = 50, seed = 1 } = {}): Fitted {
  const data = indexed(ratings);
  const { units, raters, values, triples } = data;
  if (values.length < 2) return certain(data);
  const smoothing = 0.01 / values.length;
  let bestLikelihood = -Infinity;
  let kept: { posterior: Float64Array[]; theta: Float64Array } | undefined;
  for (let start = 0; start < restarts; start++) {
    const random = seededRandom(seed + start);
    let theta = Float64Array.from(raters, () => 0.5 + random() * 0.4);
    let habit = raters.map(() => normalised(Float64Array.from(values, () => 1 + random())));
    const prior = Float64Array.from(values, () => 1 / values.length);
    let posterior: Float64Array[] = [];
    let likelihood = -Infinity;
    for (let round = 0; round < iterations; round++) {
      ({ rows: posterior, likelihood } = expectation(data, prior, (rater, value, truth) => (value === truth ? theta[rater]! : 0) + (1 - theta[rater]!) * habit[rater]![value]!));
      const meant = new Float64Array(raters.length).fill(smoothing);
      const guessed = raters.map(() => new Float64Array(values.length).fill(smoothing));
      for (const { unit, rater, value } of triples) {
        // Given the truth is what was said, how likely it was meant rather than guessed.
        const said = theta[rater]! + (1 - theta[rater]!) * habit[rater]![value]!;
        const share = posterior[unit]![value]! * (theta[rater]! / said);
        meant[rater]! += share;
        guessed[rater]![value]! += 1 - share;
      }
      theta = meant.map((sum, rater) => sum / (sum + guessed[rater]!.reduce((all, part) => all + part, 0)));
      habit = guessed.map(normalised);
    }
    if (likelihood > bestLikelihood) {
      bestLikelihood = likelihood;
      kept = { posterior, theta };
    }
  }
  return { labels: labelled(units, values, kept!.posterior), competence: new Map(raters.map((rater, at) => [rater, kept!.theta[at]!])) };
}

/** Posterior of the true value of each unit, in logarithms until the end: hundreds of ratings a unit must not underflow. */
function expectation({ units, values, triples }: Indexed, prior: ArrayLike<number>, emission: (rater: number, value: number, truth: number) => number) {
  // Only what somebody said can be the truth: with few ratings the prior would else invent labels.
  const rows = units.map(() => new Float64Array(values.length).fill(-Infinity));
  for (const { unit, value } of triples) rows[unit]![value] = Math.log(prior[value]!);
  for (const { unit, rater, value } of triples) {
    for (let truth = 0; truth < values.length; truth++) rows[unit]![truth]! += Math.log(emission(rater, value, truth));
  }
  let likelihood = 0;
  for (const row of rows) {
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let at = 0; at < row.length; at++) sum += row[at] = Math.exp(row[at]! - top);
    for (let at = 0; at < row.length; at++) row[at]! /= sum;
    likelihood += top + Math.log(sum);
  }
  return { rows, likelihood };
}

function voteShares({ units, values, triples }: Indexed): Float64Array[] {
  const rows = units.map(() => new Float64Array(values.length));
  for (const { unit, value } of triples) rows[unit]![value]! += 1;
  return rows.map(normalised);
}

function normalised(row: Float64Array): Float64Array {
  const sum = row.reduce((all, part) => all + part, 0);
  return sum === 0 ? row : row.map((part) => part / sum);
}

/** Place of the largest; the first of equals. */
function best(row: ArrayLike<number>): number {
  let at = 0;
  for (let of = 1; of < row.length; of++) if (row[of]! > row[at]! + 1e-12) at = of;
  return at;
}

function labelled(units: readonly string[], values: readonly Value[], rows: readonly Float64Array[]): Map<string, UnitLabel> {
  return new Map(units.map((unit, at) => {
    const value = best(rows[at]!);
    return [unit, { value: values[value]!, probability: rows[at]![value]! }];
  }));
}

/** Where everybody always said the same there is nothing to fit. */
function certain({ units, raters, values }: Indexed): Fitted {
  return { labels: new Map(units.map((unit) => [unit, { value: values[0]!, probability: 1 }])), competence: new Map(raters.map((rater) => [rater, 1])) };
}
