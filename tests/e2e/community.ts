/** A community for the browser tests: a real collector with its own PostgreSQL on loopback, and the extension built for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildExtension } from '../../scripts/lib/build.ts';
import { temporaryFolder, removeFolder, testCollector, type TestCollector } from '../integration/collector/harness.ts';

export interface Community extends AsyncDisposable {
  readonly url: string;
  readonly drive: string;
  /** The unpacked extension that was built for this collector. */
  readonly build: string;
  /** Null while it is down. */
  readonly collector: TestCollector | null;
  up(): Promise<TestCollector>;
  down(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const CONTROLLER = { name: 'Example Association', address: '1 Example Street, Exampletown', contact: 'privacy@example.org' };

export async function startCommunity(): Promise<Community> {
  const data = temporaryFolder();
  const folder = await mkdtemp(join(tmpdir(), 'attune-community-build-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let collector: TestCollector | null = null;
  const up = async (): Promise<TestCollector> =>
    (collector ??= await testCollector({
      data,
      // The price of a request as it is by default: the tests pay it like everybody.
      settings: { bind: `127.0.0.1:${port}`, work: { cost: 2000, prefix: '0' }, controller: CONTROLLER, jurisdiction: 'Germany (GDPR)', storageLocation: 'Germany', minimumAge: 16, retentionDays: 730, drives: [{ id: 'open', title: 'Attune community' }], name: 'collector.example' },
      now: () => new Date(),
    }));
  const down = async (): Promise<void> => {
    const running = collector;
    collector = null;
    await running?.stop();
  };
  await up();
  await buildExtension('chrome', { collector: url, folder });
  return {
    url,
    drive: 'open',
    build: join(folder, 'chrome-mv3'),
    get collector() {
      return collector;
    },
    up,
    down,
    [Symbol.asyncDispose]: async () => {
      await down();
      removeFolder(data);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for the tab that a click opens. */
export async function opened(page: Page, click: () => Promise<void>): Promise<Page> {
  const [tab] = await Promise.all([page.context().waitForEvent('page'), click()]);
  await tab.locator('[data-attune="feedback"]').waitFor();
  return tab;
}

/** Agrees on the consent page, with these ticks. */
export async function agreeTo(tab: Page, ...purposes: string[]): Promise<void> {
  for (const purpose of purposes) await tab.locator(`[data-attune="purpose-${purpose}"]`).check();
  await tab.locator('[data-attune="age"]').check();
  await tab.locator('[data-attune="agree"]').click();
  await tab.locator('[data-attune="feedback-form"]').waitFor();
}
