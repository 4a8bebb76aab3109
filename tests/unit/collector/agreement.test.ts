import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dawidSkene, mace, majority, softLabels, wawa } from '../../../collector/agreement/aggregate.ts';
import { krippendorffAlpha } from '../../../collector/agreement/alpha.ts';
import { masiDistance, type Level } from '../../../collector/agreement/distances.ts';
import { jensenShannon, populationStability, totalVariation, wasserstein } from '../../../collector/agreement/drift.ts';
import { cohenKappa, fleissKappa, type Weights } from '../../../collector/agreement/kappa.ts';
import type { Rating, Value } from '../../../collector/agreement/ratings.ts';

type Coders = readonly (readonly (string | number | null)[])[];
interface Vectors {
  readonly krippendorff: readonly { name: string; level: Level; ratings_by_coder: Coders; published: number | null; exact: number }[];
  readonly fleiss_kappa: readonly { name: string; counts: number[][]; exact: number }[];
  readonly cohen_kappa: readonly { name: string; table: number[][]; weights?: Weights | null; exact: number }[];
  readonly edge_cases: readonly { name: string; ratings_by_coder: Coders; nominal: number | null }[];
  readonly masi: { ratings: [unit: string, rater: string, labels: string[]][]; alpha_binary: number; alpha_masi: number }[];
  readonly aggregation: { answers: [string, string, string][]; ground_truth: Record<string, string>; wawa_labels: Record<string, string>; wawa_skills: Record<string, number> };
}
const vectors = JSON.parse(readFileSync(new URL('../../fixtures/vectors/agreement.json', import.meta.url), 'utf8')) as Vectors;
const drift = JSON.parse(readFileSync(new URL('../../fixtures/vectors/drift.json', import.meta.url), 'utf8')) as {
  drift: { name: string; reference: number[]; current: number[]; psi: number; js_divergence_bits: number; tv: number }[];
  soft_label: { target: number[]; prediction: number[]; manhattan: number; wasserstein_unit_steps: number }[];
};

const unitsOf = (coders: Coders): Value[][] => coders[0]!.map((_, unit) => coders.map((row) => row[unit]!).filter((value) => value !== null));
const quick = { resamples: 0 };

