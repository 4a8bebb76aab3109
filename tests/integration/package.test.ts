/** What is in the packages that readers install: permissions, addresses, policies, weight. Runs on what `wxt zip` made. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SITES } from '../../chat/sites/index.ts';
import { CHROME_BUILD, FIREFOX_BUILD } from '../../scripts/lib/build.ts';
import { ROOT } from '../../scripts/lib/run.ts';

const MAX_ZIP_BYTES = 20 * 1024 * 1024;

interface Manifest {
  readonly manifest_version: number;
  readonly permissions: readonly string[];
  readonly host_permissions?: readonly string[];
  readonly optional_permissions?: readonly string[];
  readonly optional_host_permissions?: readonly string[];
  readonly content_scripts: readonly {
    readonly matches: readonly string[];
    readonly run_at?: string;
    readonly all_frames?: boolean;
    readonly world?: string;
  }[];
  readonly content_security_policy: { readonly extension_pages: string };
  readonly web_accessible_resources?: readonly { readonly resources: readonly string[]; readonly matches?: readonly string[] }[];
  readonly externally_connectable?: unknown;
  readonly browser_specific_settings?: { readonly gecko: { readonly data_collection_permissions: unknown } };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe.each([
  ['Chrome', CHROME_BUILD],
  ['Firefox', FIREFOX_BUILD],
])('the package for %s', (browser, folder) => {
  let manifest: Manifest;
  let files: string[];

  beforeAll(() => {
    if (!existsSync(join(folder, 'manifest.json'))) throw new Error('It is not built. Run: npm run zip');
    manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    files = filesIn(folder);
  });

  it('asks for these permissions and no others', () => {
    const common = ['activeTab', 'contextMenus', 'scripting', 'storage'];
    expect(manifest.manifest_version).toBe(3);
    expect([...manifest.permissions].sort()).toEqual(browser === 'Chrome' ? [...common, 'offscreen', 'sidePanel'].sort() : common);
    expect(manifest.host_permissions ?? []).toEqual([]);
    expect(manifest.optional_permissions ?? []).toEqual([]);
    expect([...(manifest.optional_host_permissions ?? [])].sort()).toEqual(['http://*/*', 'https://*/*']);
    expect(manifest.externally_connectable).toBeUndefined();
  });

  it('runs on the chat sites of chat/sites and nowhere else, in a world of its own', () => {
    const matches = new Set(manifest.content_scripts.flatMap((script) => script.matches));
    const known = new Set(SITES.flatMap((site) => site.matches));
    expect([...matches].filter((match) => !known.has(match))).toEqual([]);
    for (const script of manifest.content_scripts) {
      expect(script.world ?? 'ISOLATED').toBe('ISOLATED');
      expect(script.all_frames ?? false).toBe(false);
      expect(script.run_at).toBe('document_idle');
    }
  });

  it('lets its pages talk to themselves only', () => {
    const policy = Object.fromEntries(
      manifest.content_security_policy.extension_pages.split(';').map((directive) => {
        const [name = '', ...values] = directive.trim().split(/\s+/);
        return [name, values];
      }),
    );
    expect(policy['default-src']).toEqual(["'self'"]);
    expect(policy['script-src']).toEqual(["'self'", "'wasm-unsafe-eval'"]);
    expect(policy['connect-src']).toEqual(["'self'"]);
    expect(Object.values(policy).flat().join(' ')).not.toMatch(/https?:|\*|'unsafe-eval'/);
  });

  it('carries no runtime for WebGPU: that is for builds that ask for it', () => {
    expect(files.filter((file) => /jspi|golden/.test(file))).toEqual([]);
  });

  it('shows nothing of itself to web pages', () => {
    expect(manifest.web_accessible_resources ?? []).toEqual([]);
  });

  it('has no code that fetches from or imports a web address', () => {
    const fetching =
      /(?:fetch|import|importScripts|WebSocket|EventSource|sendBeacon|new URL|new Worker|new SharedWorker)\(\s*["'`](?:https?:|wss?:)?\/\/[^"'`]{0,80}/g;
    const markup = /<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?:https?:)?\/\/[^"'> ]+/g;
    const found = files
      .filter((file) => /\.(?:m?js|html|css)$/.test(file))
      .flatMap((file) => {
        const code = readFileSync(file, 'utf8');
        const pattern = file.endsWith('.html') ? markup : file.endsWith('.css') ? /url\(\s*["']?(?:https?:)?\/\/[^)]+/g : fetching;
        return [...code.matchAll(pattern)].map(([hit]) => `${file.slice(folder.length + 1)}: ${hit}`);
      });
    expect(found).toEqual([]);
  });

  it('makes no code out of strings', () => {
    const found = files
      .filter((file) => /\.m?js$/.test(file))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/(?<![\w.$])eval\(/g)].map(
          ({ index }) => `${file.slice(folder.length + 1)} at ${String(index)}`,
        ),
      );
    expect(found).toEqual([]);
  });

  it('has scripts that the browser reads as text without breaking characters', () => {
    // Chrome refuses a content script with characters that are no valid UTF-8, or noncharacters.
    for (const file of files.filter((each) => /\.m?js$/.test(each))) {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
      expect(/[\uFDD0-\uFDEF\uFFFE\uFFFF]/.test(text), file).toBe(false);
    }
  });
});

it('asks Firefox readers for no data to be collected', () => {
  const manifest = JSON.parse(readFileSync(join(FIREFOX_BUILD, 'manifest.json'), 'utf8')) as Manifest;
  expect(manifest.browser_specific_settings?.gecko.data_collection_permissions).toEqual({
    required: ['none'],
  });
});

it.each(['chrome', 'firefox'])('is at most 20 MB zipped for %s', (browser) => {
  const folder = join(ROOT, '.output');
  const zips = readdirSync(folder).filter((name) => name.endsWith(`-${browser}.zip`));
  expect(zips).toHaveLength(1);
  for (const zip of zips) expect(statSync(join(folder, zip)).size).toBeLessThanOrEqual(MAX_ZIP_BYTES);
});
