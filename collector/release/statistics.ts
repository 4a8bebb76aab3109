/** Agreement by locale and kind, with intervals; published beside the data so that everybody cites the same figures. */
import { krippendorffAlpha, type Alpha } from '../agreement/alpha.ts';
import type { Level } from '../agreement/distances.ts';
import { valuesByUnit, type Rating } from '../agreement/ratings.ts';
import { ANSWER_SCALES, CANNOT_JUDGE } from '../../feedback/schema/taxonomy.ts';
import type { Annotation } from './fields.ts';
import { rounded } from './items.ts';

export interface AgreementFigure extends Alpha {
  readonly locale: string;
  /** Kind of finding; null for ratings of whole answers. */
  readonly kind: string | null;
  readonly measure: 'verdict' | 'severity' | (typeof ANSWER_SCALES)[number];
  readonly level: Level;
}

const MEASURES = [
  { measure: 'verdict', level: 'nominal', of: (row: Annotation) => (row.verdict === CANNOT_JUDGE ? null : row.verdict) },
  { measure: 'severity', level: 'ordinal', of: (row: Annotation) => row.severity },
  ...ANSWER_SCALES.map((measure) => ({ measure, level: 'ordinal' as const, of: (row: Annotation) => row[measure] })),
] as const satisfies readonly { measure: AgreementFigure['measure']; level: Level; of: (row: Annotation) => string | number | null }[];

/** A figure for each locale, kind and measure that has ratings; without two ratings of anything it says why it has none. */
export function agreementFigures(annotations: readonly Annotation[]): AgreementFigure[] {
  const cells = Map.groupBy(annotations, ({ locale, kind }) => JSON.stringify([locale, kind]));
  return [...cells.keys()].sort().flatMap((cell) => {
    const rows = cells.get(cell)!;
    const { locale, kind } = rows[0]!;
    return MEASURES.flatMap(({ measure, level, of }): AgreementFigure[] => {
      // One rating a person and item: the first, should somebody have judged the same sentence twice.
      const ratings = new Map<string, Rating>();
      for (const row of rows) {
        const value = of(row);
        const key = `${row.item}\n${row.rater}`;
        if (value !== null && !ratings.has(key)) ratings.set(key, { unit: row.item, rater: row.rater, value });
      }
      if (ratings.size === 0) return [];
      const alpha = krippendorffAlpha(valuesByUnit(ratings.values()).values(), { level });
      return [{ locale, kind, measure, level, ...alpha, alpha: alpha.alpha === null ? null : rounded(alpha.alpha), interval: alpha.interval === null ? null : [rounded(alpha.interval[0]), rounded(alpha.interval[1])] }];
    });
  });
}
