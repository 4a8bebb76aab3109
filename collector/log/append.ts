/** The writing half of a drive's log: its locked row, appended leaves, and the checkpoint that signs the result. */
import { sql } from 'kysely';
import { append, EMPTY_FRONTIER, type Frontier, root } from '../../feedback/log/merkle.ts';
import { formatCheckpoint, type NoteSigner, signNote } from '../../feedback/log/note.ts';
import { FIRST_PREVIOUS } from '../../feedback/log/withdrawals.ts';
import { type DriveSettings, type Queries } from '../store/tables.ts';

const HASH_BYTES = 32;
/** Roots of full subtrees of 256, 65 536 and 16 777 216 leaves are kept. */
export const NODE_LEVELS = [8, 16, 24] as const;

/** A drive's log while its row is locked: nobody else can write to the drive until the transaction ends. */
export interface LockedLog {
  drive: string;
  state: 'open' | 'closed';
  settings: DriveSettings;
  frontier: Frontier;
  checkpoint: string;
  withdrawals: number;
  lastWithdrawal: string;
}

/** Locks a drive for writing; null where there is no such drive. */
export async function lockLog(trx: Queries, drive: string): Promise<LockedLog | null> {
  // The drive's own row may be as it was when the wait for the lock began: closing a drive lets those in who were at the door.
  const { rows } = await sql<{ size: number; frontier: Buffer; checkpoint: string; withdrawals: number; last_withdrawal: string; state: 'open' | 'closed'; settings: DriveSettings }>`
    SELECT l.size, l.frontier, l.checkpoint, l.withdrawals, l.last_withdrawal, d.state, d.settings
    FROM log_state l JOIN drive d ON d.drive_id = l.drive_id WHERE l.drive_id = ${drive} FOR UPDATE OF l`.execute(trx);
  const row = rows[0];
  if (row === undefined) return null;
  return { drive, state: row.state, settings: row.settings, frontier: { size: row.size, nodes: cut(row.frontier) }, checkpoint: row.checkpoint, withdrawals: row.withdrawals, lastWithdrawal: row.last_withdrawal };
}

/** Bytes as the hashes they consist of. */
export function cut(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) => Uint8Array.from(bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)));
}

const checkpointOf = (frontier: Frontier, signer: NoteSigner) => signNote(formatCheckpoint({ origin: signer.name, size: frontier.size, root: root(frontier) }), signer);

/** Makes the log of a new drive; does nothing where there is one. */
export async function createLog(trx: Queries, drive: string, signer: NoteSigner): Promise<void> {
  await trx
    .insertInto('log_state')
    .values({ drive_id: drive, size: 0, frontier: Buffer.alloc(0), checkpoint: checkpointOf(EMPTY_FRONTIER, signer), withdrawals: 0, last_withdrawal: FIRST_PREVIOUS })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Appends leaf hashes to a locked log and signs the new root.
 * @returns the new checkpoint
 */
export async function appendLeaves(trx: Queries, log: LockedLog, leaves: readonly Uint8Array[], signer: NoteSigner): Promise<string> {
  if (leaves.length === 0) return log.checkpoint;
  const nodes: { drive_id: string; level: number; position: number; hash: Buffer }[] = [];
  const frontier = append(log.frontier, leaves, ({ level, index, hash }) => {
    if ((NODE_LEVELS as readonly number[]).includes(level)) nodes.push({ drive_id: log.drive, level, position: index, hash: Buffer.from(hash) });
  });
  const checkpoint = checkpointOf(frontier, signer);
  if (nodes.length > 0) await trx.insertInto('log_node').values(nodes).execute();
  // In one round trip: the drive is locked meanwhile.
  await sql`
    WITH leaf AS (INSERT INTO log_leaf (drive_id, first_index, hashes) VALUES (${log.drive}, ${log.frontier.size}, ${Buffer.concat(leaves)}))
    UPDATE log_state SET size = ${frontier.size}, frontier = ${Buffer.concat(frontier.nodes)}, checkpoint = ${checkpoint} WHERE drive_id = ${log.drive}`.execute(trx);
  return checkpoint;
}
