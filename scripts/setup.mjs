/**
 * Gets a fresh clone ready for `npm start` and `npm test`, and does nothing when all is there. Runs before both, on any
 * Node from 20 and with npm only, so it uses no dependency and no TypeScript.
 *
 *   node scripts/setup.mjs [start|test]     `start` needs Chromium, `test` (the default) Firefox too
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumPath, firefoxPath, BROWSER_CACHE } from './lib/browsers.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const purpose = process.argv[2] ?? 'test';

/** What an answer in each script needs to be readable on a screenshot. */
const FONT_LANGUAGES = ['ja', 'hi', 'ar'];
const FONT_PACKAGES = ['fonts-noto-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji'];

function say(line) {
  console.log(`setup: ${line}`);
}

function fail(what, todo) {
  console.error(`setup: ${what}\n       ${todo}`);
  process.exit(1);
}

/** Runs a command with its output shown; true when it succeeded. */
function run(command, args, env = {}) {
  say(`running ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

// --- Packages

/**
 * Whether node_modules holds what package-lock.json says. npm keeps a copy of the lock file there, of what it really
 * installed; packages for other systems are listed in one and not in the other.
 */
function packagesAreInstalled() {
  const installedFile = new URL('../node_modules/.package-lock.json', import.meta.url);
  if (!existsSync(installedFile)) return false;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === version : Boolean(optional || devOptional || peer);
  });
}

function npm(...args) {
  const cli = process.env.npm_execpath;
  return cli && /\.c?js$/.test(cli) ? run(process.execPath, [cli, ...args]) : run('npm', args);
}

function installPackages() {
  if (packagesAreInstalled()) return;
  say('installing the packages of package-lock.json (a few minutes the first time)');
  if (!npm('ci')) {
    fail('npm ci did not succeed.', 'See its message above; check the network and the npm registry, then try again.');
  }
}

function checkNode() {
  const { stdout } = spawnSync(fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url)), ['--version']);
  const version = stdout?.toString().trim() ?? '';
  if (/^v24\./.test(version)) return;
  fail(
    `the "node" package should give Node 24 and gives ${version || 'nothing'}.`,
    'Install scripts may be switched off: run "npm rebuild node" (with ignore-scripts=false), then try again.',
  );
}

// --- System packages

const apt = (() => {
  if (!succeeds('apt-get', ['--version'])) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  return succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n', 'apt-get'] : undefined;
})();

let listsAreFresh = false;

function aptInstall(packages) {
  if (!apt) return false;
  const [command, ...prefix] = apt;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const options = ['-o', 'DPkg::Lock::Timeout=180', '-qq'];
  if (!listsAreFresh) listsAreFresh = run(command, [...prefix, ...options, 'update'], env);
  return run(command, [...prefix, ...options, 'install', '-y', '--no-install-recommends', ...packages], env);
}

function installChromium() {
  if (chromiumPath()) return;
  say('no Chromium found');
  aptInstall(['chromium']);
  if (chromiumPath()) return;
  run('npx', ['playwright-core', 'install', 'chromium'], { PLAYWRIGHT_BROWSERS_PATH: BROWSER_CACHE });
  if (chromiumPath()) return;
  fail(
    'Chromium could not be installed.',
    'Install it (Debian: apt-get install chromium) or set ATTUNE_CHROMIUM to its path, then try again. ' +
      'Google Chrome will not do: it refuses to load extensions from a folder.',
  );
}

function installFirefox() {
  if (firefoxPath()) return;
  say('no Firefox found');
  aptInstall(['firefox-esr']);
  if (firefoxPath()) return;
  run('npx', ['browsers', 'install', 'firefox@stable', '--path', BROWSER_CACHE]);
  if (firefoxPath()) return;
  const todo = 'Install it (Debian: apt-get install firefox-esr) or set ATTUNE_FIREFOX to its path.';
  if (process.env.CI) fail('Firefox could not be installed.', todo);
  say(`Firefox could not be installed; its tests will be skipped. ${todo}`);
}

function installFonts() {
  if (process.platform !== 'linux') return;
  const missing = FONT_LANGUAGES.filter((language) => {
    const { stdout } = spawnSync('fc-list', [`:lang=${language}`, 'family']);
    return !stdout?.toString().trim();
  });
  if (missing.length === 0) return;
  say(`no fonts for ${missing.join(', ')}`);
  if (!aptInstall(FONT_PACKAGES)) say('without them some answers show as boxes; everything else works.');
}

if (!['start', 'test'].includes(purpose)) fail(`unknown purpose "${purpose}".`, 'Use "start" or "test".');
installPackages();
checkNode();
installChromium();
if (purpose === 'test') installFirefox();
installFonts();
