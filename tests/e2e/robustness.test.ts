/** Things go wrong: the browser stops the service worker, restarts, or meets an answer that nobody should have written. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, say, startSession, texts, type Session } from './harness.ts';

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

describe('a hostile answer', () => {
  /** The longest time the page could not run a timer while `work` went on. */
  async function longestPause(page: Page, work: () => Promise<unknown>): Promise<number> {
    await page.evaluate(() => {
      const clock = { last: performance.now(), longest: 0 };
      Object.assign(window, { clock });
      setInterval(() => {
        const now = performance.now();
        clock.longest = Math.max(clock.longest, now - clock.last);
        clock.last = now;
      }, 10);
    });
    await work();
    return page.evaluate(() => (window as unknown as { clock: { longest: number } }).clock.longest);
  }

  const RESPONSIVE_MS = 300;

  it.each(['megabyte', 'list', 'surrogates', 'bidi', 'joiners', 'zalgo', 'longword'])(
    '"%s" leaves the page responsive and Attune at work',
    async (name) => {
      const { page, demo } = session;
      await page.goto(demo.url);
      // Laying such an answer out takes the page itself long; what follows is ours.
      await ask(page, name, 1e9);
      const pause = await longestPause(page, () => session.settled());
      console.log(`${name}: longest pause ${pause.toFixed(0)} ms`);
      expect(pause).toBeLessThan(RESPONSIVE_MS);
      await say(page, 'Rufen Sie bei einem Unfall in München bitte sofort die 911 an.');
      await expect.poll(async () => texts(await session.highlights()), { timeout: 20_000 }).toContainEqual(expect.stringContaining('911'));
    },
  );

  it.each(['surrogates', 'bidi', 'joiners'])('"%s" is marked in the right words', async (name) => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, name, 1e9);
    expect((await session.settled())['attune-assumption']).toEqual([expect.stringMatching(/911$/)]);
  });
});
