/**
 * Feedback from the extension's real origin to a real collector and back: consent, preview, a crash, delivery, withdrawal.
 * Nothing here goes round the browser: what is sent is seen by the collector, what is stored by the extension's own pages.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicId } from '../../feedback/log/keys.ts';
import { verifyReceipt } from '../../feedback/log/receipt.ts';
import { verifyWithdrawals } from '../../feedback/log/withdrawals.ts';
import { renderNotice } from '../../feedback/notice/notice.ts';
import type { Receipt } from '../../feedback/schema/api.ts';
import type { Submission } from '../../feedback/schema/submission.ts';
import { attune } from '../fixtures/attune-cli.ts';
import { testCollector } from '../integration/collector/harness.ts';
import { agreeTo, CONTROLLER, opened, startCommunity, type Community } from './community.ts';
import { ask, openMarks, popover, startSession, type Session } from './harness.ts';

let community: Community;
let session: Session;

beforeAll(async () => {
  community = await startCommunity();
  session = await startSession({ build: community.build });
}, 180_000);

afterAll(async () => {
  await session?.close();
  await community?.[Symbol.asyncDispose]();
});

/** Opens the feedback page about the first mark of an answer. */
async function aboutMark(page: Page, question = 'de-verbruehung'): Promise<Page> {
  await page.bringToFront();
  await page.goto(session.demo.url);
  await ask(page, question);
  await session.settled(page);
  await openMarks(page);
  await popover(page).waitFor();
  return opened(page, () => popover(page).locator('[data-attune="feedback"]').click());
}

async function fillVerdict(tab: Page, comment = ''): Promise<void> {
  await tab.locator('[data-attune="verdict-agree"]').check();
  await tab.locator('[data-attune="severity-2"]').check();
  if (comment !== '') await tab.locator('[data-attune="comment"]').fill(comment);
  await tab.locator('[data-attune="to-preview"]').click();
  await tab.locator('[data-attune="preview"]').waitFor();
}

/** The bytes that the preview shows. */
async function previewed(tab: Page): Promise<string> {
  await tab.locator('[data-attune="preview"] details summary').click();
  return (await tab.locator('[data-attune="record"]').textContent()) ?? '';
}

async function myData(of: Session = session): Promise<Page> {
  const page = await of.page.context().newPage();
  await page.goto(`chrome-extension://${of.extensionId}/options.html#mydata`);
  await page.locator('[data-attune="mydata"]').waitFor();
  return page;
}

const rows = async (): Promise<Submission[]> => {
  const stored = await community.collector!.db.selectFrom('submission').select(['record']).execute();
  return stored.map(({ record }) => (typeof record === 'string' ? JSON.parse(record) : record) as Submission);
};

