/** Where the outbox lives: IndexedDB in the extension's own origin, written to the disk before anything is called stored. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Item, Job, Membership } from './types.ts';

export const DATABASE = 'attune-feedback';
const VERSION = 1;

export interface Schema extends DBSchema {
  items: { key: string; value: Item };
  memberships: { key: string; value: Membership };
  jobs: { key: number; value: Job };
  /** `paused`: boolean, `waiting`: {@link Waiting} */
  state: { key: string; value: unknown };
}
export type Database = IDBPDatabase<Schema>;
export type Stores = ('items' | 'memberships' | 'jobs' | 'state')[];
export type Transaction = IDBPTransaction<Schema, Stores, 'readwrite'>;

export const STORES: Stores = ['items', 'memberships', 'jobs', 'state'];

/** @throws {DOMException} where the browser gives no storage (private windows of some, a full disk) */
export function openDatabase(name = DATABASE): Promise<Database> {
  return openDB<Schema>(name, VERSION, {
    upgrade(database) {
      database.createObjectStore('items', { keyPath: 'id' });
      database.createObjectStore('memberships', { keyPath: 'key' });
      database.createObjectStore('jobs', { keyPath: 'seq', autoIncrement: true });
      database.createObjectStore('state');
    },
    // Another context wants to delete or upgrade: make room.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

/** All of it or nothing; resolves when it is on the disk. */
export async function change<T>(database: Database, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const transaction = database.transaction(STORES, 'readwrite', { durability: 'strict' });
  try {
    const result = await work(transaction);
    await transaction.done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    await transaction.done.catch(() => undefined);
    throw error;
  }
}
