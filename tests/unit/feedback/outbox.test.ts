import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agree, consentNeed, consentProblem } from '../../../feedback/consent/consent.ts';
import { deletionKey } from '../../../feedback/log/keys.ts';
import { change, openDatabase, type Database } from '../../../feedback/outbox/database.ts';
import { giveConsent, recordOf, retry, setPaused, submit, view, withdrawEverything, withdrawItem } from '../../../feedback/outbox/outbox.ts';
import { sendAll, waitFor, type SendResult } from '../../../feedback/outbox/send.ts';
import type { Membership } from '../../../feedback/outbox/types.ts';
import type { Purpose } from '../../../feedback/schema/taxonomy.ts';
import type { Submission } from '../../../feedback/schema/submission.ts';
import { SAMPLE_DRIVE } from './drive-sample.ts';
import { StandIn, type Weather } from './stand-in.ts';

const COLLECTOR = 'https://collector.example';
let count = 0;
let database: Database;
let collector: StandIn;
let name: string;
let now = 0;

beforeEach(async () => {
  name = `outbox-${(count += 1)}`;
  database = await openDatabase(name);
  collector = new StandIn();
  now = 1_000_000;
});
afterEach(() => database.close());

const info = () => ({ ...SAMPLE_DRIVE, logKey: collector.logKey });
function member(purposes: Purpose[] = ['evaluate', 'publish-text'], before: Membership | null = null): Membership {
  return agree({ collector: COLLECTOR, info: info(), language: 'de', ticks: { purposes: new Set(purposes), ageConfirmed: true }, before, now: new Date('2026-11-22T10:11:12Z') });
}

function record(membership: Membership, comment = 'ä'): Submission {
  const id = uuidv7();
  return {
    schema: 'attune.submission/1',
    id,
    drive: 'open',
    consent: membership.consent.request.id,
    participant: membership.participant,
    createdOn: '2026-11-22',
    deletionKey: deletionKey(membership.secret, id),
    feedback: { type: 'answer', helpful: 4, harmless: 'cannot-judge', honest: 1, comment },
    excerpt: null,
    context: { localeJudged: 'de-DE', familiarity: 'native', situation: null, uiLanguage: 'de', site: null, extensionVersion: '0.1.0', markShown: true },
  };
}

const send = (): Promise<SendResult> => sendAll({ database, client: collector.client(), collector: COLLECTOR, now: () => now, random: () => 0.5, signal: new AbortController().signal });
const states = async (): Promise<string[]> => (await view(database)).items.map(({ state }) => state.type).reverse();

