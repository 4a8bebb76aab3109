/** Attune leaves the page alone: its nodes, its speed, and its behaviour when it re-renders. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, say, serialiseDom, startSession, texts, type Session } from './harness.ts';
import { traceTasks } from './trace.ts';

let attuned: Session;
let bare: Session;

beforeAll(async () => {
  attuned = await startSession();
  bare = await startSession({ withExtension: false });
});

afterAll(async () => {
  await attuned?.close();
  await bare?.close();
});

const PROBLEM = 'Rufen Sie bei einem Unfall in München bitte sofort die 911 an.';
const FINE = 'Die Praxis ist werktags von 8 bis 12 Uhr geöffnet, am Mittwoch auch nachmittags.';

describe('the tree of the page', () => {
  /** The markup after each step of one conversation. */
  async function played({ page, demo }: Session, wait: (page: Page) => Promise<unknown>): Promise<string[]> {
    const states: string[] = [];
    const step = async (work: () => Promise<unknown>) => {
      await work();
      await wait(page);
      states.push(await serialiseDom(page));
    };
    await step(() => page.goto(demo.url));
    let id = '';
    await step(async () => (id = await ask(page, 'de-verbruehung')));
    await step(() => page.evaluate((message) => window.attuneDemo.regenerate(message), id));
    await step(() => ask(page, 'en-rye-bread'));
    await step(() => ask(page, 'de-reklamation-mail'));
    await step(() => page.evaluate(() => window.attuneDemo.open('de-notfall')));
    await step(() => page.goBack());
    await step(() => page.evaluate(() => window.attuneDemo.newChat()));
    return states;
  }

  it('is the same with and without Attune, but for our one element', async () => {
    const expected = await played(bare, (page) => page.waitForTimeout(100));
    const marked: string[] = [];
    const actual = await played(attuned, async (page) => marked.push(...texts(await attuned.settled(page))));
    expect(marked).toContainEqual(expect.stringContaining('911'));
    expect(actual).toEqual(expected);
  });

  it('has nothing of ours but one last element of the document', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    await ask(page, 'de-verbruehung');
    await attuned.settled();
    const ours = await page.evaluate(() => ({
      hosts: [...document.querySelectorAll('attune-ui')].map(
        (host) => host.parentElement === document.documentElement && host.nextSibling === null,
      ),
      named: document.querySelectorAll('[class*="attune"], [id*="attune"]').length,
    }));
    expect(ours).toEqual({ hosts: [true], named: 0 });
  });
});

describe('the page thread', () => {
  const TOKENS = 2000;
  const MAX_TASK_MS = 50;
  const TRACE_TIMEOUT_MS = 240_000;
  const text = `${PROBLEM}\n\n${`${FINE} `.repeat(8)}\n\n`.repeat(12);

  it(
    `has no task over ${String(MAX_TASK_MS)} ms of ours while ${String(TOKENS)} tokens stream and are marked`,
    async () => {
      const run = async (session: Session) => {
        await session.page.goto(session.demo.url);
        return traceTasks(session.page, async () => {
          await session.page.evaluate(([markdown]) => window.attuneDemo.say(markdown, { tokensPerSecond: 400 }), [text] as const);
          await session.settled();
        });
      };
      const without = await run(bare);
      const withAttune = await run(attuned);
      expect(texts(await attuned.highlights())).toContainEqual(expect.stringContaining('911'));
      console.log(
        `longest task of the page: ${without.longestMs.toFixed(0)} ms without, ${withAttune.longestMs.toFixed(0)} ms with Attune; ` +
          `Attune's own part of any task at most ${withAttune.longestOursMs.toFixed(1)} ms, ${withAttune.oursMs.toFixed(0)} ms in all`,
      );
      expect(without.longestOursMs).toBe(0);
      expect(withAttune.oursMs).toBeGreaterThan(0);
      expect(withAttune.longestOursMs).toBeLessThanOrEqual(MAX_TASK_MS);
    },
    TRACE_TIMEOUT_MS,
  );
});

