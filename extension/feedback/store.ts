/** The outbox as the extension's own pages use it: they write, the background script sends. */
import { openDatabase, DATABASE, type Database } from '../../feedback/outbox/database.ts';
import { view } from '../../feedback/outbox/outbox.ts';
import type { OutboxView } from '../../feedback/outbox/types.ts';
import { sendToBackground } from '../background-client.ts';

/** Told to every context of the extension after each change. */
const CHANNEL = 'attune-outbox';

export const EMPTY_OUTBOX: OutboxView = { memberships: [], items: [], paused: false, waiting: null, pending: 0 };

/** Whether anything was ever stored. Looking must not create an empty database: who declines leaves no trace. */
async function exists(): Promise<boolean> {
  return (await indexedDB.databases()).some(({ name }) => name === DATABASE);
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase();
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

export async function readOutbox(): Promise<OutboxView> {
  return (await exists()) ? withDatabase(view) : EMPTY_OUTBOX;
}

/** Changes something, tells the other pages, and has the background script send what there is to send. */
export async function changeOutbox(work: (database: Database) => Promise<void>): Promise<void> {
  await withDatabase(work);
  announceOutbox();
  // When the message is lost the alarm or the next start will see to it: it is stored.
  await sendToBackground({ to: 'background', type: 'outbox' }).catch(() => undefined);
}

/** For the background script: sends if there is anything, and says what came of it. */
export async function ifOutbox<T>(work: (database: Database) => Promise<T>): Promise<T | null> {
  return (await exists()) ? withDatabase(work) : null;
}

export function announceOutbox(): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(null);
  channel.close();
}

export function watchOutbox(listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}

/** Deletes the whole database; secrets and receipts with it. */
export async function deleteOutbox(): Promise<void> {
  if (!(await exists())) return;
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(DATABASE);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('The database could not be deleted.'));
  });
  announceOutbox();
}