describe("Krippendorff's alpha", () => {
  it.each(vectors.krippendorff.map((vector) => [`${vector.name}, ${vector.level}`, vector] as const))('%s', (_, { level, ratings_by_coder, published, exact }) => {
    const { alpha } = krippendorffAlpha(unitsOf(ratings_by_coder), { level, ...quick });
    expect(alpha).toBeCloseTo(exact, 10);
    if (published !== null) expect(alpha).toBeCloseTo(published, 2);
  });
  it.each(vectors.edge_cases.map((vector) => [vector.name, vector] as const))('degenerate: %s', (name, { ratings_by_coder, nominal }) => {
    const result = krippendorffAlpha(unitsOf(ratings_by_coder), { level: 'nominal' });
    if (nominal === null) expect(result).toMatchObject({ alpha: null, interval: null, reason: name === 'one-category' ? 'one-category' : 'no-pairs' });
    else expect(result.alpha).toBeCloseTo(nominal, 10);
  });
  it('takes sets of labels with MASI', () => {
    const [{ ratings, alpha_masi, alpha_binary }] = vectors.masi as [Vectors['masi'][number]];
    const units = [...Map.groupBy(ratings, ([unit]) => unit).values()].map((rows) => rows.map(([, , labels]) => labels));
    expect(krippendorffAlpha(units, { level: 'masi', ...quick }).alpha).toBeCloseTo(alpha_masi, 9);
    expect(krippendorffAlpha(units, { level: 'nominal', ...quick }).alpha).toBeCloseTo(alpha_binary, 9);
    expect(masiDistance(new Set(['a']), new Set(['b']))).toBe(1);
  });
  it('orders words only as told, and says what is missing', () => {
    const units = [['low', 'low'], ['low', 'high'], ['high', 'high']];
    expect(krippendorffAlpha(units, { level: 'ordinal', order: ['low', 'middle', 'high'], ...quick }).alpha).toBeGreaterThan(0);
    expect(() => krippendorffAlpha(units, { level: 'ordinal', ...quick })).toThrow(/no place in the order/);
    expect(() => krippendorffAlpha(units, { level: 'interval', ...quick })).toThrow(/needs numbers/);
  });
  it('gives an interval that holds alpha, narrows with more units and repeats', () => {
    const few = unitsOf(vectors.krippendorff[0]!.ratings_by_coder);
    const many = Array.from({ length: 20 }, () => few).flat();
    const [a, b] = [few, many].map((units) => krippendorffAlpha(units, { level: 'nominal', seed: 7 }));
    for (const { alpha, interval } of [a!, b!]) {
      expect(interval![0]).toBeLessThan(alpha!);
      expect(interval![1]).toBeGreaterThan(alpha!);
    }
    expect(b!.interval![1] - b!.interval![0]).toBeLessThan(a!.interval![1] - a!.interval![0]);
    expect(krippendorffAlpha(few, { level: 'nominal', seed: 7 })).toEqual(a);
  });
  it('does not depend on the order of units or raters, nor on units with one rating', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 12 }), (units) => {
        const one = krippendorffAlpha(units, { level: 'ordinal', ...quick }).alpha;
        const other = krippendorffAlpha(units.map((unit) => unit.toReversed()).toReversed().filter((unit) => unit.length > 1), { level: 'ordinal', ...quick }).alpha;
        if (one === null || other === null) expect(other).toBe(one);
        else {
          expect(other).toBeCloseTo(one, 9);
          expect(one).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('kappa', () => {
  it.each(vectors.cohen_kappa.map((vector) => [`${vector.name} ${vector.weights ?? ''}`, vector] as const))('Cohen: %s', (_, { table, weights, exact }) => expect(cohenKappa(table, weights ?? 'none')).toBeCloseTo(exact, 10));
  it.each(vectors.fleiss_kappa.map((vector) => [vector.name, vector] as const))('Fleiss: %s', (_, { counts, exact }) => expect(fleissKappa(counts)).toBeCloseTo(exact, 10));
  it('has no value where there is nothing to tell apart, and refuses uneven tables', () => {
    expect(cohenKappa([[5]])).toBeNull();
    expect(fleissKappa([[3, 0], [3, 0]])).toBeNull();
    expect(() => fleissKappa([[3, 0], [1, 1]])).toThrow(/same number of ratings/);
  });
});

describe('aggregation', () => {
  const ratings: Rating[] = vectors.aggregation.answers.map(([rater, unit, value]) => ({ rater, unit, value }));
  const labels = (fitted: { labels: ReadonlyMap<string, { value: Value }> }) => Object.fromEntries([...fitted.labels].map(([unit, { value }]) => [unit, value]));

  it('Dawid-Skene and MACE find the truth that a plain vote misses', () => {
    expect(labels(dawidSkene(ratings))).toEqual(vectors.aggregation.ground_truth);
    expect(labels(mace(ratings))).toEqual(vectors.aggregation.ground_truth);
    const plain = wawa(ratings);
    expect(labels(plain)).toEqual(vectors.aggregation.wawa_labels);
    for (const [rater, skill] of Object.entries(vectors.aggregation.wawa_skills)) expect(plain.competence.get(rater)).toBeCloseTo(skill, 10);
  });
  it('leaves a tie open and shows every share', () => {
    const tie: Rating[] = [{ unit: 'u', rater: 'a', value: 'agree' }, { unit: 'u', rater: 'b', value: 'disagree' }];
    expect(majority(tie).get('u')).toBeNull();
    expect(softLabels(tie).get('u')).toEqual([{ value: 'agree', share: 0.5 }, { value: 'disagree', share: 0.5 }]);
  });
  it('gives the same result for any order of ratings, and survives hundreds of ratings on one unit', () => {
    const shuffled = ratings.toReversed();
    for (const method of [dawidSkene, mace, wawa]) expect(method(shuffled)).toEqual(method(ratings));
    const crowd = Array.from({ length: 800 }, (_, at): Rating => ({ unit: 'u', rater: `r${at}`, value: at % 5 === 0 ? 'no' : 'yes' }));
    for (const method of [dawidSkene, mace]) expect(method(crowd).labels.get('u')).toMatchObject({ value: 'yes' });
  });
  it('holds a rater who answers at random for less competent than one who reads', () => {
    const truth = (unit: number) => (unit % 3 === 0 ? 'yes' : 'no');
    const raters = ['good-1', 'good-2', 'good-3', 'random'] as const;
    const data = Array.from({ length: 60 }, (_, unit) => raters.map((rater): Rating => ({ unit: `u${unit}`, rater, value: rater === 'random' ? ((unit * 7) % 2 === 0 ? 'yes' : 'no') : truth(unit) }))).flat();
    for (const method of [dawidSkene, mace]) {
      const { competence } = method(data);
      expect(competence.get('good-1')!).toBeGreaterThan(competence.get('random')! + 0.2);
    }
  });
});

describe('drift', () => {
  it.each(drift.drift.map((vector) => [vector.name, vector] as const))('%s', (_, { reference, current, psi, js_divergence_bits, tv }) => {
    expect(populationStability(reference, current)).toBeCloseTo(psi, 9);
    expect(jensenShannon(reference, current)).toBeCloseTo(js_divergence_bits, 9);
    expect(totalVariation(reference, current)).toBeCloseTo(tv, 9);
  });
  it.each(drift.soft_label)('soft labels $target / $prediction', ({ target, prediction, manhattan, wasserstein_unit_steps }) => {
    expect(2 * totalVariation(target, prediction)).toBeCloseTo(manhattan, 9);
    expect(wasserstein(target, prediction)).toBeCloseTo(wasserstein_unit_steps, 9);
  });
});
