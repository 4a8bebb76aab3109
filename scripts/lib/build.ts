/** Builds the extension when its sources are newer than what was built. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.ts';

/** Everything that ends up in the package. */
const SOURCES = [
  ...['assets', 'chat', 'components', 'entrypoints', 'extension', 'feedback', 'locales', 'models', 'packs', 'public', 'review'],
  ...['package-lock.json', 'wxt.config.ts'],
];

const NOT_SOURCES = /^(?:training|evaluation|node_modules|__pycache__|\.venv)$|\.test\.tsx?$|\.md$/;

/** ATTUNE_CHROME_BUILD tests a package from elsewhere, say one of a release. */
export const CHROME_BUILD = process.env['ATTUNE_CHROME_BUILD'] ?? join(ROOT, '.output/chrome-mv3');
export const FIREFOX_BUILD = process.env['ATTUNE_FIREFOX_BUILD'] ?? join(ROOT, '.output/firefox-mv3');

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(
    stats.mtimeMs,
    ...readdirSync(path)
      .filter((name) => !NOT_SOURCES.test(name))
      .map((name) => newest(join(path, name))),
  );
}

export function isStale(build: string): boolean {
  const manifest = join(build, 'manifest.json');
  if (!existsSync(manifest)) return true;
  const built = statSync(manifest).mtimeMs;
  return SOURCES.some((path) => newest(join(ROOT, path)) > built);
}

const BUILD_TIMEOUT_MS = 5 * 60_000;

/** A build for a community server: its address, and the folder to build into. */
export interface CommunityTarget {
  readonly collector: string;
  readonly folder: string;
}

/** A build that may use WebGPU, and the folder to build into. */
export interface WebgpuTarget {
  readonly webgpu: true;
  readonly folder: string;
}

function targetEnvironment(target: CommunityTarget | WebgpuTarget): Record<string, string> {
  return { ATTUNE_OUT_DIR: target.folder, ...('webgpu' in target ? { WXT_WEBGPU: '1' } : { WXT_COLLECTOR_URL: target.collector }) };
}

/** Builds for one browser; throws with WXT's own words when it cannot. Without a target it is the build without feedback. */
export async function buildExtension(browser: 'chrome' | 'firefox', target?: CommunityTarget | WebgpuTarget): Promise<void> {
  const args = browser === 'chrome' ? ['build'] : ['build', '-b', 'firefox', '--mv3'];
  // Under a test runner NODE_ENV is "test", and React would build another package.
  const env = { NODE_ENV: 'production', ...(target && targetEnvironment(target)) };
  const { code, output } = await run('wxt', args, { timeoutMs: BUILD_TIMEOUT_MS, env });
  if (code !== 0) throw new Error(`wxt ${args.join(' ')} failed:\n${output}`);
}