describe('a consent', () => {
  it('is what the ticks say, under the notice that was shown, and names nobody', async () => {
    const membership = member();
    await giveConsent(database, membership, null);
    expect((await view(database)).memberships[0]?.consent.status.type).toBe('queued');
    expect(await send()).toEqual({ type: 'done' });
    const [sent] = collector.consents.values();
    expect(sent).toMatchObject({ purposes: ['evaluate', 'publish-text'], givenAt: '2026-11-22T10:11:00Z', notice: { language: 'de', version: '1.0.0' }, ageConfirmed: true });
    expect(JSON.stringify(sent)).not.toContain(membership.secret);
    expect((await view(database)).memberships[0]?.consent.status).toMatchObject({ type: 'given', receipt: { '@type': 'dpv:ConsentReceipt' } });
  });

  it('needs one purpose that allows keeping, and the age', () => {
    expect(consentProblem({ purposes: new Set(['publish-text']), ageConfirmed: true })).toBe('no-storing-purpose');
    expect(consentProblem({ purposes: new Set(['train']), ageConfirmed: false })).toBe('age-not-confirmed');
    expect(consentProblem({ purposes: new Set(['train']), ageConfirmed: true })).toBeNull();
    expect(() => member(['contact'])).toThrow();
  });

  it('is asked for again when the drive or its notice changes, not when the reader’s language does', () => {
    const membership = member();
    expect(consentNeed(null, info())).toBe('first');
    expect(consentNeed(membership, info())).toBe('none');
    expect(consentNeed(membership, { ...info(), retentionDays: 1 })).toBe('notice-changed');
    expect(consentNeed({ ...membership, consent: { ...membership.consent, status: { type: 'refused', at: 0, problem: 'consent-not-valid', detail: '' } } }, info())).toBe('refused');
  });

  it('replaces the one before, keeps the secret, and goes after what was given under the old one', async () => {
    const first = member();
    await giveConsent(database, first, null);
    await send();
    const [given] = (await view(database)).memberships;
    await submit(database, COLLECTOR, record(first), now);
    const second = member(['train'], given);
    await giveConsent(database, second, null);
    expect(second).toMatchObject({ secret: first.secret, participant: first.participant, consent: { request: { replaces: first.consent.request.id } } });
    await submit(database, COLLECTOR, record(second), now + 1);
    expect(await send()).toEqual({ type: 'done' });
    expect(await states()).toEqual(['delivered', 'delivered']);
  });

  it('that is refused refuses what waits behind it, with the reason', async () => {
    collector.refuseConsent = true;
    const membership = member();
    await giveConsent(database, membership, { ageBand: '30-44', gender: 'woman', locale: 'de-DE', familiarity: 'native' });
    await submit(database, COLLECTOR, record(membership), now);
    expect(await send()).toEqual({ type: 'done' });
    const { items, memberships, pending } = await view(database);
    expect(items[0]?.state).toMatchObject({ type: 'refused', problem: 'consent-not-valid' });
    expect(memberships[0]?.consent.status).toMatchObject({ type: 'refused', problem: 'consent-not-valid' });
    expect(pending).toBe(0);
    expect(collector.taken).toEqual([]);
    expect(collector.demographics.size).toBe(0);
  });
});

