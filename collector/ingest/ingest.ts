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
  const consentIds = [...new Set(items.map(({ submission }) => submission.consent))];
  const participants = countToday ? [...new Set(items.map(({ submission }) => submission.participant))] : [];
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  // Four questions in one round trip, because everybody else waits for this drive; after the lock, so that the answers are of now.
  const { rows } = await sql<Found>`
    SELECT
      (SELECT json_agg(json_build_array(id, body_hash, nonce, leaf_index, leaf_hash, accepted_at)) FROM submission WHERE drive_id = ${drive} AND id = ANY(${ids}::uuid[])) AS accepted,
      (SELECT json_agg(public_id) FROM withdrawal WHERE drive_id = ${drive} AND public_id = ANY(${ids.map(publicId)}::text[])) AS withdrawn,
      (SELECT json_agg(json_build_array(consent_id, participant, state, purposes, expires_at)) FROM consent WHERE drive_id = ${drive} AND consent_id = ANY(${consentIds}::uuid[])) AS consents,
      (SELECT json_agg(json_build_array(participant, sent)) FROM (SELECT participant, count(*) AS sent FROM submission WHERE drive_id = ${drive} AND participant = ANY(${participants}::uuid[]) AND accepted_at >= ${midnight} GROUP BY participant) counted) AS today`.execute(trx);
  const { accepted, withdrawn, consents, today } = rows[0]!;
  return {
    accepted: new Map((accepted ?? []).map(([id, bodyHash, nonce, leafIndex, leafHash, acceptedAt]) => [id, { bodyHash, nonce, leafIndex, leafHash, acceptedAt: new Date(acceptedAt) }])),
    withdrawn: new Set(withdrawn),
    consents: new Map((consents ?? []).map(([id, participant, state, purposes, expiresAt]) => [id, { participant, state, purposes, expiresAt: new Date(expiresAt) }])),
    sentToday: new Map(today),
  };
}

interface Found {
  accepted: [id: string, bodyHash: string, nonce: string, leafIndex: number, leafHash: string, acceptedAt: string][] | null;
  withdrawn: string[] | null;
  consents: [id: string, participant: string, state: Tables['consent']['state'], purposes: Tables['consent']['purposes'], expiresAt: string][] | null;
  today: [participant: string, sent: number][] | null;
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
