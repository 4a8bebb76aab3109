import { expect, test } from 'vitest';
import { accuracy, averagePrecision, macroF1 } from '../../models/evaluation/metrics.ts';

test('average precision: right order is 1, ties are taken together, all positives at the end is low', () => {
  expect(averagePrecision([0.9, 0.8, 0.1, 0.05], [true, true, false, false])).toBe(1);
  expect(averagePrecision([0.5, 0.5, 0.5, 0.5], [true, false, false, false])).toBeCloseTo(0.25, 9);
  // sklearn.metrics.average_precision_score([0,0,1,1], [.1,.4,.35,.8]) = 0.8333…
  expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [false, false, true, true])).toBeCloseTo(0.83333, 4);
});

test('macro-F1 and accuracy', () => {
  expect(macroF1(['a', 'a', 'b', 'b'], ['a', 'b', 'b', 'b'])).toBeCloseTo((2 / 3 + 4 / 5) / 2, 9);
  expect(accuracy(['a', 'b'], ['a', 'a'])).toBe(0.5);
});
