/**
 * Sending what is in the outbox. Jobs go in their order, submissions in batches; whatever happens on the way, each has exactly
 * one effect at the collector: it knows ids that it has seen, and we send the same bytes until we know its answer.
 */
import type { CollectorClient, Reply } from '../client/client.ts';
import { verifyReceipt } from '../log/receipt.ts';
import { LARGEST_BATCH, LARGEST_BODY, type SubmissionOutcome } from '../schema/api.ts';
import { change, type Database, type Transaction } from './database.ts';
import { membershipKey, submissionOf } from './outbox.ts';
import type { Item, Job, Waiting } from './types.ts';

export interface SendOptions {
  readonly database: Database;
  readonly client: CollectorClient;
  /** The origin that `client` talks to; what is for another one stays where it is. */
  readonly collector: string;
  readonly now: () => number;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** `done`: nothing is left; `paused`: only withdrawals were sent; `waiting`: the collector could not be reached. */
export type SendResult = { readonly type: 'done' } | { readonly type: 'paused' } | { readonly type: 'waiting'; readonly until: number };

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 6 * 60 * 60_000;

/** Exponential with full jitter in its upper half, so that thousands of readers do not come back in the same second. */
export function waitFor(attempts: number, random: number): number {
  const full = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MS);
  return Math.round(full / 2 + (full / 2) * random);
}

/**
 * Sends what can be sent. The caller makes sure that nobody else does so at the same time.
 * @returns when it is worth coming again
 */
export async function sendAll(options: SendOptions): Promise<SendResult> {
  const { database, now, signal } = options;
  await recover(database);
  const waiting = (await database.get('state', 'waiting')) as Waiting | undefined;
  if (waiting !== undefined && waiting.until > now()) return { type: 'waiting', until: waiting.until };
  for (;;) {
    signal.throwIfAborted();
    const jobs = (await database.getAll('jobs')).filter((job) => job.collector === options.collector);
    const paused = (await database.get('state', 'paused')) === true;
    const job = paused ? jobs.find(({ kind }) => kind === 'withdrawal') : jobs[0];
    if (job === undefined) return { type: jobs.length > 0 ? 'paused' : 'done' };
    const reply = await sendJob(job, jobs, options);
    if (reply.type !== 'later') {
      await change(database, (tx) => tx.objectStore('state').delete('waiting'));
      continue;
    }
    return { type: 'waiting', until: await wait(options, reply) };
  }
}

/** What was being sent when the browser ended is queued again. */
async function recover(database: Database): Promise<void> {
  await change(database, async (tx) => {
    for (const item of await tx.objectStore('items').getAll()) if (item.state.type === 'sending') await tx.objectStore('items').put({ ...item, state: { type: 'queued', attempts: item.state.attempts } });
  });
}

async function wait({ database, now, random }: SendOptions, { reason, afterMs }: Extract<Reply<never>, { type: 'later' }>): Promise<number> {
  return change(database, async (tx) => {
    const before = (await tx.objectStore('state').get('waiting')) as Waiting | undefined;
    const attempts = (before?.attempts ?? 0) + 1;
    const until = now() + Math.max(waitFor(attempts - 1, random()), afterMs ?? 0);
    await tx.objectStore('state').put({ attempts, until, reason } satisfies Waiting, 'waiting');
    return until;
  });
}

async function sendJob(job: Job, jobs: readonly Job[], options: SendOptions): Promise<Reply<unknown>> {
  switch (job.kind) {
    case 'consent':
      return sendConsent(job, options);
    case 'demographics':
      return sendDemographics(job, options);
    case 'submission':
      return sendBatch(jobs, options);
    case 'withdrawal':
      return sendWithdrawal(job, options);
  }
}