describe('sending', () => {
  let membership: Membership;
  beforeEach(async () => {
    membership = member();
    await giveConsent(database, membership, null);
  });

  it('delivers the very bytes of the preview, and checks the receipt', async () => {
    const wanted = record(membership);
    await submit(database, COLLECTOR, wanted, now);
    await send();
    expect(collector.rows.get(wanted.id)?.record).toBe(recordOf(wanted));
    expect((await view(database)).items[0]?.state).toMatchObject({ type: 'delivered', check: { ok: true } });
  });

  it('says so when a receipt is signed by another key than the first', async () => {
    const other = new StandIn('open', 8);
    await change(database, (tx) => tx.objectStore('memberships').put({ ...membership, logKey: other.logKey }));
    await submit(database, COLLECTOR, record(membership), now);
    await send();
    expect((await view(database)).items[0]?.state).toMatchObject({ type: 'delivered', check: { ok: false, problems: ['checkpoint-not-signed-by-this-key'] } });
  });

  it('sends no more than fifty at once', async () => {
    for (let each = 0; each < 120; each += 1) await submit(database, COLLECTOR, record(membership), now + each);
    expect(await send()).toEqual({ type: 'done' });
    expect(collector.batches).toEqual([50, 50, 20]);
    expect(new Set(collector.taken).size).toBe(120);
  });

  it('and no more bytes than one request may have', async () => {
    for (let each = 0; each < 40; each += 1) await submit(database, COLLECTOR, record(membership, 'ö'.repeat(2000)), now + each);
    await send();
    expect(Math.max(...collector.batches)).toBeLessThan(16);
    expect(collector.taken).toHaveLength(40);
  });

  it('waits longer after each failure, says why, and starts anew on request', async () => {
    collector.weather = () => 'busy';
    await submit(database, COLLECTOR, record(membership), now);
    const waits: number[] = [];
    for (let each = 0; each < 4; each += 1) {
      const result = await send();
      if (result.type !== 'waiting') throw new Error(result.type);
      waits.push(result.until - now);
      now = result.until;
    }
    expect(waits).toEqual([3750, 7500, 15_000, 30_000]);
    now -= 1;
    collector.weather = () => 'fine';
    expect((await send()).type).toBe('waiting');
    expect((await view(database)).waiting).toMatchObject({ attempts: 4, reason: 'busy' });
    await retry(database);
    expect(await send()).toEqual({ type: 'done' });
    expect((await view(database)).waiting).toBeNull();
  });

  it('never waits longer than six hours', () => {
    expect(waitFor(500, 1)).toBe(6 * 60 * 60_000);
    expect(waitFor(500, 0)).toBe(3 * 60 * 60_000);
  });

  it('sends the rest tomorrow when a day takes no more', async () => {
    collector.mostADay = 3;
    for (let each = 0; each < 5; each += 1) await submit(database, COLLECTOR, record(membership), now + each);
    const result = await send();
    expect(await states()).toEqual(['delivered', 'delivered', 'delivered', 'queued', 'queued']);
    expect(result).toEqual({ type: 'waiting', until: 86_400_000 });
    now = 86_400_000;
    collector.mostADay = 10;
    expect(await send()).toEqual({ type: 'done' });
    expect(new Set(collector.taken).size).toBe(5);
  });

  it('sends nothing to another community than the one it was given to', async () => {
    await submit(database, COLLECTOR, record(membership), now);
    expect(await sendAll({ database, client: collector.client(), collector: 'https://other.example', now: () => now, random: () => 0, signal: new AbortController().signal })).toEqual({ type: 'done' });
    expect(collector.requests).toBe(0);
    await send();
    expect(collector.taken).toHaveLength(1);
  });

  it('holds submissions back while paused, and lets withdrawals go', async () => {
    await submit(database, COLLECTOR, record(membership), now);
    await send();
    await setPaused(database, true);
    await submit(database, COLLECTOR, record(membership), now + 1);
    const [, delivered] = (await view(database)).items;
    await withdrawItem(database, delivered!.id, now);
    expect(await send()).toEqual({ type: 'paused' });
    expect(await states()).toEqual(['withdrawn', 'queued']);
    await setPaused(database, false);
    await send();
    expect(await states()).toEqual(['withdrawn', 'delivered']);
  });

  it('takes the same record once, however often the button is pressed', async () => {
    const twice = record(membership);
    await submit(database, COLLECTOR, twice, now);
    await submit(database, COLLECTOR, twice, now);
    await send();
    await submit(database, COLLECTOR, twice, now);
    await send();
    expect(collector.taken).toEqual([twice.id]);
  });

  it('refuses what does not fit the contract, and stores nothing of it', async () => {
    await expect(submit(database, COLLECTOR, { ...record(membership), drive: 'NO' }, now)).rejects.toThrow();
    expect((await view(database)).items).toEqual([]);
  });
});

