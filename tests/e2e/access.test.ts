/** Everything by keyboard, nothing that a screen reader cannot use, and both writing directions. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, badge, popover, startSession, type Session } from './harness.ts';

let session: Session;

beforeAll(async () => {
  session = await startSession();
});

afterAll(() => session?.close());

/** What has the focus, seen through the shadow root. */
function focused(page: Page): Promise<string | null | undefined> {
  return page.evaluate(() => {
    const active = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return active?.getAttribute('data-attune') ?? active?.getAttribute('data-testid');
  });
}

/** Presses Tab until `name` has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const MOST_STOPS = 80;
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`"${name}" was not reached in ${String(MOST_STOPS)} steps`);
}

async function violations(page: Page, include?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations: found } = await (include ? axe.include(include) : axe).analyze();
  return found.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('by keyboard alone', () => {
  it('reaches the badge, opens the popover, and comes back with Escape', async () => {
    const { page, demo } = session;
    await page.goto(demo.url);
    await ask(page, 'de-verbruehung');
    await session.settled();
    await page.locator('[data-testid="composer"]').focus();
    await tabTo(page, 'badge');
    await page.keyboard.press('Enter');
    await popover(page).waitFor();
    await expect.poll(() => focused(page)).toBe('popover');
    for (const name of ['close', 'insert', 'copy', 'dismiss', 'mute']) await tabTo(page, name);
    await page.keyboard.press('Escape');
    await popover(page).waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('badge');
  });

  it('types nothing into the page meanwhile', async () => {
    const { page } = session;
    expect(await page.locator('[data-testid="composer"]').inputValue()).toBe('');
  });
});

describe('axe finds nothing', () => {
  it.each(['light', 'dark'] as const)('in the popover, %s', async (colorScheme) => {
    const { page, demo } = session;
    await page.emulateMedia({ colorScheme });
    await page.goto(demo.url);
    await ask(page, 'en-rye-bread');
    await session.settled();
    await badge(page).click();
    await popover(page).waitFor();
    expect(await violations(page, 'attune-ui')).toEqual([]);
  });

  it.each([
    ['popup', 'light'],
    ['popup', 'dark'],
    ['options', 'light'],
    ['options', 'dark'],
    ['sidepanel', 'light'],
    ['sidepanel', 'dark'],
    ['welcome', 'light'],
    ['welcome', 'dark'],
  ] as const)('in the page %s, %s', async (name, colorScheme) => {
    const page = await session.page.context().newPage();
    await page.emulateMedia({ colorScheme });
    await page.goto(`chrome-extension://${session.extensionId}/${name}.html`);
    await page.locator('main, [role="main"]').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.close();
  });
});

describe('right to left', () => {
  it('shows marks and popover of an Arabic answer inside the window', async () => {
    const { page, demo } = session;
    await page.emulateMedia({ colorScheme: 'light' });
    await session.setReader('ar-SA');
    await page.goto(demo.url);
    await ask(page, 'ar-ijtimaa');
    await session.settled();
    await badge(page).click();
    const box = await popover(page).boundingBox();
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
    expect(box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true);
    await session.setReader('de-DE');
  });

  it('turns the whole UI round in a browser that speaks Arabic', async () => {
    await using arabic = await startSession({ language: 'ar' });
    await ask(arabic.page, 'de-verbruehung');
    await arabic.settled();
    await badge(arabic.page).click();
    expect(await popover(arabic.page).evaluate((node) => getComputedStyle(node).direction)).toBe('rtl');
    expect(await violations(arabic.page, 'attune-ui')).toEqual([]);
  });
});
