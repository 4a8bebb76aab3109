/**
 * Figures as functions of how often each row counts. Bootstrap draws rows or whole clusters by raising and lowering those
 * counts, so that a statistic sorts its rows once and not once a draw. NaN where a figure is not defined.
 */
import { seededRandom } from '../../collector/agreement/random.ts';

/** @param weights how often each row counts; all 1 for the figure itself */
export type Statistic = (weights: Float64Array) => number;

/** Area under the precision-recall curve as average precision: sum of precision times the step in recall, ties taken together (as in scikit-learn). */
export function averagePrecision(scores: readonly number[], truth: readonly boolean[]): Statistic {
  const order = byScore(scores);
  return (weights) => {
    let positives = 0;
    for (let at = 0; at < truth.length; at++) if (truth[at]!) positives += weights[at]!;
    let [sum, seen, hits] = [0, 0, 0];
    for (let at = 0; at < order.length; ) {
      const score = scores[order[at]!]!;
      let gained = 0;
      for (; at < order.length && scores[order[at]!] === score; at++) {
        const weight = weights[order[at]!]!;
        seen += weight;
        if (truth[order[at]!]!) gained += weight;
      }
      hits += gained;
      if (gained > 0) sum += gained * (hits / seen);
    }
    return positives === 0 ? Number.NaN : sum / positives;
  };
}

export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
}

/** The precision-recall curve, from the highest score down: one point a distinct score, thinned to about `points` steps of recall. */
export function precisionRecall(scores: readonly number[], truth: readonly boolean[], points = 60): CurvePoint[] {
  const order = byScore(scores);
  const positives = truth.filter(Boolean).length;
  const curve: CurvePoint[] = [];
  let [hits, kept] = [0, -1];
  order.forEach((row, at) => {
    if (truth[row]!) hits++;
    const tied = at + 1 < order.length && scores[order[at + 1]!] === scores[row];
    const step = Math.floor((hits / positives) * points);
    if (tied || step === kept || hits === 0) return;
    kept = step;
    curve.push({ recall: hits / positives, precision: hits / (at + 1) });
  });
  return curve;
}

const byScore = (scores: readonly number[]) => scores.map((_, at) => at).sort((a, b) => scores[b]! - scores[a]!);

/** Mean of the F1 of every label that occurs in `truth` or `said`. */
export function macroF1(said: readonly string[], truth: readonly string[]): Statistic {
  const labels = [...new Set([...said, ...truth])];
  const [saidAt, truthAt] = [said, truth].map((list) => list.map((label) => labels.indexOf(label))) as [number[], number[]];
  return (weights) => {
    const both = new Float64Array(labels.length);
    const either = new Float64Array(labels.length);
    for (let at = 0; at < saidAt.length; at++) {
      const weight = weights[at]!;
      either[saidAt[at]!]! += weight;
      either[truthAt[at]!]! += weight;
      if (saidAt[at] === truthAt[at]) both[truthAt[at]!]! += weight;
    }
    const present = labels.flatMap((_, at) => (either[at]! > 0 ? [(2 * both[at]!) / either[at]!] : []));
    return present.reduce((sum, value) => sum + value, 0) / present.length;
  };
}

/** F1 of the positive label. */
export function f1(said: readonly boolean[], truth: readonly boolean[]): Statistic {
  return f1OfCounts(
    said.map((yes, at) => Number(yes && truth[at]!)),
    said.map((yes, at) => Number(yes) + Number(truth[at]!)),
  );
}

/** F1 from counts in each row: units that are both said and true, and units said plus units true. */
export function f1OfCounts(both: readonly number[], either: readonly number[]): Statistic {
  return (weights) => {
    let [hits, all] = [0, 0];
    for (let at = 0; at < both.length; at++) {
      hits += weights[at]! * both[at]!;
      all += weights[at]! * either[at]!;
    }
    return all === 0 ? Number.NaN : (2 * hits) / all;
  };
}

