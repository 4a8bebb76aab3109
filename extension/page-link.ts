/** The popup's and the side panel's end of the port to a page: connects, follows reloads, and says when nobody answers. */
import { browser } from 'wxt/browser';
import { PAGE_PORT, pageSnapshotSchema, type PageSnapshot, type PanelCommand } from './page-port.ts';

export type PageLinkState =
  | { readonly type: 'connecting' }
  /** No script of ours is in this tab (any more). */
  | { readonly type: 'none' }
  | { readonly type: 'page'; readonly snapshot: PageSnapshot };

export interface PageLink {
  send(command: PanelCommand): void;
  close(): void;
}

/** A reloaded page has its script only some moments after the load; then it is asked again. */
const RECONNECT_MS = 400;

export function linkToPage(tabId: number, onState: (state: PageLinkState) => void): PageLink {
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let port: ReturnType<typeof browser.tabs.connect> | null = null;

  function connect(): void {
    clearTimeout(timer);
    if (closed) return;
    const fresh = browser.tabs.connect(tabId, { name: PAGE_PORT, frameId: 0 });
    port = fresh;
    fresh.onMessage.addListener((raw: unknown) => {
      const parsed = pageSnapshotSchema.safeParse(raw);
      if (parsed.success && port === fresh) onState({ type: 'page', snapshot: parsed.data });
    });
    fresh.onDisconnect.addListener(() => {
      // Reading `lastError` tells the browser that "nobody is there" was expected.
      const { lastError: _expected } = browser.runtime;
      if (port !== fresh || closed) return;
      port = null;
      onState({ type: 'none' });
    });
  }

  const onUpdated = (updated: number, info: { status?: string | undefined }): void => {
    if (updated !== tabId || info.status !== 'complete' || port) return;
    timer = setTimeout(connect, RECONNECT_MS);
  };
  browser.tabs.onUpdated.addListener(onUpdated);
  onState({ type: 'connecting' });
  connect();

  return {
    send: (command) => port?.postMessage(command),
    close() {
      closed = true;
      clearTimeout(timer);
      browser.tabs.onUpdated.removeListener(onUpdated);
      port?.disconnect();
      port = null;
    },
  };
}

/** The tab that a page of ours is about: `?tab=12`, else null for "whichever is in front". */
export function tabFromAddress(search: string): number | null {
  const tab = new URLSearchParams(search).get('tab');
  return tab !== null && /^\d+$/.test(tab) ? Number(tab) : null;
}
