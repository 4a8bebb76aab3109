/** What is said about a release as a whole. */
import { z } from 'zod';
import { driveId, semver } from '../../feedback/schema/primitives.ts';
import type { AgreementFigure } from './statistics.ts';

export const RELEASE_SCHEMA = 'attune.release/1';

/** What is said about a release as a whole: release.json. */
export const releaseMeta = z.strictObject({
  schema: z.literal(RELEASE_SCHEMA),
  drive: driveId,
  title: z.string().min(1).max(200),
  version: semver,
  /** Of the release, not of the moment the files were written. */
  date: z.iso.date(),
  access: z.enum(['open', 'gated']),
  k: z.int().min(2),
  demographics: z.boolean(),
  controller: z.strictObject({ name: z.string(), contact: z.string() }),
  url: z.url(),
  /** First and last month of the submissions. */
  months: z.tuple([z.string().regex(/^\d{4}-\d{2}$/), z.string().regex(/^\d{4}-\d{2}$/)]).nullable(),
  leftOut: z.strictObject({ 'no-consent-to-publish': z.int(), blocked: z.int(), 'too-few-people': z.int() }),
  /** Verifies the list of withdrawals (C2SP signed-note verifier key); null when the drive keeps no log. */
  logKey: z.string().nullable(),
  /** Lines of the withdrawals list that this copy has taken into account. */
  withdrawalsApplied: z.int().min(0),
});
export type ReleaseMeta = z.infer<typeof releaseMeta>;

/** What is counted in a release's rows. */
export interface ReleaseSummary {
  readonly annotations: number;
  readonly items: number;
  readonly raters: number;
  readonly locales: readonly string[];
  readonly splits: Readonly<Record<string, number>>;
  readonly leakage: { readonly groups: number; readonly raters: number };
}

/** All that the words around the data are made of. */
export interface DocumentContext {
  readonly meta: ReleaseMeta;
  readonly summary: ReleaseSummary;
  readonly figures: readonly AgreementFigure[];
}