/** A figure and its 95 % interval, rounded; null where they are not defined. @param clusters the cluster of each row */
export function estimate(statistic: Statistic, clusters: readonly string[]): { readonly value: number | null; readonly low: number | null; readonly high: number | null } {
  const value = statistic(new Float64Array(clusters.length).fill(1));
  if (Number.isNaN(value)) return { value: null, low: null, high: null };
  const [low, high] = interval(statistic, clusters)?.map(rounded) ?? [null, null];
  return { value: rounded(value), low: low ?? null, high: high ?? null };
}

/** To six places: figures.json shows no noise of floating point. */
export const rounded = (value: number) => Math.round(value * 1e6) / 1e6;

/** At most `count` of the items, evenly spread over all. */
export function spread<T>(items: readonly T[], count: number | undefined): readonly T[] {
  if (count === undefined || items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}

/** Mean of a value of each row. */
export function meanOf(values: readonly number[]): Statistic {
  return (weights) => {
    let [sum, all] = [0, 0];
    for (let at = 0; at < values.length; at++) {
      all += weights[at]!;
      sum += weights[at]! * values[at]!;
    }
    return all === 0 ? Number.NaN : sum / all;
  };
}

/** Share of rows for which something holds: accuracy, recall, false alarms. */
export function share(holds: readonly boolean[]): Statistic {
  return meanOf(holds.map(Number));
}

/** Unweighted mean of a statistic over groups of rows, say over languages. */
export function meanOver(groups: readonly string[], of: (rows: readonly number[]) => Statistic): Statistic {
  const parts = [...Map.groupBy(groups.keys(), (row) => groups[row]!).values()].map((rows) => ({ rows, statistic: of(rows) }));
  return (weights) => {
    const values = parts.map(({ rows, statistic }) => statistic(Float64Array.from(rows, (row) => weights[row]!))).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}

export const DRAWS = 200;

/**
 * 95 % percentile bootstrap interval (Efron 1979); whole clusters are drawn where rows share one.
 * @param clusters the cluster of each row
 * @returns null where the statistic is defined in no draw
 */
export function interval(statistic: Statistic, clusters: readonly string[], draws = DRAWS, seed = 1): readonly [number, number] | null {
  const random = seededRandom(seed);
  const names = new Map<string, number>();
  const clusterOf = clusters.map((cluster) => names.get(cluster) ?? names.set(cluster, names.size).size - 1);
  const weights = new Float64Array(clusters.length);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = new Float64Array(names.size);
    for (let times = 0; times < names.size; times++) drawn[Math.floor(random() * names.size)]! += 1;
    for (let at = 0; at < weights.length; at++) weights[at] = drawn[clusterOf[at]!]!;
    const value = statistic(weights);
    if (!Number.isNaN(value)) values.push(value);
  }
  return values.length === 0 ? null : [percentile(values, 0.025), percentile(values, 0.975)];
}

/** Percentile with linear interpolation between the two nearest values (the default of numpy). */
export function percentile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
}

export interface CalibrationBin {
  readonly rows: number;
  /** Mean of the probabilities given. */
  readonly confidence: number;
  /** Share that was right. */
  readonly right: number;
}

export interface Calibration {
  /** Expected calibration error (Naeini et al. 2015): mean gap between confidence and share right, by rows. */
  readonly error: number;
  readonly rows: number;
  /** Ten bins of confidence, 0–.1 to .9–1. */
  readonly bins: readonly CalibrationBin[];
}

const BINS = 10;

/** @param confidence probability of the label that was chosen */
export function calibration(confidence: readonly number[], right: readonly boolean[]): Calibration {
  const bins = Array.from({ length: BINS }, () => ({ rows: 0, confidence: 0, right: 0 }));
  confidence.forEach((value, at) => {
    const bin = bins[Math.min(Math.floor(value * BINS), BINS - 1)]!;
    bin.rows++;
    bin.confidence += value;
    bin.right += Number(right[at]);
  });
  const rows = confidence.length;
  return {
    error: bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / rows,
    rows,
    bins: bins.map((bin) => ({ rows: bin.rows, confidence: bin.rows && bin.confidence / bin.rows, right: bin.rows && bin.right / bin.rows })),
  };
}
