/** The same package idea in Firefox: it reads, marks and explains. Skipped where there is no Firefox. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDemo, startDemo, type Demo } from '../../demo/server.ts';
import { readMarks } from '../../scripts/lib/attune-page.ts';
import { firefoxPath } from '../../scripts/lib/browsers.mjs';
import { FIREFOX_BUILD } from '../../scripts/lib/build.ts';
import { launchFirefox, type FirefoxWithExtension } from '../../scripts/lib/firefox.ts';
import { texts } from './harness.ts';

const START_TIMEOUT_MS = 60_000;
const MARK_TIMEOUT_MS = 20_000;

/**
 * Tests cannot open pages of an extension in Firefox, so the reader is set, and the engine asked about itself, by a content
 * script that is added to a copy of the package; everything else in the copy is what readers get.
 */
async function packageWithReader(locale: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-firefox-'));
  await cp(FIREFOX_BUILD, folder, { recursive: true });
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { content_scripts: object[] };
  manifest.content_scripts.unshift({ matches: ['http://127.0.0.1/*'], js: ['set-reader.js'], run_at: 'document_start' });
  await writeFile(file, JSON.stringify(manifest));
  const profile = { profile: { v: 1, data: { locales: [locale], wishes: {} } } };
  const describe = { to: 'background', type: 'inference', request: { to: 'inference', type: 'describe', id: 'firefox-test' } };
  await writeFile(
    join(folder, 'set-reader.js'),
    `browser.storage.local.set(${JSON.stringify(profile)});
    addEventListener('attune-test-describe', async () => {
      document.documentElement.dataset.engine = JSON.stringify(await browser.runtime.sendMessage(${JSON.stringify(describe)}));
    });`,
  );
  return folder;
}

describe.skipIf(firefoxPath() === undefined)('Firefox', () => {
  let demo: Demo;
  let firefox: FirefoxWithExtension;
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    await buildDemo();
    demo = await startDemo();
    folder = await packageWithReader('de-DE');
    firefox = await launchFirefox(folder);
    page = await firefox.browser.newPage();
    // A page in the background draws no frames.
    await page.bringToFront();
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(demo.url);
    await page.waitForSelector('main[data-attune-demo]');
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await firefox?.close();
    await demo?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = (id: string) => page.evaluate((question) => window.attuneDemo.ask(question, { tokensPerSecond: 1000 }), id);
  const marks = async () => texts(await page.evaluate(readMarks));

  it('marks what was planted', async () => {
    await ask('de-verbruehung');
    await expect.poll(marks, { timeout: MARK_TIMEOUT_MS }).toEqual([expect.stringContaining('911')]);
  });

  it('opens the classifier', async () => {
    await page.evaluate(() => dispatchEvent(new Event('attune-test-describe')));
    await expect
      .poll(async () => JSON.parse(await page.evaluate(() => document.documentElement.dataset['engine'] ?? 'null')) as unknown, { timeout: MARK_TIMEOUT_MS })
      .toMatchObject({ ok: true, engine: { problems: [], classifier: { state: 'ready' } } });
  });

  it('opens the explanation from the badge, and closes it with Escape', async () => {
    // Asked for again and again: waitForSelector does not notice what changes inside a shadow root.
    const shown = (name: string) =>
      page.evaluate(
        (part) => document.querySelector('attune-ui')?.shadowRoot?.querySelector(`[data-attune="${part}"]`)?.textContent ?? null,
        name,
      );
    await expect.poll(() => page.$('attune-ui >>> button[data-attune="badge"][data-placed]')).not.toBeNull();
    const badge = await page.$('attune-ui >>> button[data-attune="badge"][data-placed]');
    await badge?.click();
    await expect.poll(async () => (await shown('what')) ?? '').toMatch(/\S/);
    await page.keyboard.press('Escape');
    await expect.poll(() => shown('popover')).toBeNull();
  });

  it('leaves an answer alone that is fine', async () => {
    await page.evaluate(() => window.attuneDemo.newChat());
    await ask('de-ruecksendung');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await marks()).toEqual([]);
  });
});
