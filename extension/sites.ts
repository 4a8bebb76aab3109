/** Sites beyond the built-in ones: the reader grants access to one origin, and the same content script is registered for it. */
import { browser } from 'wxt/browser';
import { settings } from './storage.ts';

const SCRIPT = '/content-scripts/chat.js';
const STYLES = '/content-scripts/chat.css';

/** `https://chat.example.org` → `https://chat.example.org/*`; null for pages no extension may read. */
export function originPattern(url: string): string | null {
  try {
    const { protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') return null;
    return `${protocol}//${hostname}/*`;
  } catch {
    return null;
  }
}

/**
 * Asks for access to an origin and switches Attune on there. Must be called from a click: the browser shows its own question.
 * Returns whether the reader agreed.
 */
export async function addSite(pattern: string, tabId: number | undefined): Promise<boolean> {
  if (!(await browser.permissions.request({ origins: [pattern] }))) return false;
  await settings.sites.update((sites) => ({ ...sites, extra: [...new Set([...sites.extra, pattern])] }));
  await registerExtraSites();
  if (tabId !== undefined) {
    // The page that is open now should not need a reload.
    await browser.scripting.insertCSS({ target: { tabId }, files: [STYLES] });
    await browser.scripting.executeScript({ target: { tabId }, files: [SCRIPT] });
  }
  return true;
}

/** Gives an origin back: no script, no permission. */
export async function removeSite(pattern: string): Promise<void> {
  await settings.sites.update((sites) => ({ ...sites, extra: sites.extra.filter((other) => other !== pattern) }));
  await browser.permissions.remove({ origins: [pattern] }).catch(() => false);
  await registerExtraSites();
}

/** Makes the registered scripts match the list in storage: after an install, an update, or a change of the list. */
export async function registerExtraSites(): Promise<void> {
  const { extra } = await settings.sites.get();
  const registered = await browser.scripting.getRegisteredContentScripts();
  const wanted = new Map(extra.map((pattern) => [`site:${pattern}`, pattern]));
  const stale = registered.map(({ id }) => id).filter((id) => id.startsWith('site:') && !wanted.has(id));
  if (stale.length > 0) await browser.scripting.unregisterContentScripts({ ids: stale });
  const fresh = [...wanted].filter(([id]) => !registered.some((script) => script.id === id));
  for (const [id, pattern] of fresh) {
    if (!(await browser.permissions.contains({ origins: [pattern] }))) continue;
    await browser.scripting.registerContentScripts([{ id, matches: [pattern], js: [SCRIPT], css: [STYLES], runAt: 'document_idle', persistAcrossSessions: true }]);
  }
}
