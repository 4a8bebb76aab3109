/** Where the browsers are. Plain JavaScript without dependencies because `setup.mjs` runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** For browsers that are downloaded because the system has none. */
export const BROWSER_CACHE = fileURLToPath(new URL('../../.cache/browsers', import.meta.url));

/** A path can exist and still be no browser: Ubuntu's `chromium` package is a script that asks for a snap. */
function works(path) {
  return existsSync(path) && spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0;
}

/** Files called `name` in the folders of the cache that start with `prefix`, newest version first. */
function cached(prefix, name) {
  if (!existsSync(BROWSER_CACHE)) return [];
  return readdirSync(BROWSER_CACHE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === name && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => path.slice(BROWSER_CACHE.length + 1).startsWith(prefix))
    .sort()
    .reverse();
}

function first(chosen, candidates) {
  return (chosen ? [chosen] : candidates).find(works);
}

/** Chromium or Chrome for Testing; Google Chrome itself no longer loads extensions from a folder. */
export function chromiumPath() {
  return first(process.env.ATTUNE_CHROMIUM, [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    ...cached('chromium', 'chrome'),
    ...cached('chromium', 'Chromium'),
    ...cached('chromium', 'chrome.exe'),
  ]);
}

/** Firefox 140 or newer, which has CSS.highlights. */
export function firefoxPath() {
  return first(process.env.ATTUNE_FIREFOX, [
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    ...cached('firefox', 'firefox'),
    ...cached('firefox', 'firefox.exe'),
  ]);
}
