/**
 * The outbox: everything that the reader has decided to send, until it has arrived. Any number of contexts may use it at once;
 * one of them sends at a time (see send.ts). Each function here is one transaction, so a crash leaves before or after, never between.
 */
import { canonicalBytes } from '../log/keys.ts';
import { submission as submissionSchema, type Submission } from '../schema/submission.ts';
import type { ConsentRequest } from '../schema/consent.ts';
import type { Demographics } from '../client/client.ts';
import { change, type Database, type Transaction } from './database.ts';
import type { Item, Job, Membership, OutboxView, Waiting } from './types.ts';

export const membershipKey = (collector: string, drive: string): string => `${collector} ${drive}`;

/** The bytes that are previewed, kept, sent and hashed. */
export function recordOf(submission: Submission): string {
  return new TextDecoder().decode(canonicalBytes(submission));
}

export function submissionOf(item: Item): Submission | null {
  return item.record === null ? null : submissionSchema.parse(JSON.parse(item.record));
}

export async function view(database: Database): Promise<OutboxView> {
  const transaction = database.transaction(['items', 'memberships', 'jobs', 'state']);
  const [items, memberships, pending, paused, waiting] = await Promise.all([
    transaction.objectStore('items').getAll(),
    transaction.objectStore('memberships').getAll(),
    transaction.objectStore('jobs').count(),
    transaction.objectStore('state').get('paused'),
    transaction.objectStore('state').get('waiting'),
    transaction.done,
  ]);
  return { items: items.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)), memberships, pending, paused: paused === true, waiting: (waiting as Waiting | undefined) ?? null };
}

/** Remembers a consent and queues it, before anything that is given under it. */
export async function giveConsent(database: Database, membership: Membership, demographics: Demographics['demographics'] | null): Promise<void> {
  const { request } = membership.consent;
  await change(database, async (tx) => {
    await tx.objectStore('memberships').put({ ...membership, consent: { request, status: { type: 'queued' } }, demographics });
    await tx.objectStore('jobs').add({ collector: membership.collector, kind: 'consent', membership: membership.key, request });
    if (demographics !== null) await tx.objectStore('jobs').add({ collector: membership.collector, kind: 'demographics', request: demographicsRequest(membership, request, demographics) });
    await tx.objectStore('state').delete('waiting');
  });
}

function demographicsRequest({ info, participant, secret }: Membership, { id }: ConsentRequest, demographics: Demographics['demographics']): Demographics {
  return { drive: info.id, participant, consent: id, secret, demographics };
}

/**
 * Takes a record in. Once this resolves it is on the disk and will be sent, whatever happens to the browser.
 * @throws {z.ZodError} when it does not fit the contract: nothing was stored
 */
export async function submit(database: Database, collector: string, record: Submission, now: number): Promise<void> {
  const { id, drive, consent } = submissionSchema.parse(record);
  await change(database, async (tx) => {
    // The same press of the button may come twice: from a page that was loaded again after a crash.
    if ((await tx.objectStore('items').get(id)) !== undefined) return;
    await tx.objectStore('items').add({ id, collector, drive, consent, createdAt: now, record: recordOf(record), state: { type: 'queued', attempts: 0 } });
    await tx.objectStore('jobs').add({ collector, kind: 'submission', id, consent });
  });
}

/** Withdraws one item: at once where it never left, otherwise with a job that outlives crashes. */
export function withdrawItem(database: Database, id: string, now: number): Promise<void> {
  return change(database, (tx) => withdrawWithin(tx, id, now));
}

