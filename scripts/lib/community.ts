/** A community server for trying things out: a collector on loopback with its data in `.cache/`, and the extension built for it. */
import { createServer } from 'node:net';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCollector } from '../../collector/collector.ts';
import { parseSettings } from '../../collector/config/settings.ts';
import { buildExtension, isStale } from './build.ts';
import { ROOT } from './run.ts';

export interface LocalCommunity {
  readonly url: string;
  /** The unpacked extension that was built for it. */
  readonly build: string;
  stop(): Promise<void>;
}

/** Where the collector listens unless something else does. The address is part of the build, so it should stay the same. */
const PORT = 8787;
const DATA = join(ROOT, '.cache/collector');
const OUTPUT = join(ROOT, '.output/community');

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Starts the collector and builds the extension for it where the last build is another one's.
 * @throws {OperatorError} with what to do when the embedded database does not start
 */
export async function startLocalCommunity(say: (line: string) => void): Promise<LocalCommunity> {
  await mkdir(DATA, { recursive: true });
  const port = (await isFree(PORT)) ? PORT : 0;
  const collector = await startCollector({ settings: parseSettings({ bind: `127.0.0.1:${port}` }, 'scripts/lib/community.ts'), data: DATA, onNotice: say });
  try {
    const build = join(OUTPUT, 'chrome-mv3');
    const stamp = join(OUTPUT, 'collector.txt');
    // The drive's facts and its log's key are built in, too: new data, new build.
    const facts = `${collector.url} ${await (await fetch(`${collector.url}/v1/drives`)).text()}`;
    const before = await readFile(stamp, 'utf8').catch(() => '');
    if (before !== facts || isStale(build)) {
      say('Building the extension…');
      await buildExtension('chrome', { collector: collector.url, folder: OUTPUT });
      await writeFile(stamp, facts);
    }
    return { url: collector.url, build, stop: collector.stop };
  } catch (error) {
    await collector.stop();
    throw error;
  }
}
