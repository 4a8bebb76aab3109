import { defineConfig } from 'wxt';
import type { UserManifest } from 'wxt';
import { communityOf, type CommunityBuild } from './extension/build/community.ts';
import { collectBundledFiles } from './extension/build/collect-assets.ts';
import { ortForExtensions } from './extension/build/ort-for-extensions.ts';

/**
 * The extension is built for two browsers from one source. Everything it needs (packs, model, WebAssembly) travels in the package:
 * the CSP below lets its pages talk to themselves and, in a build for a community, to that one collector, so "on device" is enforced
 * by the browser, not promised by us.
 */
function extensionCsp(community: CommunityBuild | null): string {
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `connect-src 'self'${community ? ` ${community.collector}` : ''}`,
    "object-src 'self'",
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "frame-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** Asked once for both of what needs it. */
let asked: Promise<CommunityBuild | null> | undefined;
const community = (): Promise<CommunityBuild | null> => (asked ??= communityOf(process.env));

/** WebGPU is tried only in builds that ask for it: docs/classifier.md says why. */
const WEBGPU = process.env['WXT_WEBGPU'] === '1';

const OPTIONAL_HOSTS = ['https://*/*', 'http://*/*'];

function manifestFor(browser: string, collector: CommunityBuild | null): UserManifest {
  const shared: UserManifest = {
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    // Feedback that waits for the collector is sent by an alarm.
    permissions: ['storage', 'contextMenus', 'activeTab', 'scripting', ...(collector ? ['alarms' as const] : [])],
    optional_host_permissions: OPTIONAL_HOSTS,
    content_security_policy: { extension_pages: extensionCsp(collector) },
    action: { default_title: '__MSG_extension_name__' },
    commands: {
      'next-mark': {
        suggested_key: { default: 'Alt+Shift+A' },
        description: '__MSG_extension_commandNextMark__',
      },
    },
  };
  if (browser === 'firefox') {
    return {
      ...shared,
      browser_specific_settings: {
        gecko: {
          id: 'attune@attune',
          strict_min_version: '140.0',
          // Asked for only when a reader agrees to give feedback; reviewing sends nothing.
          data_collection_permissions: { required: ['none'], ...(collector ? { optional: ['websiteContent', 'technicalAndInteraction'] } : {}) },
        },
      },
    };
  }
  return {
    ...shared,
    // Features of 2024: `Promise.withResolvers` (119), `:dir()` (120), `light-dark()` (123), iterator helpers (122).
    minimum_chrome_version: '125',
    permissions: [...(shared.permissions ?? []), 'offscreen', 'sidePanel'],
  };
}

export default defineConfig({
  // Explicit imports only: a reader of a file sees where each name comes from.
  imports: false,
  manifestVersion: 3,
  modules: ['@wxt-dev/module-react', '@wxt-dev/i18n/module'],
  manifest: async ({ browser }) => manifestFor(browser, await community()),
  ...(process.env['ATTUNE_OUT_DIR'] ? { outDir: process.env['ATTUNE_OUT_DIR'] } : {}),
  vite: async () => ({
    define: { __ATTUNE_COMMUNITY__: JSON.stringify(await community()), __ATTUNE_WEBGPU__: String(WEBGPU) },
    plugins: [ortForExtensions()],
    build: { target: 'es2023', assetsInlineLimit: 0 },
  }),
  hooks: {
    'build:publicAssets': async (wxt, files) => {
      const { found, missing } = await collectBundledFiles(wxt.config.root, { webgpu: WEBGPU });
      files.push(...found);
      for (const { file, effect } of missing) wxt.logger.warn(`Not bundled: ${file}. ${effect}`);
    },
  },
  zip: {
    excludeSources: ['models/training/**', 'node_modules/**', '**/.venv/**', 'coverage/**', 'test-results/**'],
  },
});
