/** Firefox with the built extension in it, driven over WebDriver BiDi. */
import { launch, type Browser } from 'puppeteer-core';
import { firefoxPath } from './browsers.mjs';

export interface FirefoxWithExtension {
  readonly browser: Browser;
  close(): Promise<void>;
}

export async function launchFirefox(extension: string): Promise<FirefoxWithExtension> {
  const executablePath = firefoxPath();
  if (executablePath === undefined) throw new Error('No Firefox found. Run: node scripts/setup.mjs');
  const browser = await launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      // Host permissions of MV3 extensions are granted by a click otherwise, as for a temporary add-on.
      'extensions.originControls.grantByDefault': true,
      'datareporting.policy.dataSubmissionEnabled': false,
      'app.update.enabled': false,
    },
  });
  await browser.installExtension(extension);
  return { browser, close: () => browser.close() };
}