async function sendConsent(job: Extract<Job, { kind: 'consent' }>, { database, client, now, signal }: SendOptions): Promise<Reply<unknown>> {
  // Should the answer be lost, a withdrawal must know that the consent may have arrived.
  await change(database, (tx) => tx.objectStore('state').put(true, `attempted ${job.request.id}`));
  const reply = await client.giveConsent(job.request, signal);
  if (reply.type === 'later') return reply;
  await change(database, async (tx) => {
    await tx.objectStore('jobs').delete(job.seq!);
    const membership = await tx.objectStore('memberships').get(job.membership);
    if (membership?.consent.request.id !== job.request.id) return;
    const status = reply.type === 'ok' ? ({ type: 'given', at: now(), receipt: reply.value.receipt } as const) : ({ type: 'refused', at: now(), problem: reply.problem, detail: reply.detail } as const);
    await tx.objectStore('memberships').put({ ...membership, consent: { request: job.request, status } });
    if (reply.type === 'refused') await refuseUnder(tx, job.request.id, reply, now());
  });
  return reply;
}

/** Without the consent nothing under it can arrive: it is refused here, with the reason, instead of waiting for ever. */
async function refuseUnder(tx: Transaction, consent: string, { problem, detail }: Extract<Reply<never>, { type: 'refused' }>, at: number): Promise<void> {
  for (const job of await tx.objectStore('jobs').getAll()) {
    if (job.kind === 'demographics' && job.request.consent === consent) await tx.objectStore('jobs').delete(job.seq!);
    if (job.kind !== 'submission' || job.consent !== consent) continue;
    await tx.objectStore('jobs').delete(job.seq!);
    const item = await tx.objectStore('items').get(job.id);
    if (item) await tx.objectStore('items').put({ ...item, state: { type: 'refused', at, problem, detail } });
  }
}

async function sendDemographics(job: Extract<Job, { kind: 'demographics' }>, { database, client, signal }: SendOptions): Promise<Reply<unknown>> {
  const reply = await client.putDemographics(job.request, signal);
  if (reply.type !== 'later') {
    await change(database, async (tx) => {
      await tx.objectStore('jobs').delete(job.seq!);
      const membership = (await tx.objectStore('memberships').getAll()).find(({ participant }) => participant === job.request.participant);
      if (reply.type === 'refused' && membership) await tx.objectStore('memberships').put({ ...membership, demographics: null });
    });
  }
  return reply;
}

async function sendWithdrawal(job: Extract<Job, { kind: 'withdrawal' }>, { database, client, now, signal }: SendOptions): Promise<Reply<unknown>> {
  const reply = await client.withdraw(job.request, signal);
  if (reply.type === 'later') return reply;
  // "Unknown" means that there is nothing to withdraw: it never arrived, or is gone already. Any other refusal is worth another try.
  if (reply.type === 'refused' && reply.problem !== 'unknown') return { type: 'later', reason: reply.detail, afterMs: null };
  const { request } = job;
  await change(database, async (tx) => {
    await tx.objectStore('jobs').delete(job.seq!);
    for (const item of await tx.objectStore('items').getAll()) {
      if (item.state.type !== 'withdrawing') continue;
      const meant = item.collector === job.collector && (request.what === 'submission' ? item.id === request.id : item.drive === request.drive);
      if (meant) await tx.objectStore('items').put({ ...item, record: null, state: { type: 'withdrawn', at: now() } });
    }
  });
  return reply;
}

/** The submissions at the head of the queue, as many as one request takes. */
async function sendBatch(jobs: readonly Job[], options: SendOptions): Promise<Reply<unknown>> {
  const { database, client, signal, now } = options;
  const batch = await takeBatch(database, jobs);
  if (batch.length === 0) return { type: 'ok', value: null };
  const reply = await client.submit(batch.map(({ record }) => record!), signal);
  switch (reply.type) {
    case 'ok': {
      const byId = new Map(reply.value.map((outcome) => [outcome.id, outcome]));
      const missing = batch.some(({ id }) => !byId.has(id));
      const tooMany = reply.value.find((outcome) => outcome.outcome === 'refused' && outcome.problem === 'too-many');
      await change(database, async (tx) => {
        for (const { id } of batch) {
          const outcome = byId.get(id);
          if (outcome && !isTooMany(outcome)) await settle(tx, id, outcome, now());
          else await backToQueue(tx, id);
        }
      });
      if (tooMany?.outcome === 'refused') return { type: 'later', reason: tooMany.detail, afterMs: untilTomorrow(now()) };
      return missing ? { type: 'later', reason: 'The collector left some of it unanswered.', afterMs: null } : reply;
    }
    case 'refused': {
      // The whole request was refused: alone, each item gets an answer of its own.
      if (batch.length > 1) {
        await change(database, async (tx) => {
          for (const { id } of batch) await backToQueue(tx, id);
        });
        return sendOneByOne(batch, options);
      }
      await change(database, (tx) => refuseItem(tx, batch[0]!.id, reply, now()));
      return reply;
    }
    case 'later':
      await change(database, async (tx) => {
        for (const { id } of batch) await backToQueue(tx, id);
      });
      return reply;
  }
}

