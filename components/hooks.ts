/** What the extension's pages share: settings, the engine's description, and the link to a tab's page. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { browser } from 'wxt/browser';
import { backgroundInference } from '../extension/background-client.ts';
import type { Engine } from '../extension/messages.ts';
import { linkToPage, tabFromAddress, type PageLink, type PageLinkState } from '../extension/page-link.ts';
import type { PanelCommand } from '../extension/page-port.ts';
import { readSettings, watchSettings, type Settings } from '../extension/storage.ts';

/** The stored settings, kept up to date; null until they are read. */
export function useSettings(): Settings | null {
  const [settings, setSettings] = useState<Settings | null>(null);
  useEffect(() => {
    let live = true;
    const show = (next: Settings): void => {
      if (live) setSettings(next);
    };
    void readSettings().then(show);
    const stop = watchSettings(show);
    return () => {
      live = false;
      stop();
    };
  }, []);
  return settings;
}

export type EngineState = { readonly type: 'loading' } | { readonly type: 'ready'; readonly engine: Engine } | { readonly type: 'failed'; readonly reason: string };

/** What the inference host has loaded. Asking starts it. */
export function useEngine(): EngineState {
  const [state, setState] = useState<EngineState>({ type: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    backgroundInference()
      .describe(abort.signal)
      .then(
        (engine) => setState({ type: 'ready', engine }),
        (error: unknown) => {
          if (!abort.signal.aborted) setState({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
        },
      );
    return () => abort.abort();
  }, []);
  return state;
}

/** The tab this page is about: the one in its address, else the one in front, followed as the reader changes tabs. */
export function useTab(): number | null {
  const [tabId, setTabId] = useState<number | null>(() => tabFromAddress(location.search));
  useEffect(() => {
    if (tabFromAddress(location.search) !== null) return undefined;
    const look = (): void => {
      void browser.tabs.query({ active: true, currentWindow: true }).then(([tab]) => setTabId(tab?.id ?? null));
    };
    look();
    browser.tabs.onActivated.addListener(look);
    return () => browser.tabs.onActivated.removeListener(look);
  }, []);
  return tabId;
}

/** The page in a tab, and a way to command it. */
export function usePage(tabId: number | null): { page: PageLinkState; send: (command: PanelCommand) => void } {
  const [page, setPage] = useState<PageLinkState>({ type: 'connecting' });
  const link = useRef<PageLink | null>(null);
  useEffect(() => {
    if (tabId === null) return undefined;
    const opened = linkToPage(tabId, setPage);
    link.current = opened;
    return () => {
      opened.close();
      link.current = null;
    };
  }, [tabId]);
  const send = useCallback((command: PanelCommand) => link.current?.send(command), []);
  return { page, send };
}

/** Runs a change of the settings and keeps the reason when it could not be stored. */
export function useSaving(): { problem: string | null; save: (work: Promise<unknown>) => void } {
  const [problem, setProblem] = useState<string | null>(null);
  const save = useCallback((work: Promise<unknown>) => {
    work.then(
      () => setProblem(null),
      (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
    );
  }, []);
  return { problem, save };
}
