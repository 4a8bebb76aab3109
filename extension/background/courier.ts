/**
 * Carries the outbox to the collector: when something is put in, when the worker starts, when the network comes back, and by an
 * alarm that outlives the worker. One at a time, whoever asks.
 */
import { browser } from 'wxt/browser';
import { createClient } from '../../feedback/client/client.ts';
import { view } from '../../feedback/outbox/outbox.ts';
import { sendAll, type SendResult } from '../../feedback/outbox/send.ts';
import type { OutboxView } from '../../feedback/outbox/types.ts';
import { ownCommunity } from '../feedback/config.ts';
import { announceOutbox, ifOutbox } from '../feedback/store.ts';

const ALARM = 'attune-outbox';
const LOCK = 'attune-outbox';
/** Browsers let an alarm ring no sooner. */
const SOONEST_MS = 30_000;
/** Something is wrong with the storage itself: look again in a while. */
const AFTER_FAULT_MS = 5 * 60_000;

export interface Courier {
  /** There may be something to send. Calls while one is under way are answered by one more round after it. */
  send(): void;
}

export function startCourier(): Courier {
  let running = false;
  let again = false;

  async function run(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await navigator.locks.request(LOCK, round);
      } while (again);
    } catch (error) {
      console.warn('Attune could not send its outbox:', error);
      await wake(Date.now() + AFTER_FAULT_MS);
    } finally {
      running = false;
    }
  }

  const send = (): void => void run();
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === ALARM) send();
  });
  self.addEventListener('online', send);
  // A worker that starts may be the first since a crash.
  send();
  return { send };
}

async function round(): Promise<void> {
  const community = ownCommunity();
  if (community === null) return;
  const result = await ifOutbox(async (database) => {
    const before = await view(database);
    if (before.pending === 0) return { sent: { type: 'done' } as SendResult, after: before };
    // If we are stopped in the middle, this brings us back.
    await wake(Date.now() + SOONEST_MS);
    const client = createClient({ collector: community.collector, fetch: (...request) => fetch(...request) });
    const sent = await sendAll({ database, client, collector: community.collector, now: Date.now, random: Math.random, signal: new AbortController().signal });
    announceOutbox();
    return { sent, after: await view(database) };
  });
  if (result === null) return;
  await setGoodbye(result.after);
  if (result.sent.type === 'waiting') await wake(result.sent.until);
  else await browser.alarms.clear(ALARM);
}

async function wake(at: number): Promise<void> {
  await browser.alarms.create(ALARM, { when: Math.max(at, Date.now() + SOONEST_MS) });
}

/** The longest address that browsers take for the page after an uninstallation. */
const LONGEST_ADDRESS = 1023;

/**
 * After Attune is removed its secret is gone, so the browser then opens a page that can still withdraw everything. The key is in
 * the fragment, which no server gets to see. Only for those who gave feedback.
 */
async function setGoodbye({ memberships }: OutboxView): Promise<void> {
  const [first] = memberships;
  const keys = memberships.filter(({ collector }) => collector === first?.collector).map(({ info, participant, secret }) => [info.id, participant, secret].join('.'));
  const address = first === undefined ? '' : `${first.collector}/goodbye#${keys.join(',')}`;
  if (address.length <= LONGEST_ADDRESS) await browser.runtime.setUninstallURL(address);
}
