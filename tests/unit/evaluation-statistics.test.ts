/** The statistics of the evaluation against values computed by hand or published by scikit-learn. */
import { expect, it } from 'vitest';
import { averagePrecision, calibration, f1, f1OfCounts, interval, macroF1, meanOver, percentile, precisionRecall, share, type Statistic } from '../../models/evaluation/statistics.ts';

const once = (statistic: Statistic, rows: number) => statistic(new Float64Array(rows).fill(1));

it('average precision: right order is 1, ties are taken together, and the example of scikit-learn', () => {
  expect(once(averagePrecision([0.9, 0.8, 0.1, 0.05], [true, true, false, false]), 4)).toBe(1);
  expect(once(averagePrecision([0.5, 0.5, 0.5, 0.5], [true, false, false, false]), 4)).toBeCloseTo(0.25, 9);
  // sklearn.metrics.average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), in its documentation: 0.83
  expect(once(averagePrecision([0.1, 0.4, 0.35, 0.8], [false, false, true, true]), 4)).toBeCloseTo(5 / 6, 9);
});

it('average precision without a positive row is undefined', () => {
  expect(once(averagePrecision([0.1, 0.2], [false, false]), 2)).toBeNaN();
});

it('a row that counts twice is a row that stands there twice', () => {
  const twice = averagePrecision([0.1, 0.4, 0.35, 0.8], [false, false, true, true])(Float64Array.from([0, 2, 1, 1]));
  expect(twice).toBeCloseTo(once(averagePrecision([0.4, 0.4, 0.35, 0.8], [false, false, true, true]), 4), 12);
  expect(macroF1(['a', 'a', 'b'], ['a', 'b', 'b'])(Float64Array.from([1, 2, 0]))).toBeCloseTo(once(macroF1(['a', 'a', 'a'], ['a', 'b', 'b']), 3), 12);
});

it('macro-F1: the example of scikit-learn, and labels that nobody says', () => {
  // sklearn.metrics.f1_score(y_true=[0, 1, 2, 0, 1, 2], y_pred=[0, 2, 1, 0, 0, 1], average='macro'), in its documentation: 0.267
  expect(once(macroF1(['0', '2', '1', '0', '0', '1'], ['0', '1', '2', '0', '1', '2']), 6)).toBeCloseTo(0.26667, 4);
  expect(once(macroF1(['a', 'a', 'b', 'b'], ['a', 'b', 'b', 'b']), 4)).toBeCloseTo((2 / 3 + 4 / 5) / 2, 9);
});

it('F1 of the positive label, shares, and F1 of units', () => {
  expect(once(f1([true, true, false, false], [true, false, true, false]), 4)).toBeCloseTo(0.5, 9);
  expect(once(f1([false], [false]), 1)).toBeNaN();
  expect(once(share([true, false, true, true]), 4)).toBe(0.75);
  expect(once(f1OfCounts([1, 2], [3, 5]), 2)).toBeCloseTo(6 / 8, 9);
});

it('the mean over groups does not depend on their sizes', () => {
  const right = [true, true, true, false];
  const statistic = meanOver(['de', 'de', 'de', 'ja'], (rows) => share(rows.map((row) => right[row]!)));
  expect(once(statistic, 4)).toBe(0.5);
});

it('the precision-recall curve ends at recall 1 with the share of positives', () => {
  const curve = precisionRecall([0.9, 0.8, 0.8, 0.1], [true, false, true, false]);
  expect(curve[0]).toEqual({ recall: 0.5, precision: 1 });
  expect(curve.at(-1)).toEqual({ recall: 1, precision: 2 / 3 });
});

it('percentiles as numpy interpolates them', () => {
  // numpy.percentile([1, 2, 3, 4], 2.5) and (…, 97.5)
  expect(percentile([4, 1, 3, 2], 0.025)).toBeCloseTo(1.075, 9);
  expect(percentile([4, 1, 3, 2], 0.975)).toBeCloseTo(3.925, 9);
});

it('the interval of a share is as wide as theory says, and the same on every run', () => {
  const rows = Array.from({ length: 400 }, (_, at) => at % 5 === 0);
  const alone = rows.map((_, at) => String(at));
  const [low, high] = interval(share(rows), alone)!;
  // 0.2 ± 1.96 · √(0.2 · 0.8 / 400)
  expect(low).toBeCloseTo(0.1608, 1.7);
  expect(high).toBeCloseTo(0.2392, 1.7);
  expect(interval(share(rows), alone)).toEqual([low, high]);
});

it('rows of one cluster are drawn together, which makes the interval wider', () => {
  const rows = Array.from({ length: 400 }, (_, at) => at < 80);
  const [low, high] = interval(share(rows), rows.map((_, at) => String(Math.floor(at / 40))))!;
  expect(high - low).toBeGreaterThan(0.3);
});

it('an interval needs one defined draw', () => {
  expect(interval(averagePrecision([0.1, 0.2], [false, false]), ['a', 'b'])).toBeNull();
});

it('calibration: gap between confidence and share right, weighted by rows', () => {
  const { error, rows, bins } = calibration([0.95, 0.95, 0.65, 0.65, 1], [true, false, true, true, true]);
  // bin .9–1: mean confidence 2.9/3, right 2/3, 3 rows; bin .6–.7: .65 against 1, 2 rows
  expect(error).toBeCloseTo((3 * (2.9 / 3 - 2 / 3) + 2 * 0.35) / 5, 9);
  expect([rows, bins[9]!.rows, bins[6]!.rows, bins[0]!.rows]).toEqual([5, 3, 2, 0]);
});