async function sendOneByOne(batch: readonly Item[], options: SendOptions): Promise<Reply<unknown>> {
  for (const { id } of batch) {
    const jobs = (await options.database.getAll('jobs')).filter((job) => job.kind === 'submission' && job.id === id);
    const reply = await sendBatch(jobs, options);
    if (reply.type === 'later') return reply;
  }
  return { type: 'ok', value: null };
}

/** A day's share is used up: the rest is taken tomorrow. */
const isTooMany = (outcome: SubmissionOutcome): boolean => outcome.outcome === 'refused' && outcome.problem === 'too-many';
const DAY_MS = 86_400_000;
const untilTomorrow = (now: number): number => DAY_MS - (now % DAY_MS);

const ENVELOPE = '{"submissions":[]}'.length;

/** Marks the items as being sent, in one step with choosing them. */
function takeBatch(database: Database, jobs: readonly Job[]): Promise<Item[]> {
  return change(database, async (tx) => {
    const batch: Item[] = [];
    let bytes = ENVELOPE;
    for (const job of jobs) {
      if (job.kind !== 'submission' || batch.length === LARGEST_BATCH) break;
      const item = await tx.objectStore('items').get(job.id);
      if (item === undefined || item.record === null || item.state.type !== 'queued') {
        // Withdrawn in the meantime.
        await tx.objectStore('jobs').delete(job.seq!);
        continue;
      }
      bytes += new TextEncoder().encode(item.record).length + 1;
      if (bytes > LARGEST_BODY && batch.length > 0) break;
      const taken: Item = { ...item, state: { type: 'sending', attempts: item.state.attempts + 1 } };
      await tx.objectStore('items').put(taken);
      batch.push(taken);
    }
    return batch;
  });
}

async function settle(tx: Transaction, id: string, outcome: SubmissionOutcome, at: number): Promise<void> {
  if (outcome.outcome === 'refused') {
    await refuseItem(tx, id, { type: 'refused', status: outcome.status, problem: outcome.problem, detail: outcome.detail }, at);
    return;
  }
  await dropJob(tx, id);
  const item = await tx.objectStore('items').get(id);
  // Withdrawn while it was on its way: the withdrawal is queued behind it.
  if (item?.state.type !== 'sending') return;
  const membership = await tx.objectStore('memberships').get(membershipKey(item.collector, item.drive));
  const submission = submissionOf(item);
  const result = membership && submission ? verifyReceipt(submission, outcome.receipt, membership.logKey) : undefined;
  const check = result?.ok ? ({ ok: true } as const) : ({ ok: false, problems: result?.problems ?? [] } as const);
  await tx.objectStore('items').put({ ...item, state: { type: 'delivered', at, receipt: outcome.receipt, check } });
}

async function refuseItem(tx: Transaction, id: string, { problem, detail }: Extract<Reply<never>, { type: 'refused' }>, at: number): Promise<void> {
  await dropJob(tx, id);
  const item = await tx.objectStore('items').get(id);
  if (item?.state.type === 'sending') await tx.objectStore('items').put({ ...item, state: { type: 'refused', at, problem, detail } });
}

async function backToQueue(tx: Transaction, id: string): Promise<void> {
  const item = await tx.objectStore('items').get(id);
  if (item?.state.type === 'sending') await tx.objectStore('items').put({ ...item, state: { type: 'queued', attempts: item.state.attempts } });
}

async function dropJob(tx: Transaction, id: string): Promise<void> {
  for (const job of await tx.objectStore('jobs').getAll()) if (job.kind === 'submission' && job.id === id) await tx.objectStore('jobs').delete(job.seq!);
}
