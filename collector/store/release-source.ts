/** What a release is built from: the submissions that may be used now, each with what its sender allows today. */
import { sql } from 'kysely';
import { type Demographics, type Purpose, type Submission, VALID_CONSENT_STATES } from '../../feedback/schema/index.ts';
import { type Database } from './tables.ts';

export interface ReleaseRow {
  record: Submission;
  /** Allowed when it was sent and still allowed: whoever takes a purpose back takes it back for all they sent. */
  purposes: Purpose[];
  /** Null unless the purpose `demographics` is allowed. */
  demographics: Demographics | null;
  acceptedAt: Date;
  /** Why the text must not be published; null where nothing speaks against it. */
  blocked: string | null;
}

const PAGE = 500;

/**
 * All rows of a drive in the order of their ids, from one snapshot.
 * @param until only what was accepted before this moment
 */
export async function* releaseRows(db: Database, drive: string, { until = new Date() }: { until?: Date } = {}): AsyncGenerator<ReleaseRow> {
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  try {
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      // `given` is the consent it came under, `own` the participant's valid one: at most one, see giveConsent.
      const { rows } = await sql<{ id: string; record: Submission; given: Purpose[]; own: Purpose[]; answers: Demographics | null; accepted_at: Date; blocked: string | null }>`
        SELECT s.id, s.record, g.purposes AS given, o.purposes AS own, d.answers, s.accepted_at, s.blocked
        FROM submission s
        JOIN consent g ON g.drive_id = s.drive_id AND g.consent_id = s.consent_id
        JOIN consent o ON o.drive_id = s.drive_id AND o.participant = s.participant AND o.state = ANY(${[...VALID_CONSENT_STATES]}::text[]) AND o.expires_at > ${until}
        LEFT JOIN demographics d ON d.drive_id = s.drive_id AND d.participant = s.participant
        WHERE s.drive_id = ${drive} AND s.id > ${after}::uuid AND s.accepted_at < ${until}
        ORDER BY s.id LIMIT ${PAGE}`.execute(trx);
      for (const { record, given, own, answers, accepted_at, blocked } of rows) {
        const purposes = given.filter((purpose) => own.includes(purpose));
        yield { record, purposes, demographics: own.includes('demographics') ? answers : null, acceptedAt: accepted_at, blocked };
      }
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.id;
    }
  } finally {
    await trx.rollback().execute();
  }
}

/** The lines of a drive's public list of withdrawals, in order, without line ends. */
export async function* withdrawals(db: Database, drive: string): AsyncGenerator<string> {
  for (let seq = -1; ; ) {
    const rows = await db.selectFrom('withdrawal').select(['seq', 'line']).where('drive_id', '=', drive).where('seq', '>', seq).orderBy('seq').limit(PAGE).execute();
    for (const { line } of rows) yield line;
    if (rows.length < PAGE) return;
    seq = rows.at(-1)!.seq;
  }
}
