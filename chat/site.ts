/** Which site a page is. Hosts first; what can live anywhere is recognised by what is on the page. */
import { SITES, type Site } from './sites/index.ts';

export type SiteMatch = { readonly type: 'site'; readonly site: Site } | { readonly type: 'none'; readonly reason: NoSite };

/** Why a page is not (yet) a chat. `not-detected` can change while the page is still building itself. */
export type NoSite = 'unknown-host' | 'not-detected';

/** The part of `Location` that matters here. */
export interface PageAddress {
  readonly hostname: string;
  readonly pathname: string;
}

/** Finds the site of a page: a site named by its host wins over one that is only recognised. */
export function siteFor(location: PageAddress, document: Document, sites: readonly Site[] = SITES): SiteMatch {
  const host = location.hostname.toLowerCase();
  const named = sites.filter((site) => site.hosts.includes(host));
  const anywhere = sites.filter((site) => site.hosts.length === 0);
  const found = [...named, ...anywhere].find((site) => isDetected(site, document));
  if (found) return { type: 'site', site: found };
  return { type: 'none', reason: named.length > 0 || anywhere.length > 0 ? 'not-detected' : 'unknown-host' };
}

function isDetected(site: Site, document: Document): boolean {
  return site.detect.length === 0 || site.detect.some((selector) => document.querySelector(selector) !== null);
}

/** How often and how long a page is asked again: single-page apps draw themselves after the script has started. */
const RETRY_MS = 500;
const GIVE_UP_MS = 30_000;

/** Like `siteFor`, but waits for a page that is still building itself. */
export function siteWhenReady(
  location: PageAddress,
  document: Document,
  signal: AbortSignal,
  sites: readonly Site[] = SITES,
): Promise<SiteMatch> {
  return new Promise((resolve) => {
    const started = Date.now();
    const ask = (): void => {
      const match = siteFor(location, document, sites);
      if (match.type === 'site' || match.reason === 'unknown-host' || signal.aborted || Date.now() - started > GIVE_UP_MS) {
        resolve(match);
        return;
      }
      setTimeout(ask, RETRY_MS);
    };
    ask();
  });
}

/** Longest path that a conversation pattern is run on. */
const MAX_PATH = 512;

/** The conversation's id in a page's address, or null (a new chat, a temporary one). */
export function conversationOf(site: Site, location: PageAddress): string | null {
  if (site.conversationId === null) return null;
  const match = new RegExp(site.conversationId, 'iu').exec(location.pathname.slice(0, MAX_PATH));
  return match?.[1] ?? null;
}