describe('a page that re-renders', () => {
  it('keeps its marks when all nodes are replaced on every token', async () => {
    const { page, demo } = attuned;
    await page.goto(`${demo.url}/?rerender=replace`);
    await ask(page, 'de-verbruehung', 150);
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });

  it('keeps its marks when a finished answer is built anew', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    const id = await ask(page, 'de-verbruehung');
    await attuned.settled();
    await page.evaluate((message) => window.attuneDemo.rebuild(message), id);
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
    const connected = await page.evaluate(() =>
      [...CSS.highlights.values()].flatMap((marks) => [...marks]).every(({ startContainer }) => startContainer.isConnected),
    );
    expect(connected).toBe(true);
  });

  it('drops marks whose words are edited away, and finds new ones', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    const id = await say(page, `${PROBLEM}\n\n${FINE}`);
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
    await page.evaluate(([message, markdown]) => window.attuneDemo.edit(message, markdown), [id, FINE] as const);
    expect(texts(await attuned.settled())).toEqual([]);
    await page.evaluate(([message, markdown]) => window.attuneDemo.edit(message, markdown), [id, `${FINE}\n\n${PROBLEM}`] as const);
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });

  it('drops the marks of an answer that is regenerated without the problem', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    const id = await ask(page, 'de-verbruehung');
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
    const next = await page.evaluate((message) => window.attuneDemo.regenerate(message), id);
    expect(texts(await attuned.settled())).toEqual([]);
    await page.evaluate((message) => window.attuneDemo.regenerate(message), next);
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });

  it('marks turns again that were unmounted and come back', async () => {
    const { page, demo } = attuned;
    await page.goto(`${demo.url}/?virtualise=1`);
    await ask(page, 'de-verbruehung');
    for (let turn = 0; turn < 10; turn++) await say(page, `${FINE}\n\n`.repeat(8), 1e6);
    await expect.poll(() => page.locator('.answer-text', { hasText: 'Verbrühung' }).count()).toBe(0);
    expect(texts(await attuned.settled())).toEqual([]);
    await page.locator('.thread').evaluate((thread) => thread.scrollTo({ top: 0 }));
    await page.locator('.answer-text', { hasText: 'Verbrühung' }).waitFor();
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });

  it('says nothing about an answer before it has settled', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    const finished = say(page, `${PROBLEM} ${`${FINE} `.repeat(10)}`, 60);
    for (let look = 0; look < 8; look++) {
      await page.waitForTimeout(200);
      if ((await page.locator('[data-streaming="true"]').count()) > 0) {
        const badges = await page.locator('button[data-attune="badge"]').count();
        expect(badges).toBe(0);
      }
    }
    await finished;
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });
});

describe('moving about', () => {
  it('follows the reader from one conversation to the next without a reload', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    for (const round of [1, 2]) {
      await page.getByRole('link', { name: 'Verbrühung: was tun?' }).first().click();
      expect(texts(await attuned.settled()), `round ${String(round)}`).toEqual([expect.stringContaining('911')]);
      await page.getByRole('link', { name: 'Suvepäev' }).click();
      expect(texts(await attuned.settled())).toEqual([]);
    }
    await page.goBack();
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });

  it('keeps the marks when a new chat gets its address', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    await ask(page, 'de-verbruehung');
    expect(new URL(page.url()).pathname).toMatch(/^\/c\//);
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
    await ask(page, 'de-ruecksendung');
    expect(texts(await attuned.settled())).toEqual([expect.stringContaining('911')]);
  });

  it('reads several answers that stream at once', async () => {
    const { page, demo } = attuned;
    await page.goto(demo.url);
    await Promise.all(['de-verbruehung', 'de-ruecksendung', 'en-rye-bread'].map((id) => ask(page, id, 120)));
    const marks = await attuned.settled();
    expect(marks['attune-assumption']).toEqual([expect.stringContaining('911'), expect.stringContaining('475')]);
    expect(await page.locator('button[data-attune="badge"][data-state="marks"]').count()).toBe(2);
  });
});