describe('declining', () => {
  it('sends nothing, stores nothing and changes nothing', async () => {
    const { page } = session;
    const asked: string[] = [];
    page.context().on('request', (request) => {
      if (request.url().startsWith(community.url)) asked.push(request.url());
    });
    const tab = await aboutMark(page);
    await tab.locator('[data-attune="consent"]').waitFor();
    expect(await tab.locator('[data-attune="consent"] input:checked').count()).toBe(0);
    await tab.locator('[data-attune="decline"]').click();
    await tab.locator('[data-attune="declined"]').waitFor();
    expect(await tab.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([]);
    expect(await tab.evaluate(() => chrome.storage.local.get())).toEqual({ profile: { v: 1, data: { locales: ['de-DE'], wishes: {} } } });
    expect(asked).toEqual([]);
    const { count } = await community.collector!.db.selectFrom('consent').select((eb) => eb.fn.countAll<string>().as('count')).executeTakeFirstOrThrow();
    expect(Number(count)).toBe(0);
    await tab.close();
    // Attune goes on marking.
    await page.goto(session.demo.url);
    await ask(page, 'de-verbruehung');
    expect(Object.keys(await session.settled())).not.toEqual([]);
  });
});

describe('agreeing', () => {
  it('needs a storing purpose and the age; the notice is the one that the collector publishes', async () => {
    const { page } = session;
    const tab = await aboutMark(page);
    const shown = await tab.locator('[data-attune="consent"]').getAttribute('data-notice');
    const published = await community.collector!.notice('open', 'en');
    expect(shown).toBe(published.sha256);
    expect(shown).toBe(renderNotice(await community.collector!.drive('open'), 'en').sha256);
    for (const fact of ['Example Association', 'privacy@example.org', '730', 'Germany', '16']) expect(await tab.locator('[data-attune="consent"]').innerText()).toContain(fact);
    await tab.locator('[data-attune="purpose-publish-text"]').check();
    await tab.locator('[data-attune="agree"]').click();
    await expect.poll(() => tab.locator('.problem').count()).toBe(1);
    await tab.locator('[data-attune="purpose-publish-text"]').uncheck();
    await agreeTo(tab, 'evaluate', 'publish-labels', 'publish-text');
    await expect.poll(async () => (await community.collector!.db.selectFrom('consent').select(['state', 'purposes', 'notice_sha256']).execute()).map(({ state, purposes, notice_sha256: notice }) => ({ state, purposes, notice }))).toEqual([{ state: 'ConsentGiven', purposes: ['evaluate', 'publish-labels', 'publish-text'], notice: published.sha256 }]);
    await tab.close();
  });
});

describe('a verdict', () => {
  it('is sent byte for byte as previewed, redacted, and can be made less in the preview', async () => {
    const tab = await aboutMark(session.page);
    await fillVerdict(tab, 'Bitte an anna.klein@example.org oder 030 12345678 schreiben');
    const preview = tab.locator('[data-attune="preview"]');
    expect(await preview.locator('[data-attune="row-fieldComment"]').innerText()).toContain('Bitte an [EMAIL] oder [PHONE] schreiben');
    const words = preview.locator('button.word');
    await words.first().click();
    await preview.locator('[data-attune="drop-site"]').click();
    const bytes = await previewed(tab);
    const record = JSON.parse(bytes) as Submission;
    expect(record.excerpt?.text).toContain('[NAME]');
    expect(record.excerpt?.redactions.some(({ type }) => type === 'chosen')).toBe(true);
    expect(record.context).toMatchObject({ site: null, localeJudged: 'de-DE', markShown: true });
    expect(record.feedback).toMatchObject({ type: 'verdict', verdict: 'agree', severity: 2, finding: { kind: 'assumption.institution' } });
    expect(bytes).not.toMatch(/anna|12345678|http/);
    await preview.locator('[data-attune="send"]').click();
    await expect.poll(() => tab.locator('[data-attune="sent"]').getAttribute('data-state'), { timeout: 30_000 }).toBe('delivered');
    const [stored] = await rows();
    expect(stored).toEqual(record);
    await tab.close();
  });
});

describe('a missed passage', () => {
  it('is reported from the selection, with its neighbours and without the question', async () => {
    const { page, extensionId } = session;
    await page.bringToFront();
    await page.goto(session.demo.url);
    await ask(page, 'de-verbruehung');
    await session.settled();
    // The browser's own menu cannot be clicked by a test; its item sends the page this message.
    await page.evaluate(() => {
      const answers = document.querySelectorAll('.answer-text');
      const answer = answers[answers.length - 1] ?? document.querySelector('main')!;
      const text = document.createTreeWalker(answer, NodeFilter.SHOW_TEXT);
      let node = text.nextNode();
      while (node && (node.textContent ?? '').trim().length < 20) node = text.nextNode();
      getSelection()?.setBaseAndExtent(node!, 0, node!, 12);
    });
    const worker = await session.serviceWorker();
    const tab = await opened(page, () =>
      worker.evaluate(async (origin) => {
        const tabs = await chrome.tabs.query({});
        const chat = tabs.find(({ url, title }) => url?.startsWith(origin) ?? title !== undefined);
        for (const { id } of chat ? [chat, ...tabs] : tabs) if (id !== undefined && (await chrome.tabs.sendMessage(id, { to: 'page', type: 'missed' }).catch(() => null)) === 'taken') return;
      }, session.demo.url),
    );
    expect(tab.url()).toContain(extensionId);
    await tab.locator('[data-attune="kind"]').selectOption('tone.blunt');
    await tab.locator('[data-attune="severity-cannot-judge"]').check();
    await tab.locator('[data-attune="reason"]').selectOption('too-blunt');
    await tab.locator('[data-attune="rewrite"]').fill('Bitte kühlen Sie die Stelle.');
    await tab.locator('[data-attune="to-preview"]').click();
    const record = JSON.parse(await previewed(tab)) as Submission;
    expect(record.feedback).toMatchObject({ type: 'missed', kind: 'tone.blunt', severity: 'cannot-judge', reason: 'too-blunt', rewrite: 'Bitte kühlen Sie die Stelle.' });
    const { span } = record.feedback as Extract<Submission['feedback'], { type: 'missed' }>;
    expect(span && record.excerpt?.text.slice(span.start, span.end)).toHaveLength(12);
    await tab.locator('[data-attune="send"]').click();
    await expect.poll(() => tab.locator('[data-attune="sent"]').getAttribute('data-state'), { timeout: 30_000 }).toBe('delivered');
    await tab.close();
  });
});

describe('a whole answer', () => {
  it('is rated in three ways, with the text left out', async () => {
    const { page } = session;
    await page.bringToFront();
    await page.goto(session.demo.url);
    await ask(page, 'de-verbruehung');
    await session.settled();
    await openMarks(page);
    const tab = await opened(page, () => popover(page).locator('[data-attune="rate"]').click());
    await tab.locator('[data-attune="to-preview"]').click();
    await expect.poll(() => tab.locator('.problem').count()).toBe(1);
    await tab.locator('[data-attune="helpful-5"]').check();
    await tab.locator('[data-attune="harmless-4"]').check();
    await tab.locator('[data-attune="honest-cannot-judge"]').check();
    await tab.locator('[data-attune="to-preview"]').click();
    await tab.locator('[data-attune="drop-excerpt"]').click();
    const record = JSON.parse(await previewed(tab)) as Submission;
    expect(record).toMatchObject({ excerpt: null, feedback: { type: 'answer', helpful: 5, harmless: 4, honest: 'cannot-judge', comment: null } });
    await tab.locator('[data-attune="send"]').click();
    await expect.poll(() => tab.locator('[data-attune="sent"]').getAttribute('data-state'), { timeout: 30_000 }).toBe('delivered');
    await tab.close();
    expect((await rows()).map(({ feedback }) => feedback.type).sort()).toEqual(['answer', 'missed', 'verdict']);
  });
});

describe('my data', () => {
  it('lists everything with receipts that the log confirms', async () => {
    const page = await myData();
    const items = page.locator('[data-attune="my-item"]');
    await expect.poll(() => items.count()).toBe(3);
    await items.first().locator('[data-attune="check"]').click();
    await expect.poll(() => items.first().locator('[data-attune="checked"]').innerText()).toMatch(/genuine/);
    await page.close();
  });

  it('takes back everything: nothing is left there, the list names what is gone, the consent has ended', async () => {
    const page = await myData();
    const before = (await rows()).map(({ id }) => publicId(id));
    await page.locator('[data-attune="withdraw-all"]').click();
    await page.locator('[data-attune="withdraw-all-yes"]').click();
    await expect.poll(async () => (await rows()).length, { timeout: 30_000 }).toBe(0);
    const list = verifyWithdrawals(await community.collector!.list(), 'open', (await community.collector!.drive()).logKey);
    expect(list.ok && list.entries.map(({ id }) => id).sort()).toEqual(before.sort());
    expect(await community.collector!.db.selectFrom('consent').select('state').execute()).toEqual([{ state: 'ConsentWithdrawn' }]);
    await expect.poll(() => page.locator('[data-attune="my-item"][data-state="withdrawn"]').count()).toBe(3);
    expect(await page.locator('[data-attune="withdraw-all"]').count()).toBe(0);
    await page.close();
  });
});

/** Releases publish groups only: a few more people judge the same. They pay no proof of work, so they come by another door. */
async function othersJudgeToo(localeJudged: string): Promise<void> {
  const { data } = community.collector!;
  await community.down();
  const door = await testCollector({ data, settings: { controller: CONTROLLER, name: 'collector.example' } });
  for (let person = 0; person < 3; person++) {
    const someone = await door.agree({ purposes: ['evaluate', 'publish-labels', 'publish-text'] });
    const sample = door.sample(someone);
    await door.submit({ submission: { ...sample.submission, context: { ...sample.submission.context, localeJudged } } });
  }
  await door.stop();
  await community.up();
}

const releases = mkdtempSync(join(tmpdir(), 'attune-drill-releases-'));
afterAll(() => rmSync(releases, { recursive: true, force: true }));
const release = async (...command: string[]): Promise<void> => {
  const { code, stderr } = await attune(['release', ...command], '', { DATABASE_URL: community.collector!.collector.databaseUrl });
  expect(code, stderr).toBe(0);
};
const idsIn = (folder: string): Set<string> => new Set(readFileSync(join(releases, folder, 'data/annotations.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id));
async function releasedIds(version: string): Promise<Set<string>> {
  await release('build', '--version', version, '--k', '2', '--data', community.collector!.data, '--out', join(releases, version));
  return idsIn(version);
}
async function withoutWithdrawn(version: string): Promise<Set<string>> {
  const list = join(releases, 'withdrawals.jsonl');
  writeFileSync(list, await community.collector!.list());
  await release('apply-withdrawals', join(releases, version), list, '--out', join(releases, 'cleaned'));
  return idsIn('cleaned');
}

describe('the erasure drill', () => {
  it('consent → feedback → crash → restart → delivered → withdrawn → gone and listed', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'attune-drill-'));
    try {
      let record: Submission;
      {
        const first = await startSession({ build: community.build, profile });
        const tab = await (async () => {
          await first.page.goto(first.demo.url);
          await ask(first.page, 'de-verbruehung');
          await first.settled();
          await openMarks(first.page);
          return opened(first.page, () => popover(first.page).locator('[data-attune="feedback"]').click());
        })();
        await agreeTo(tab, 'train', 'publish-text');
        await expect.poll(async () => (await community.collector!.db.selectFrom('consent').select('state').where('state', '=', 'ConsentGiven').execute()).length, { timeout: 30_000 }).toBe(1);
        await community.down();
        await fillVerdict(tab);
        record = JSON.parse(await previewed(tab)) as Submission;
        await tab.locator('[data-attune="send"]').click();
        await expect.poll(() => tab.locator('[data-attune="sent"]').getAttribute('data-state')).toMatch(/queued|sending/);
        killBrowser(profile);
        await first.close().catch(() => undefined);
        await first.demo.close().catch(() => undefined);
      }
      await community.up();
      const second = await startSession({ build: community.build, profile, reader: null });
      try {
        // Nobody opens anything: the worker's start is enough, or its alarm.
        await expect.poll(async () => (await rows()).map(({ id }) => id), { timeout: 75_000, interval: 500 }).toEqual([record.id]);
        expect(await rows()).toEqual([record]);
        const page = await myData(second);
        const item = page.locator('[data-attune="my-item"]');
        await expect.poll(() => item.getAttribute('data-state')).toBe('delivered');
        await item.locator('[data-attune="receipt"] summary').click();
        const receipt = JSON.parse((await item.locator('[data-attune="receipt"] pre').textContent()) ?? '') as Receipt;
        const { logKey } = await community.collector!.drive();
        expect(verifyReceipt(record, receipt, logKey)).toMatchObject({ ok: true });
        await othersJudgeToo(record.context.localeJudged);
        expect(await releasedIds('1.0.0')).toContain(publicId(record.id));
        await item.locator('[data-attune="withdraw"]').click();
        await expect.poll(() => item.getAttribute('data-state'), { timeout: 30_000 }).toBe('withdrawn');
        expect((await rows()).map(({ id }) => id)).not.toContain(record.id);
        const list = verifyWithdrawals(await community.collector!.list(), 'open', logKey);
        expect(list.ok && list.entries.map(({ id }) => id)).toContain(publicId(record.id));
const next = await releasedIds('2.0.0');
        expect(next.size).toBeGreaterThan(0);
        expect(next).not.toContain(publicId(record.id));
        expect(await withoutWithdrawn('1.0.0')).toEqual(next);
      } finally {
        await second.close();
      }
    } finally {
      rmSync(profile, { recursive: true, force: true });
    }
  }, 240_000);
});

describe('access', () => {
  it.each(['light', 'dark'] as const)('axe finds nothing in consent, form, preview and my data, %s', { timeout: 240_000 }, async (colorScheme) => {
    await using other = await startSession({ build: community.build, context: { colorScheme } });
    const violations = async (page: Page): Promise<string[]> => (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    await other.page.goto(other.demo.url);
    await ask(other.page, 'de-verbruehung');
    await other.settled();
    await openMarks(other.page);
    const tab = await opened(other.page, () => popover(other.page).locator('[data-attune="feedback"]').click());
    await tab.locator('[data-attune="purpose-demographics"]').check();
    expect(await violations(tab)).toEqual([]);
    await agreeTo(tab, 'evaluate', 'demographics');
    expect(await violations(tab)).toEqual([]);
    await fillVerdict(tab, 'Hallo');
    await previewed(tab);
    expect(await violations(tab)).toEqual([]);
    await tab.locator('[data-attune="send"]').click();
    await tab.locator('[data-attune="sent"]').waitFor();
    const page = await myData(other);
    await page.emulateMedia({ colorScheme });
    await page.locator('[data-attune="my-item"]').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('[data-attune="withdraw-all"]').click();
    await page.locator('[data-attune="withdraw-all-yes"]').click();
    await expect.poll(() => page.locator('[data-attune="withdraw-all"]').count()).toBe(0);
  });
});

/** Kills the browser of a profile as a crash does. Only processes of this very profile. */
function killBrowser(profile: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (command.includes(`--user-data-dir=${profile}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