async function withdrawWithin(tx: Transaction, id: string, now: number): Promise<void> {
  const item = await tx.objectStore('items').get(id);
  if (item === undefined || item.state.type === 'withdrawn' || item.state.type === 'withdrawing') return;
  await dropJobs(tx, (job) => job.kind === 'submission' && job.id === id);
  const membership = await tx.objectStore('memberships').get(membershipKey(item.collector, item.drive));
  if (!mayHaveArrived(item) || membership === undefined) {
    await tx.objectStore('items').delete(id);
    return;
  }
  const receipt = item.state.type === 'delivered' ? item.state.receipt : null;
  await tx.objectStore('items').put({ ...item, record: null, state: { type: 'withdrawing', at: now, receipt } });
  await tx.objectStore('jobs').add({ collector: item.collector, kind: 'withdrawal', request: { what: 'submission', drive: item.drive, id, secret: membership.secret } });
  await tx.objectStore('state').delete('waiting');
}

/** A lost answer may belong to a record that was stored. */
function mayHaveArrived({ state }: Item): boolean {
  switch (state.type) {
    case 'queued':
      return state.attempts > 0;
    case 'refused':
      return state.problem === 'mismatch';
    default:
      return true;
  }
}

/** Withdraws the consent and everything given under it. The queue is emptied first: from here on nothing of it is sent. */
export async function withdrawEverything(database: Database, key: string, now: number): Promise<void> {
  await change(database, async (tx) => {
    const membership = await tx.objectStore('memberships').get(key);
    if (membership === undefined) return;
    const { collector, info, participant, secret, consent } = membership;
    const items = (await tx.objectStore('items').getAll()).filter((item) => item.collector === collector && item.drive === info.id);
    const unsent = await dropJobs(tx, (job) => (job.kind === 'submission' ? items.some(({ id }) => id === job.id) : job.kind === 'consent' ? job.membership === key : job.kind === 'demographics' ? job.request.participant === participant : job.collector === collector && job.request.drive === info.id && job.request.what === 'submission'));
    const attempted = (await tx.objectStore('state').get(`attempted ${consent.request.id}`)) === true;
    const known = attempted || consent.status.type !== 'queued' || consent.request.replaces !== undefined || items.some(mayHaveArrived) || !unsent.some((job) => job.kind === 'consent');
    for (const item of items) {
      if (item.state.type === 'withdrawn') continue;
      if (known && mayHaveArrived(item)) await tx.objectStore('items').put({ ...item, record: null, state: { type: 'withdrawing', at: now, receipt: item.state.type === 'delivered' ? item.state.receipt : null } });
      else await tx.objectStore('items').delete(item.id);
    }
    await tx.objectStore('memberships').delete(key);
    if (known) await tx.objectStore('jobs').add({ collector, kind: 'withdrawal', request: { what: 'everything', drive: info.id, participant, secret } });
    await tx.objectStore('state').delete('waiting');
  });
}

async function dropJobs(tx: Transaction, which: (job: Job) => boolean): Promise<Job[]> {
  const dropped: Job[] = [];
  for (const job of await tx.objectStore('jobs').getAll()) {
    if (!which(job)) continue;
    dropped.push(job);
    await tx.objectStore('jobs').delete(job.seq!);
  }
  return dropped;
}

/** Holds submissions back; withdrawals go on. */
export async function setPaused(database: Database, paused: boolean): Promise<void> {
  await change(database, (tx) => tx.objectStore('state').put(paused, 'paused'));
}

/** Forgets the waiting time, and gives what was refused another chance with the same bytes. */
export async function retry(database: Database, id?: string): Promise<void> {
  await change(database, async (tx) => {
    await tx.objectStore('state').delete('waiting');
    const item = id === undefined ? undefined : await tx.objectStore('items').get(id);
    if (item?.state.type !== 'refused') return;
    await tx.objectStore('items').put({ ...item, state: { type: 'queued', attempts: 1 } });
    await tx.objectStore('jobs').add({ collector: item.collector, kind: 'submission', id: item.id, consent: item.consent });
  });
}

/** Takes the traces of withdrawn and refused items out of the list. */
export async function forget(database: Database, id: string): Promise<void> {
  await change(database, async (tx) => {
    const item = await tx.objectStore('items').get(id);
    if (item?.state.type === 'withdrawn') await tx.objectStore('items').delete(id);
  });
}
