/** Chromium with the built extension in it and a profile of its own, for `npm start` and the browser tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { chromiumPath } from './browsers.mjs';

export interface LaunchOptions {
  /** Folder of an unpacked extension; without one the same browser starts bare, to compare with. */
  readonly extension?: string | undefined;
  readonly headless: boolean;
  /** Folder of a profile to use again; a temporary one otherwise, deleted by `close`. */
  readonly profile?: string | undefined;
  readonly context?: BrowserContextOptions;
  readonly args?: readonly string[];
  /** Language of the browser's own interface, which the extension's follows; BCP-47. */
  readonly language?: string | undefined;
}

export interface ChromiumWithExtension {
  readonly context: BrowserContext;
  /** Empty without an extension. */
  readonly extensionId: string;
  close(): Promise<void>;
}

const SERVICE_WORKER_TIMEOUT_MS = 20_000;

/** Nothing that goes out to the network, and no first-run pages. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

/** Without a display Chromium draws two frames a second unless told otherwise, and everything that waits for one crawls. */
const HEADLESS = ['--headless=new', '--disable-frame-rate-limit'];

export async function launchChromium(options: LaunchOptions): Promise<ChromiumWithExtension> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('No Chromium found. Run: node scripts/setup.mjs');
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'attune-profile-')));
  const deleteProfile = async () => {
    if (options.profile === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };

  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      // Playwright's own headless mode is another program that loads no extensions.
      headless: false,
      // Sandboxing needs another user than root.
      chromiumSandbox: process.getuid?.() !== 0,
      // Playwright ends the process on Ctrl-C at once; we close the browser and delete the profile first.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [
        ...QUIET,
        ...(options.headless ? HEADLESS : []),
        ...(options.extension === undefined
          ? ['--disable-extensions']
          : [`--disable-extensions-except=${options.extension}`, `--load-extension=${options.extension}`]),
        ...(options.language === undefined ? [] : [`--lang=${options.language}`]),
        ...(options.args ?? []),
      ],
      // On Linux the interface follows this variable, elsewhere the switch above.
      env: { ...(process.env as Record<string, string>), ...(options.language === undefined ? {} : { LANGUAGE: options.language }) },
      ...options.context,
    });
    return {
      context,
      extensionId: options.extension === undefined ? '' : await extensionIdOf(context),
      close: async () => {
        await context.close();
        await deleteProfile();
      },
    };
  } catch (error) {
    await deleteProfile();
    throw error;
  }
}

async function extensionIdOf(context: BrowserContext): Promise<string> {
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker', { timeout: SERVICE_WORKER_TIMEOUT_MS }));
  return new URL(worker.url()).host;
}
