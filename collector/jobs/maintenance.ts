/** What time does to stored data: consents run out, old rows go, used tasks are forgotten. Each may be repeated at any moment. */
import { sql } from 'kysely';
import { VALID_CONSENT_STATES } from '../../feedback/schema/index.ts';
import { endConsent } from '../consent/give.ts';
import { type Database } from '../store/tables.ts';
import { transaction } from '../store/transaction.ts';

/** How long a consent is kept as proof after it has ended. */
const PROOF_DAYS = 3 * 365;
const DAY_MS = 86_400_000;
const PAGE = 500;

/** Marks consents that have run out. @returns how many */
export async function expireConsents(db: Database, now: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const due = await db.selectFrom('consent').select(['drive_id', 'consent_id']).where('state', 'in', [...VALID_CONSENT_STATES]).where('expires_at', '<=', now).limit(PAGE).execute();
    for (const { drive_id, consent_id } of due) await transaction(db, (trx) => endConsent(trx, drive_id, consent_id, 'ConsentExpired', now));
    count += due.length;
    if (due.length < PAGE) return count;
  }
}

/** Deletes submissions and answers that are older than their drive keeps them, and the proof of consents that ended long ago. @returns rows deleted */
export async function purge(db: Database, now: Date): Promise<number> {
  let count = 0;
  for (const { drive_id, settings } of await db.selectFrom('drive').select(['drive_id', 'settings']).execute()) {
    const before = new Date(now.getTime() - settings.retentionDays * DAY_MS);
    for (;;) {
      // In small transactions, by key: nothing is locked for long, and every engine deletes by key.
      const { rows } = await sql<{ id: string }>`SELECT id FROM submission WHERE drive_id = ${drive_id} AND accepted_at < ${before} ORDER BY accepted_at LIMIT ${PAGE}`.execute(db);
      if (rows.length > 0) await db.deleteFrom('submission').where('drive_id', '=', drive_id).where('id', 'in', rows.map(({ id }) => id)).execute();
      count += rows.length;
      if (rows.length < PAGE) break;
    }
    count += Number((await db.deleteFrom('demographics').where('drive_id', '=', drive_id).where('updated_at', '<', before).executeTakeFirst()).numDeletedRows);
    const proof = new Date(now.getTime() - PROOF_DAYS * DAY_MS);
    const ended = await db.selectFrom('consent').select('consent_id').where('drive_id', '=', drive_id).where('ended_at', '<', proof).execute();
    for (const { consent_id } of ended) {
      await transaction(db, async (trx) => {
        await trx.deleteFrom('consent_event').where('drive_id', '=', drive_id).where('consent_id', '=', consent_id).execute();
        await trx.deleteFrom('consent').where('drive_id', '=', drive_id).where('consent_id', '=', consent_id).execute();
      });
    }
    count += ended.length;
  }
  return count;
}

/** Forgets proofs of work whose tasks have run out. @returns how many */
export async function forgetWork(db: Database, now: Date): Promise<number> {
  return Number((await db.deleteFrom('used_work').where('expires_at', '<', now).executeTakeFirst()).numDeletedRows);
}
