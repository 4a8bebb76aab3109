/** The one way in: a batch of one drive in one transaction. Nothing is acknowledged before it has committed. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { sql, type Transaction } from 'kysely';
import { publicId } from '../../feedback/log/keys.ts';
import { PROBLEMS, type Receipt, type SubmissionOutcome } from '../../feedback/schema/index.ts';
import { appendLeaves, lockLog } from '../log/append.ts';
import { type CollectorKey } from '../log/key.ts';
import { transaction } from '../store/transaction.ts';
import { type Database, type Tables } from '../store/tables.ts';
import { type Accepted, decide, type Decision, type Known } from './decide.ts';
import { type Prepared } from './prepare.ts';
import { refuse } from './refusal.ts';

export interface IngestOptions {
  db: Database;
  key: CollectorKey;
  quota: number | null;
  now?: () => Date;
}

/**
 * Takes what may be taken.
 * @returns one outcome for each item, in order
 * @throws {StoreUnavailable} when the database stays away: nothing is known to be stored
 */
export function ingest({ db, key, quota, now = () => new Date() }: IngestOptions, drive: string, items: readonly Prepared[]): Promise<SubmissionOutcome[]> {
  return transaction(db, async (trx) => {
    const log = await lockLog(trx, drive);
    if (log === null) return items.map(({ submission }) => outcomeOf(submission.id, refuse('invalid', 'There is no such drive here.')));
    const at = now();
    const known: Known = { driveState: log.state, quota, ...(await read(trx, drive, items, quota !== null, at)) };
    const taken: { item: Prepared; index: number }[] = [];
    const decisions = items.map((item) => {
      const decision = decide(item, known, at);
      if (decision.ok && decision.kind === 'accept') {
        const { participant, id } = item.submission;
        const index = log.frontier.size + taken.length;
        taken.push({ item, index });
        known.accepted.set(id, { bodyHash: item.bodyHash, nonce: item.nonce, leafIndex: index, leafHash: bytesToHex(item.leaf), acceptedAt: at });
        known.sentToday.set(participant, (known.sentToday.get(participant) ?? 0) + 1);
      }
      return decision;
    });
    if (taken.length > 0) await insert(trx, drive, taken, at);
    const checkpoint = await appendLeaves(trx, log, taken.map(({ item }) => item.leaf), key.signerFor(drive));
    return items.map(({ submission }, index) => {
      const decision = decisions[index]!;
      return outcomeOf(submission.id, decision, decision.ok ? receiptOf(submission.id, drive, known.accepted.get(submission.id)!, checkpoint) : undefined);
    });
  });
}

const receiptOf = (id: string, drive: string, { acceptedAt, nonce, leafIndex, leafHash }: Accepted, checkpoint: string): Receipt => ({ id, drive, acceptedAt: acceptedAt.toISOString(), nonce, leafIndex, leafHash, checkpoint });

export function outcomeOf(id: string, decision: Decision, receipt?: Receipt): SubmissionOutcome {
  if (!decision.ok) return { outcome: 'refused', id, status: PROBLEMS[decision.problem], problem: decision.problem, detail: decision.detail };
  return { outcome: decision.kind === 'replay' ? 'replayed' : 'accepted', id, receipt: receipt! };
}

async function read(trx: Transaction<Tables>, drive: string, items: readonly Prepared[], countToday: boolean, now: Date): Promise<Pick<Known, 'accepted' | 'withdrawn' | 'consents' | 'sentToday'>> {
  const ids = items.map(({ submission }) => submission.id);
  const accepted = await sql<{ id: string; body_hash: string; nonce: string; leaf_index: number; leaf_hash: string; accepted_at: Date }>`
    SELECT id, body_hash, nonce, leaf_index, leaf_hash, accepted_at FROM submission WHERE drive_id = ${drive} AND id = ANY(${ids}::uuid[])`.execute(trx);
  const withdrawn = await sql<{ public_id: string }>`SELECT public_id FROM withdrawal WHERE drive_id = ${drive} AND public_id = ANY(${ids.map(publicId)}::text[])`.execute(trx);
  const consents = await sql<{ consent_id: string; participant: string; state: Tables['consent']['state']; purposes: Tables['consent']['purposes']; expires_at: Date }>`
    SELECT consent_id, participant, state, purposes, expires_at FROM consent WHERE drive_id = ${drive} AND consent_id = ANY(${[...new Set(items.map(({ submission }) => submission.consent))]}::uuid[])`.execute(trx);
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  const today = countToday
    ? await sql<{ participant: string; sent: number }>`
        SELECT participant, count(*) AS sent FROM submission WHERE drive_id = ${drive} AND participant = ANY(${[...new Set(items.map(({ submission }) => submission.participant))]}::uuid[]) AND accepted_at >= ${midnight} GROUP BY participant`.execute(trx)
    : { rows: [] };
  return {
    accepted: new Map(accepted.rows.map((row) => [row.id, { bodyHash: row.body_hash, nonce: row.nonce, leafIndex: row.leaf_index, leafHash: row.leaf_hash, acceptedAt: row.accepted_at }])),
    withdrawn: new Set(withdrawn.rows.map(({ public_id }) => public_id)),
    consents: new Map(consents.rows.map((row) => [row.consent_id, { participant: row.participant, state: row.state, purposes: row.purposes, expiresAt: row.expires_at }])),
    sentToday: new Map(today.rows.map(({ participant, sent }) => [participant, sent])),
  };
}

async function insert(trx: Transaction<Tables>, drive: string, taken: readonly { item: Prepared; index: number }[], at: Date): Promise<void> {
  const column = <T>(value: (item: Prepared, index: number) => T) => taken.map(({ item, index }) => value(item, index));
  const { numAffectedRows } = await sql`
    INSERT INTO submission (drive_id, id, consent_id, participant, deletion_key, record, body_hash, nonce, leaf_index, leaf_hash, accepted_at, blocked)
    SELECT ${drive}, id, consent_id, participant, deletion_key, record::jsonb, body_hash, nonce, leaf_index, leaf_hash, ${at}, blocked
    FROM unnest(
      ${column(({ submission }) => submission.id)}::uuid[], ${column(({ submission }) => submission.consent)}::uuid[], ${column(({ submission }) => submission.participant)}::uuid[],
      ${column(({ submission }) => submission.deletionKey)}::text[], ${column(({ canonical }) => canonical)}::text[], ${column(({ bodyHash }) => bodyHash)}::text[], ${column(({ nonce }) => nonce)}::text[],
      ${column((_, index) => index)}::bigint[], ${column(({ leaf }) => bytesToHex(leaf))}::text[], ${column(({ blocked }) => blocked)}::text[]
    ) AS item (id, consent_id, participant, deletion_key, record, body_hash, nonce, leaf_index, leaf_hash, blocked)
    ON CONFLICT DO NOTHING`.execute(trx);
  // The drive's row was locked before we looked, so no id can have come in between; if one did, the log would lie.
  if (numAffectedRows !== BigInt(taken.length)) throw new Error('A submission appeared while its drive was locked.');
}
