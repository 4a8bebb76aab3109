/** Things go wrong: the browser stops the service worker, restarts, or meets an answer that nobody should have written. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, say, startSession, texts, type Session } from './harness.ts';
import { traceTasks } from './trace.ts';

const HOSTILE_TIMEOUT_MS = 180_000;

let session: Session;

beforeAll(async () => {
  session = await startSession();
});

afterAll(() => session?.close());

describe('a service worker that is stopped', () => {
  it.each([0, 400, 650, 900])('%i ms after the answer: the review comes all the same', async (delay) => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, 'de-verbruehung');
    await page.waitForTimeout(delay);
    expect(await session.killServiceWorker()).toBe(true);
    await expect.poll(async () => texts(await session.highlights()), { timeout: 20_000 }).toEqual([expect.stringContaining('911')]);
  });

  it('while nothing happens: the next answer is reviewed', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, 'de-ruecksendung');
    await session.settled();
    await session.killServiceWorker();
    await ask(page, 'de-verbruehung');
    await expect.poll(async () => texts(await session.highlights()), { timeout: 20_000 }).toEqual([expect.stringContaining('911')]);
  });
});

it('remembers the reader over a restart of the browser', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'attune-restart-'));
  try {
    const first = await startSession({ profile, reader: ['de-DE'] });
    await first.close();
    await using second = await startSession({ profile, reader: null });
    await ask(second.page, 'de-verbruehung');
    expect(texts(await second.settled())).toEqual([expect.stringContaining('911')]);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});

describe.skipIf(process.platform !== 'linux')('memory', () => {
  const MOST_MB = 250;
  /** The browser collects garbage once nothing happens. */
  const RESTED_MS = 60_000;
  /** What one rest leaves that another does not. */
  const GROWTH_MB = 15;

  it('the process that reads holds at most 250 MB at rest after six languages, and no more after them again', { timeout: 240_000 }, async () => {
    await using own = await startSession();
    const readAndRest = async () => {
      for (const id of ['de-verbruehung', 'en-rye-bread', 'fr-reunion', 'es-sierra', 'hi-khata', 'ar-ijtimaa']) {
        await ask(own.page, id);
        await own.settled();
      }
      await expect.poll(() => own.memory(), { timeout: RESTED_MS, interval: 2000 }).toBeLessThan(MOST_MB);
      return own.memory();
    };
    const once = await readAndRest();
    expect(once).toBeGreaterThan(50);
    await readAndRest();
    await expect.poll(() => own.memory(), { timeout: RESTED_MS, interval: 2000 }).toBeLessThan(once + GROWTH_MB);
  });
});

describe('a hostile answer', () => {
  const RESPONSIVE_MS = 50;

  it.each(['megabyte', 'list', 'surrogates', 'bidi', 'joiners', 'zalgo', 'longword'])(
    '"%s" leaves the page responsive and Attune at work',
    async (name) => {
      const { page, demo } = session;
      await page.goto(demo.url);
      // What the page itself does to show such an answer would fill the trace; what follows is reading it.
      await ask(page, name, 1e9);
      const { longestMs, longestOursMs } = await traceTasks(page, () => session.settled());
      console.log(`${name}: longest task ${longestMs.toFixed(0)} ms, Attune's part of any task at most ${longestOursMs.toFixed(0)} ms`);
      expect(longestOursMs).toBeLessThan(RESPONSIVE_MS);
      await say(page, 'Rufen Sie bei einem Unfall in München bitte sofort die 911 an.');
      await expect.poll(async () => texts(await session.highlights()), { timeout: 30_000 }).toContainEqual(expect.stringContaining('911'));
    },
    HOSTILE_TIMEOUT_MS,
  );

  it.each(['surrogates', 'bidi', 'joiners'])('"%s" is marked in the right words', async (name) => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, name, 1e9);
    expect((await session.settled())['attune-assumption']).toEqual([expect.stringMatching(/911$/)]);
  });
});
