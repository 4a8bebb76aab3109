/** Whether what is stored and what was signed are the same: run at each start (quick) and by `collector doctor` (whole). */
import { leafData } from '../../feedback/log/keys.ts';
import { leafHash, sameBytes } from '../../feedback/log/merkle.ts';
import { formatLogKey } from '../../feedback/log/note.ts';
import { openCheckpoint } from '../../feedback/log/receipt.ts';
import { verifyWithdrawals } from '../../feedback/log/withdrawals.ts';
import { withdrawals } from '../store/release-source.ts';
import { type Database } from '../store/tables.ts';
import { type CollectorKey, KeyError } from './key.ts';
import { leavesAt, recomputeRoot } from './proofs.ts';

/** The logs of a database must have been signed by this key and under this name. @throws {KeyError} */
export async function checkKey(db: Database, key: CollectorKey): Promise<void> {
  for (const { drive_id, checkpoint } of await db.selectFrom('log_state').select(['drive_id', 'checkpoint']).execute()) {
    const opened = openCheckpoint(checkpoint, formatLogKey(key.signerFor(drive_id)), drive_id);
    if (!opened.ok) throw new KeyError(`The log of drive ${drive_id} was signed by another key or under another name (${opened.problem}; it begins with "${checkpoint.split('\n')[0] ?? ''}", and this key signs as "${key.name}/…"). Give the collector the key and the name that it had before, or an empty database.`);
  }
}

/** Faults of a drive's log, in words; empty where all is right. Reads every leaf and every withdrawal. */
export async function examineLog(db: Database, drive: string, key: CollectorKey): Promise<string[]> {
  const faults: string[] = [];
  const logKey = formatLogKey(key.signerFor(drive));
  const row = await db.selectFrom('log_state').selectAll().where('drive_id', '=', drive).executeTakeFirstOrThrow();
  const opened = openCheckpoint(row.checkpoint, logKey, drive);
  if (!opened.ok) faults.push(`the checkpoint is not to be believed: ${opened.problem}`);
  else {
    const { size, root } = await recomputeRoot(db, drive);
    if (size !== opened.checkpoint.size) faults.push(`the checkpoint speaks of ${opened.checkpoint.size} leaves, ${size} are stored`);
    else if (!sameBytes(root, opened.checkpoint.root)) faults.push('the stored leaves do not give the root that was signed');
  }
  faults.push(...(await examineSubmissions(db, drive)), ...(await examineWithdrawals(db, drive, logKey, row.withdrawals)));
  return faults;
}

const PAGE = 1000;

/** Every stored record must still be what its leaf says. */
async function examineSubmissions(db: Database, drive: string): Promise<string[]> {
  const faults: string[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await db.selectFrom('submission').select(['id', 'record', 'nonce', 'leaf_index', 'leaf_hash']).where('drive_id', '=', drive).where('id', '>', after).orderBy('id').limit(PAGE).execute();
    // Ids and leaves grow together, so a page of ids is nearly a range of leaves.
    const logged = await leavesAt(db, drive, rows.map(({ leaf_index }) => leaf_index));
    for (const { id, record, nonce, leaf_index, leaf_hash } of rows) {
      const expected = Buffer.from(leafHash(leafData(nonce, record))).toString('hex');
      if (expected !== leaf_hash) faults.push(`submission ${id} is not what was logged`);
      else if (Buffer.from(logged.get(leaf_index) ?? []).toString('hex') !== leaf_hash) faults.push(`leaf ${leaf_index} in the log is not that of submission ${id}`);
    }
    if (rows.length < PAGE) return faults;
    after = rows.at(-1)!.id;
  }
}

async function examineWithdrawals(db: Database, drive: string, logKey: string, count: number): Promise<string[]> {
  let text = '';
  for await (const line of withdrawals(db, drive)) text += `${line}\n`;
  const check = verifyWithdrawals(text, drive, logKey);
  if (!check.ok) return [`line ${check.line} of the withdrawals list: ${check.problem}`];
  return check.entries.length === count ? [] : [`${count} withdrawals were counted, ${check.entries.length} are listed`];
}
