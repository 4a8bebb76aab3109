/** The reading half of a drive's log: checkpoints and proofs at any size it ever had, from a few hundred stored hashes. */
import { sql } from 'kysely';
import { append, consistencyPath, EMPTY_FRONTIER, inclusionPath, type LeafRange, nodeHash, root } from '../../feedback/log/merkle.ts';
import { toBase64 } from '../../feedback/log/note.ts';
import { type LogProof } from '../../feedback/schema/index.ts';
import { OperatorError } from '../operator-error.ts';
import { type Queries } from '../store/tables.ts';
import { cut, NODE_LEVELS } from './append.ts';

/** The newest checkpoint and size of a drive's log, or null where there is no such drive. */
export async function readLog(db: Queries, drive: string): Promise<{ checkpoint: string; size: number } | null> {
  return (await db.selectFrom('log_state').select(['checkpoint', 'size']).where('drive_id', '=', drive).executeTakeFirst()) ?? null;
}

/** Proof that leaf `index` is in the tree of `size` leaves. @throws {RangeError} where it cannot be */
export async function proveInclusion(db: Queries, drive: string, index: number, size: number): Promise<LogProof> {
  return { size, hashes: await rangeRoots(db, drive, inclusionPath(index, size)) };
}

/** Proof that the tree of `to` leaves begins with that of `from`. @throws {RangeError} where it cannot */
export async function proveConsistency(db: Queries, drive: string, from: number, to: number): Promise<LogProof> {
  return { size: to, hashes: await rangeRoots(db, drive, consistencyPath(from, to)) };
}

async function rangeRoots(db: Queries, drive: string, ranges: readonly LeafRange[]): Promise<string[]> {
  const roots: string[] = [];
  for (const range of ranges) roots.push(toBase64(await rangeRoot(db, drive, range)));
  return roots;
}

/** A full subtree's root in a stack that is folded like a frontier. */
interface Piece {
  level: number;
  hash: Uint8Array;
}

/** Root over a range of leaves that begins where a subtree of at least its size does, as ranges of proofs do. */
export async function rangeRoot(db: Queries, drive: string, { start, end }: LeafRange): Promise<Uint8Array> {
  const stack: Piece[] = [];
  const push = (level: number, hashes: readonly Uint8Array[]) => {
    for (const hash of hashes) {
      let piece = { level, hash };
      while (stack.at(-1)?.level === piece.level) piece = { level: piece.level + 1, hash: nodeHash(stack.pop()!.hash, piece.hash) };
      stack.push(piece);
    }
  };
  let at = start;
  for (const level of [...NODE_LEVELS].reverse()) {
    const width = 2 ** level;
    const upTo = Math.floor(end / width);
    if (at % width !== 0 || upTo * width <= at) continue;
    push(level, await nodes(db, drive, level, at / width, upTo));
    at = upTo * width;
  }
  if (at < end) push(0, await leaves(db, drive, at, end));
  return stack.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
}

async function nodes(db: Queries, drive: string, level: number, from: number, to: number): Promise<Uint8Array[]> {
  const rows = await db.selectFrom('log_node').select('hash').where('drive_id', '=', drive).where('level', '=', level).where('position', '>=', from).where('position', '<', to).orderBy('position').execute();
  if (rows.length !== to - from) throw new LogDamaged(drive, `${to - from - rows.length} inner nodes of level ${level} are missing`);
  return rows.map(({ hash }) => Uint8Array.from(hash));
}

async function leaves(db: Queries, drive: string, from: number, to: number): Promise<Uint8Array[]> {
  const { rows } = await sql<{ first_index: number; hashes: Buffer }>`
    SELECT first_index, hashes FROM log_leaf WHERE drive_id = ${drive} AND first_index < ${to}
      AND first_index >= (SELECT max(first_index) FROM log_leaf WHERE drive_id = ${drive} AND first_index <= ${from}) ORDER BY first_index`.execute(db);
  const first = rows[0];
  const all = cut(Buffer.concat(rows.map(({ hashes }) => hashes)));
  if (first === undefined || all.length < to - first.first_index) throw new LogDamaged(drive, 'leaves are missing');
  return all.slice(from - first.first_index, to - first.first_index);
}

/** The hashes of some leaves; those that are near each other are read together. */
export async function leavesAt(db: Queries, drive: string, indexes: readonly number[]): Promise<Map<number, Uint8Array>> {
  const GAP = 1000;
  const found = new Map<number, Uint8Array>();
  const sorted = [...indexes].sort((a, b) => a - b);
  for (let at = 0; at < sorted.length; ) {
    let last = at;
    while (last + 1 < sorted.length && sorted[last + 1]! - sorted[last]! < GAP) last++;
    const first = sorted[at]!;
    (await leaves(db, drive, first, sorted[last]! + 1)).forEach((hash, offset) => found.set(first + offset, hash));
    at = last + 1;
  }
  return found;
}

export class LogDamaged extends OperatorError {
  override name = 'LogDamaged';
  constructor(drive: string, what: string) {
    super(`The log of drive ${drive} is damaged: ${what}. Restore the last backup and run "attune collector doctor".`);
  }
}

/** The root of the whole log from its leaves alone: what a checkpoint must say. Reads every leaf, in runs. */
export async function recomputeRoot(db: Queries, drive: string): Promise<{ size: number; root: Uint8Array }> {
  let frontier = EMPTY_FRONTIER;
  const RUNS = 2000;
  for (;;) {
    const rows = await db.selectFrom('log_leaf').selectAll().where('drive_id', '=', drive).where('first_index', '>=', frontier.size).orderBy('first_index').limit(RUNS).execute();
    for (const { first_index, hashes } of rows) {
      if (first_index !== frontier.size) throw new LogDamaged(drive, `the leaves before ${first_index} are missing`);
      frontier = append(frontier, cut(hashes));
    }
    if (rows.length < RUNS) return { size: frontier.size, root: root(frontier) };
  }
}
