import { defineConfig } from 'wxt';
import type { UserManifest } from 'wxt';
import { collectBundledFiles } from './extension/build/collect-assets.ts';
import { ortForExtensions } from './extension/build/ort-for-extensions.ts';

/**
 * The extension is built for two browsers from one source. Everything it needs (packs, model, WebAssembly) travels in the package:
 * the CSP below lets its pages talk to themselves and to nobody else, so "on device" is enforced by the browser, not promised by us.
 */
export const EXTENSION_CSP = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "object-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "frame-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

const OPTIONAL_HOSTS = ['https://*/*', 'http://*/*'];

function manifestFor(browser: string): UserManifest {
  const shared: UserManifest = {
    name: '__MSG_extension_name__',
    description: '__MSG_extension_description__',
    default_locale: 'en',
    permissions: ['storage', 'contextMenus', 'activeTab', 'scripting'],
    optional_host_permissions: OPTIONAL_HOSTS,
    content_security_policy: { extension_pages: EXTENSION_CSP },
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
          // `websiteContent` is asked for only when a reader submits feedback; reviewing sends nothing.
          data_collection_permissions: { required: ['none'], optional: ['websiteContent'] },
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
  manifest: ({ browser }) => manifestFor(browser),
  vite: () => ({
    plugins: [ortForExtensions()],
    build: { target: 'es2023', assetsInlineLimit: 0 },
  }),
  hooks: {
    'build:publicAssets': async (wxt, files) => {
      const { found, missing } = await collectBundledFiles(wxt.config.root);
      files.push(...found);
      for (const { file, effect } of missing) wxt.logger.warn(`Not bundled: ${file}. ${effect}`);
    },
  },
  zip: {
    excludeSources: ['models/training/**', 'node_modules/**', '**/.venv/**', 'coverage/**', 'test-results/**'],
  },
});