describe('withdrawing', () => {
  let membership: Membership;
  beforeEach(async () => {
    membership = member();
    await giveConsent(database, membership, null);
  });

  it('takes what was never sent out of the queue, and tells nobody', async () => {
    const item = record(membership);
    await submit(database, COLLECTOR, item, now);
    await withdrawItem(database, item.id, now);
    await send();
    expect(await states()).toEqual([]);
    expect(collector.taken).toEqual([]);
  });

  it('deletes the text here at once, and there as soon as it can', async () => {
    const item = record(membership);
    await submit(database, COLLECTOR, item, now);
    await send();
    collector.weather = () => 'request-lost';
    await withdrawItem(database, item.id, now);
    await send();
    expect((await view(database)).items[0]).toMatchObject({ record: null, state: { type: 'withdrawing' } });
    collector.weather = () => 'fine';
    await retry(database);
    await send();
    expect(await states()).toEqual(['withdrawn']);
    expect(collector.rows.size).toBe(0);
  });

  it('everything: empties the queue first, so that nothing more is sent', async () => {
    await submit(database, COLLECTOR, record(membership), now);
    await send();
    await submit(database, COLLECTOR, record(membership), now + 1);
    await submit(database, COLLECTOR, record(membership), now + 2);
    await withdrawEverything(database, membership.key, now);
    const after = await view(database);
    expect(after.items.map(({ state, record: kept }) => [state.type, kept])).toEqual([['withdrawing', null]]);
    expect(after.memberships).toEqual([]);
    await send();
    expect(collector.taken).toHaveLength(1);
    expect([collector.rows.size, collector.consents.size]).toEqual([0, 0]);
    expect(await states()).toEqual(['withdrawn']);
  });

  it('everything before anything was sent leaves no trace and asks nobody', async () => {
    await submit(database, COLLECTOR, record(membership), now);
    await withdrawEverything(database, membership.key, now);
    expect(await send()).toEqual({ type: 'done' });
    expect(collector.requests).toBe(0);
    expect(await view(database)).toMatchObject({ items: [], memberships: [], pending: 0 });
  });

  it('everything after a consent whose answer was lost ends that consent too', async () => {
    collector.weather = () => 'answer-lost';
    await send();
    expect(collector.consents.size).toBe(1);
    await withdrawEverything(database, membership.key, now);
    collector.weather = () => 'fine';
    await send();
    expect(collector.consents.size).toBe(0);
  });
});

/** A browser that dies in the middle: whatever was awaited never comes back. */
class Crash extends Error {}

it('has exactly one effect for each piece of feedback, in whatever order faults, crashes, retries and withdrawals come', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('submit' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), weather: fc.array(fc.constantFrom<Weather>('fine', 'request-lost', 'answer-lost', 'busy'), { maxLength: 4 }), crashAfter: fc.option(fc.nat(6), { nil: null }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pause' as const), on: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      database.close();
      name = `outbox-${(count += 1)}`;
      database = await openDatabase(name);
      collector = new StandIn();
      const membership = member();
      await giveConsent(database, membership, null);
      const all: Submission[] = [];
      const withdrawn = new Set<string>();
      for (const each of steps) {
        switch (each.do) {
          case 'submit': {
            const next = record(membership);
            all.push(next);
            await submit(database, COLLECTOR, next, (now += 1));
            break;
          }
          case 'send': {
            const weather = [...each.weather];
            collector.weather = () => weather.shift() ?? 'fine';
            let left = each.crashAfter;
            // The crash comes before a write: what had been written stays.
            const dying: Database = new Proxy(database, {
              get: (target, key: keyof Database) => {
                if (key === 'transaction' && left !== null && left-- <= 0) throw new Crash();
                const value = target[key] as unknown;
                return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
              },
            });
            await sendAll({ database: dying, client: collector.client(), collector: COLLECTOR, now: () => now, random: () => 0, signal: new AbortController().signal }).catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
            });
            database.close();
            database = await openDatabase(name);
            break;
          }
          case 'withdraw': {
            const chosen = all[each.which % Math.max(all.length, 1)];
            if (chosen) {
              withdrawn.add(chosen.id);
              await withdrawItem(database, chosen.id, now);
            }
            break;
          }
          case 'pause':
            await setPaused(database, each.on);
            break;
          case 'retry':
            await retry(database);
        }
      }
      // In the end the weather is fine.
      collector.weather = () => 'fine';
      await setPaused(database, false);
      await retry(database);
      expect(await send()).toEqual({ type: 'done' });
      expect(new Set(collector.taken).size).toBe(collector.taken.length);
      expect([...collector.rows.keys()].sort()).toEqual(all.map(({ id }) => id).filter((id) => !withdrawn.has(id)).sort());
      for (const item of (await view(database)).items) {
        if (withdrawn.has(item.id)) expect(item).toMatchObject({ record: null, state: { type: 'withdrawn' } });
        else expect(item.state).toMatchObject({ type: 'delivered', check: { ok: true } });
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);
