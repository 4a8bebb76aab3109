/** The demo itself, without the extension: the other browser tests rest on its promises (demo/README.md). */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AxeBuilder } from '@axe-core/playwright';
import { ask, say, startSession, type Session } from './harness.ts';

let session: Session;
const problems: string[] = [];

beforeAll(async () => {
  session = await startSession({ withExtension: false });
  session.page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  session.page.on('pageerror', (error) => problems.push(error.message));
});

afterAll(() => session?.close());

/** Counts the text nodes of the newest answer that are other nodes than before, while an answer streams. */
async function replacedNodes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let replaced = 0;
    const observer = new MutationObserver((records) => {
      for (const { removedNodes } of records) replaced += removedNodes.length;
    });
    observer.observe(document.querySelector('main') as Element, { childList: true, subtree: true });
    // Slow enough that a busy machine does not take several tokens at once.
    await window.attuneDemo.say('One two three four five six.\n\nSeven eight nine ten.', { tokensPerSecond: 25 });
    observer.disconnect();
    return replaced;
  });
}

describe('a streamed answer', () => {
  it('grows, says that it streams, shows Stop, and gets an address without a reload', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    const finished = ask(page, 'en-rye-storage', 60);
    const answer = page.locator('[data-role="assistant"]');
    await expect.poll(() => answer.getAttribute('data-streaming')).toBe('true');
    expect(await page.locator('[data-testid="stop"]').count()).toBe(1);
    const early = await answer.locator('.answer-text').innerText();
    const id = await finished;
    expect((await answer.locator('.answer-text').innerText()).length).toBeGreaterThan(early.length);
    expect(await answer.getAttribute('data-streaming')).toBe('false');
    expect(await answer.getAttribute('data-message-id')).toBe(id);
    expect(await page.locator('[data-testid="stop"]').count()).toBe(0);
    expect(new URL(page.url()).pathname).toMatch(/^\/c\/chat-/);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
  });

  it('stops when Stop is pressed', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    const finished = ask(page, 'en-rye-storage', 20);
    await page.locator('[data-testid="stop"]').click();
    await finished;
    expect((await page.locator('.answer-text').innerText()).length).toBeLessThan(150);
  });

  it('can be asked for and sent by keyboard alone', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await page.locator('[data-testid="composer"]').focus();
    await page.keyboard.type('And how do I keep it fresh?');
    await page.keyboard.press('Enter');
    await page.locator('[data-role="assistant"] .answer-text', { hasText: 'linen cloth' }).waitFor();
  });

  it('keeps reasoning and the hidden label beside the text', async () => {
    const { page, demo } = session;
    await page.goto(`${demo.url}/c/de-notfall`);
    const answer = page.locator('[data-role="assistant"]');
    expect(await answer.locator('.reasoning').count()).toBe(1);
    expect(await answer.locator('.answer-text .reasoning, .answer-text .sr-only').count()).toBe(0);
    expect(await answer.locator('.sr-only').textContent()).toBe('Assistant said:');
  });

  it('is kept over a reload', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, 'fr-quorum');
    await page.reload();
    await page.locator('.answer-text', { hasText: 'copropriétaires' }).waitFor();
  });
});

describe('the simulator', () => {
  it('replaces nodes on each token only when asked to', async () => {
    const { page, demo } = session;
    await page.goto(`${demo.url}/?rerender=replace`);
    const replaced = await replacedNodes(page);
    await page.goto(demo.url);
    const grown = await replacedNodes(page);
    expect(replaced).toBeGreaterThan(5);
    expect(grown).toBeLessThan(replaced / 2);
  });

  it('unmounts turns that are far away and mounts them again', async () => {
    const { page, demo } = session;
    await page.goto(`${demo.url}/?virtualise=1&speed=max`);
    for (let turn = 0; turn < 12; turn++) await say(page, `Answer ${String(turn)}.\n\n${'A line of text.\n\n'.repeat(10)}`, 1e6);
    await expect.poll(() => page.locator('[data-role="assistant"]').count()).toBeLessThan(8);
    await page.locator('.thread').evaluate((thread) => thread.scrollTo({ top: 0 }));
    await page.locator('.answer-text', { hasText: 'Answer 0.' }).waitFor();
  });

  it('streams several answers at once', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    const all = ['en-rye-bread', 'de-mailand', 'ja-orei'].map((id) => ask(page, id, 100));
    await expect.poll(() => page.locator('[data-streaming="true"]').count()).toBe(3);
    await Promise.all(all);
    expect(await page.locator('[data-streaming="false"]').count()).toBe(3);
  });

  it('regenerates, edits and rebuilds', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    const first = await ask(page, 'de-verbruehung');
    const second = await page.evaluate((id) => window.attuneDemo.regenerate(id), first);
    expect(second).not.toBe(first);
    const text = page.locator('.answer-text');
    expect(await text.innerText()).toContain('112');
    await page.evaluate((id) => window.attuneDemo.edit(id, 'Ganz neu.'), second);
    await expect.poll(() => text.innerText()).toBe('Ganz neu.');
    await page.evaluate(() => Object.assign(window, { before: document.querySelector('.answer-text p') }));
    await page.evaluate((id) => window.attuneDemo.rebuild(id), second);
    await expect.poll(() => page.evaluate(() => (window as unknown as { before: Element }).before.isConnected)).toBe(false);
    expect(await text.innerText()).toBe('Ganz neu.');
  });

  it.each(['megabyte', 'list', 'surrogates', 'bidi', 'joiners', 'zalgo', 'longword'])('shows the stress answer "%s"', async (name) => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, name, 1e9);
    expect(await page.locator('.answer-text').evaluate((node) => node.textContent)).toContain('call 911 right away');
  });
});

it('moves between conversations without a reload, and back', async () => {
  const { page, demo } = session;
  await page.goto(demo.url);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await page.getByRole('link', { name: 'Verbrühung' }).click();
  await page.locator('.answer-text', { hasText: 'Bleiben Sie ruhig' }).waitFor();
  await page.getByRole('link', { name: 'Ruta por la sierra' }).click();
  await page
    .locator('.answer-text', { hasText: 'Gredos' })
    .or(page.locator('.answer-text', { hasText: 'botiquín' }))
    .first()
    .waitFor();
  await page.goBack();
  await page.locator('.answer-text', { hasText: 'Bleiben Sie ruhig' }).waitFor();
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

it.each(['light', 'dark'] as const)('has no accessibility violations in %s', async (colorScheme) => {
  const { page, demo } = session;
  await page.emulateMedia({ colorScheme });
  for (const path of ['/', '/c/de-notfall', '/c/ar-dawam', '/c/en-code']) {
    await page.goto(demo.url + path);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
});

it('gave no errors, warnings or policy violations on the way', () => {
  expect(problems).toEqual([]);
});
