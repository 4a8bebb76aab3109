/** Withdrawal: whoever shows the secret has their rows deleted, and the public list says that the ids mean nothing any more. */
import { sql } from 'kysely';
import { deletionKey, publicId } from '../../feedback/log/keys.ts';
import { type NoteSigner } from '../../feedback/log/note.ts';
import { lineHash, signWithdrawal, withdrawalLine } from '../../feedback/log/withdrawals.ts';
import { type WithdrawalRequest } from '../../feedback/schema/index.ts';
import { endConsent, isValid } from '../consent/give.ts';
import { type LockedLog, lockLog } from '../log/append.ts';
import { type CollectorKey } from '../log/key.ts';
import { type Database, type Queries } from '../store/tables.ts';
import { transaction } from '../store/transaction.ts';

export type WithdrawalOutcome = { ok: true; withdrawn: string[]; consent: 'ConsentWithdrawn' | 'unchanged' } | { ok: false; problem: 'unknown' };

/**
 * Withdraws one submission or everything of a participant. Asking again gives the same answer.
 * @returns `unknown` for an id that does not exist and for a wrong secret alike
 */
export function withdraw(db: Database, key: CollectorKey, request: WithdrawalRequest, now: Date): Promise<WithdrawalOutcome> {
  return transaction(db, async (trx): Promise<WithdrawalOutcome> => {
    const log = await lockLog(trx, request.drive);
    if (log === null) return { ok: false, problem: 'unknown' };
    const signer = key.signerFor(request.drive);
    switch (request.what) {
      case 'submission':
        return (await withdrawOne(trx, log, signer, request, now)) ? { ok: true, withdrawn: [request.id], consent: 'unchanged' } : { ok: false, problem: 'unknown' };
      case 'everything':
        return await withdrawAll(trx, log, signer, request, now);
    }
  });
}

async function withdrawOne(trx: Queries, log: LockedLog, signer: NoteSigner, { drive, id, secret }: { drive: string; id: string; secret: string }, now: Date): Promise<boolean> {
  const { numDeletedRows } = await trx.deleteFrom('submission').where('drive_id', '=', drive).where('id', '=', id).where('deletion_key', '=', deletionKey(secret, id)).executeTakeFirst();
  if (numDeletedRows > 0n) {
    await publish(trx, log, signer, [id], now);
    return true;
  }
  // Already withdrawn? The list is public, so this tells nobody anything.
  return (await trx.selectFrom('withdrawal').select('seq').where('drive_id', '=', drive).where('public_id', '=', publicId(id)).executeTakeFirst()) !== undefined;
}

async function withdrawAll(trx: Queries, log: LockedLog, signer: NoteSigner, { drive, participant, secret }: { drive: string; participant: string; secret: string }, now: Date): Promise<WithdrawalOutcome> {
  const consents = await trx.selectFrom('consent').select(['consent_id', 'state']).where('drive_id', '=', drive).where('participant', '=', participant).where('deletion_key', '=', deletionKey(secret, participant)).execute();
  if (consents.length === 0) return { ok: false, problem: 'unknown' };
  const deleted = await trx.deleteFrom('submission').where('drive_id', '=', drive).where('participant', '=', participant).returning('id').execute();
  const ids = deleted.map(({ id }) => id).sort();
  await publish(trx, log, signer, ids, now);
  await trx.deleteFrom('demographics').where('drive_id', '=', drive).where('participant', '=', participant).execute();
  for (const { consent_id, state } of consents) if (isValid(state)) await endConsent(trx, drive, consent_id, 'ConsentWithdrawn', now);
  return { ok: true, withdrawn: ids, consent: 'ConsentWithdrawn' };
}

/** Withdraws an item for somebody who has lost the secret and proved otherwise that it is theirs: for the controller's own hands. */
export function withdrawByHand(db: Database, key: CollectorKey, drive: string, id: string, now: Date): Promise<boolean> {
  return transaction(db, async (trx) => {
    const log = await lockLog(trx, drive);
    if (log === null) return false;
    const { numDeletedRows } = await trx.deleteFrom('submission').where('drive_id', '=', drive).where('id', '=', id).executeTakeFirst();
    if (numDeletedRows > 0n) await publish(trx, log, key.signerFor(drive), [id], now);
    return numDeletedRows > 0n;
  });
}

/** Adds ids to the public list: chained to the line before, signed, in the order given. */
async function publish(trx: Queries, log: LockedLog, signer: NoteSigner, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  const on = now.toISOString().slice(0, 10);
  let previous = log.lastWithdrawal;
  const rows = ids.map((id, index) => {
    const entry = signWithdrawal(log.drive, { seq: log.withdrawals + index, id: publicId(id), on, previous }, signer);
    const line = withdrawalLine(entry);
    previous = lineHash(line);
    return { seq: entry.seq, public_id: entry.id, line };
  });
  await sql`
    INSERT INTO withdrawal (drive_id, seq, public_id, line)
    SELECT ${log.drive}, * FROM unnest(${rows.map(({ seq }) => seq)}::bigint[], ${rows.map(({ public_id }) => public_id)}::text[], ${rows.map(({ line }) => line)}::text[])`.execute(trx);
  await trx.updateTable('log_state').set({ withdrawals: log.withdrawals + rows.length, last_withdrawal: previous }).where('drive_id', '=', log.drive).execute();
}
