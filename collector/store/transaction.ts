/** Transactions that are tried again when the database says so, or goes away and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Transaction } from 'kysely';
import { type Database, type Tables } from './tables.ts';

/** The database did not answer for longer than a request may wait. Nothing is known to be stored. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
  constructor(cause: unknown) {
    super('The database cannot be reached at the moment. Try again shortly.', { cause });
  }
}

/** PostgreSQL's codes for "try the same transaction again": serialization failure, deadlock. */
const CONFLICTS = new Set(['40001', '40P01']);
/** Classes 08 (connection) and 57P (operator intervention: shutting down, starting up), and too many connections. */
const AWAY = /^(?:08|57P|53300)/;
const SOCKET = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const LOST = /connection terminated|client has encountered a connection error|timeout exceeded when trying to connect|Connection ended/i;

type Fault = 'conflict' | 'away' | 'other';

/** What an error of the driver means for us. */
export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (CONFLICTS.has(code)) return 'conflict';
  if (AWAY.test(code) || SOCKET.has(code) || LOST.test(error.message)) return 'away';
  return error.cause === undefined ? 'other' : faultOf(error.cause);
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
export const PATIENCE_MS = 4000;

/**
 * Runs work that may be repeated from the start: its effect must be the same when it has happened before, because a
 * connection can be lost after the database has committed and before we hear of it.
 * @throws {StoreUnavailable} when the database stays away for longer than `patience`
 */
export async function repeatable<T>(work: () => Promise<T>, patience = PATIENCE_MS): Promise<T> {
  const end = performance.now() + patience;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await work();
    } catch (error) {
      if (faultOf(error) === 'other') throw error;
      if (performance.now() + pause > end) throw new StoreUnavailable(error);
      await sleep(pause * (0.5 + Math.random()));
    }
  }
}

/** A repeatable transaction. */
export function transaction<T>(db: Database, work: (trx: Transaction<Tables>) => Promise<T>, patience?: number): Promise<T> {
  return repeatable(() => db.transaction().execute(work), patience);
}
