/** What a reader sees on the demo's answers: the planted problems, in the right words, and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { familyOf } from '../../review/types.ts';
import { CASES } from './conversations.ts';
import { ask, badge, popover, readFindings, startSession, texts, type Session } from './harness.ts';

let session: Session;

beforeAll(async () => {
  session = await startSession();
});

afterAll(() => session?.close());

async function answer(id: string, reader: string): Promise<void> {
  await session.setReader(reader);
  await session.page.goto(session.demo.url);
  await ask(session.page, id);
}

const planted = CASES.filter((each) => each.planted.length > 0);
const clean = CASES.filter((each) => each.planted.length === 0);

describe('answers with something planted', () => {
  it.each(planted.map((each) => [each.id, each.audience, each] as const))('%s, read in %s', async (id, audience, { planted: expected }) => {
    await answer(id, audience);
    const marks = await session.settled();
    for (const { kind, quote } of expected) {
      const ofFamily = marks[`attune-${familyOf(kind)}`] ?? [];
      expect(
        ofFamily.some((text) => text.includes(quote) || quote.includes(text)),
        `${kind} "${quote}" in ${JSON.stringify(marks)}`,
      ).toBe(true);
    }
    expect(texts(marks)).toHaveLength(expected.length);
  });
});

describe('answers that are fine', () => {
  it.each(clean.map((each) => [each.id, each.audience] as const))('%s, read in %s', async (id, audience) => {
    await answer(id, audience);
    expect(await session.settled()).toEqual({});
    expect(await session.page.locator('[data-attune="badge"]').count()).toBe(0);
  });
});

describe('the words of a mark', () => {
  const SHORT = 40;

  it.each([
    ['de-verbruehung', 'de-DE', 'attune-assumption', /\b911\b/],
    ['es-sierra', 'es-ES', 'attune-assumption', /\b911\b/],
    ['fr-reunion', 'fr-FR', 'attune-assumption', /^06\/28\/2025$/],
    ['en-rye-bread', 'de-DE', 'attune-assumption', /^475 ?°F$/],
  ])('%s for %s: %s %s, and not the sentence around them', async (id, reader, name, words) => {
    await answer(id, reader);
    const marked = (await session.settled())[name];
    expect(marked).toEqual([expect.stringMatching(words)]);
    expect(marked?.[0]?.length).toBeLessThan(SHORT);
  });
});

it('depend on who reads: 911 is right in the United States', async () => {
  await session.setReader('en-US');
  await session.page.goto(session.demo.url);
  await session.page.evaluate(() =>
    window.attuneDemo.say('If it gets worse, call 911 right away and unlock the front door.', { tokensPerSecond: 500 }),
  );
  expect(await session.settled()).toEqual({});
});

it('are explained: what, why, how sure, on what evidence, and what to do', async () => {
  await answer('de-verbruehung', 'de-DE');
  await session.settled();
  expect(await badge(session.page).innerText()).toContain('1');
  await badge(session.page).click();
  for (const part of ['quote', 'what', 'why', 'sure', 'suggestion', 'evidence']) {
    expect((await popover(session.page).locator(`[data-attune="${part}"]`).innerText()).trim(), part).not.toBe('');
  }
  await session.page.keyboard.press('Escape');
  const [finding] = await readFindings(session.page);
  expect(finding).toMatchObject({ kind: 'assumption.institution', quote: expect.stringContaining('911') });
});

it('can be put to the chatbot as a follow-up prompt', async () => {
  await answer('de-verbruehung', 'de-DE');
  await session.settled();
  await badge(session.page).click();
  await popover(session.page).locator('[data-attune="insert"]').click();
  const composer = session.page.locator('[data-testid="composer"]');
  await expect.poll(() => composer.inputValue()).toContain('911');
  // The page knows of the text too: React has enabled its own button.
  expect(await session.page.locator('[data-testid="send"]').isEnabled()).toBe(true);
});

it('stay away once dismissed, and a muted rule stays silent', async () => {
  await answer('de-verbruehung', 'de-DE');
  await session.settled();
  await badge(session.page).click();
  await popover(session.page).locator('[data-attune="dismiss"]').click();
  await expect.poll(async () => texts(await session.highlights())).toEqual([]);
  await session.page.goto(session.demo.url);
  await ask(session.page, 'de-verbruehung');
  expect(await session.settled()).toEqual({});
  const worker = await session.serviceWorker();
  await worker.evaluate(() => chrome.storage.local.remove(['dismissed', 'muted']));
});
