/** What a release is made of: consented records as the store hands them out, one participant's demographics beside them. */
import type { Demographics, Purpose, Submission } from '../../feedback/schema/index.ts';

export interface SourceRow {
  readonly record: Submission;
  readonly purposes: readonly Purpose[];
  readonly demographics: Demographics | null;
  /** Why it must not be published (a redaction that was found later), or null. */
  readonly blocked: string | null;
}

/** Why a row is not in a release. Each is counted in the release's card: nothing is left out silently. */
export type LeftOut = 'no-consent-to-publish' | 'blocked' | 'too-few-people';
