/** Answers about a participant: a table of their own, one row each, only under a consent that allows them. */
import { type z } from 'zod';
import { deletionKey } from '../../feedback/log/keys.ts';
import { type demographicsRequest, type Demographics } from '../../feedback/schema/index.ts';
import { refuse, type Refusal } from '../ingest/refusal.ts';
import { lockLog } from '../log/append.ts';
import { type Database } from '../store/tables.ts';
import { transaction } from '../store/transaction.ts';
import { isValid } from './give.ts';

export type DemographicsRequest = z.infer<typeof demographicsRequest>;

/** Stores or replaces the answers. */
export function putDemographics(db: Database, request: DemographicsRequest, now: Date): Promise<{ ok: true } | Refusal> {
  return transaction(db, async (trx) => {
    if ((await lockLog(trx, request.drive)) === null) return refuse('invalid', 'There is no such drive here.');
    const consent = await trx.selectFrom('consent').selectAll().where('drive_id', '=', request.drive).where('consent_id', '=', request.consent).executeTakeFirst();
    // The same words for a wrong secret: nobody learns here which ids exist.
    if (consent?.participant !== request.participant || consent.deletion_key !== deletionKey(request.secret, request.participant)) return refuse('consent-missing', 'There is no such consent, or the secret is another one.');
    if (!isValid(consent.state) || consent.expires_at <= now) return refuse('consent-not-valid', 'The consent is no longer valid.');
    if (!consent.purposes.includes('demographics')) return refuse('purpose-not-allowed', 'The consent does not allow answers about the person.');
    const answers = JSON.stringify(request.demographics) as unknown as Demographics;
    await trx
      .insertInto('demographics')
      .values({ drive_id: request.drive, participant: request.participant, consent_id: request.consent, answers, updated_at: now })
      .onConflict((conflict) => conflict.columns(['drive_id', 'participant']).doUpdateSet({ consent_id: request.consent, answers, updated_at: now }))
      .execute();
    return { ok: true };
  });
}
