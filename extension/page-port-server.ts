/** The page's end of the port: greets whoever connects with a snapshot and pushes a new one when something changed. */
import { browser } from 'wxt/browser';
import { PAGE_PORT, panelCommandSchema, type PageSnapshot, type PanelCommand } from './page-port.ts';

export interface PagePort {
  /** Something changed. Pushes are gathered: at most one in {@link PUSH_MS}, and none while nobody looks. */
  push(): void;
}

const PUSH_MS = 120;

interface Options {
  readonly signal: AbortSignal;
  readonly snapshot: () => PageSnapshot;
  readonly command: (command: PanelCommand) => void;
}

interface PortLike {
  readonly name: string;
  postMessage(message: unknown): void;
  disconnect(): void;
  readonly onMessage: { addListener(listener: (message: unknown) => void): void };
  readonly onDisconnect: { addListener(listener: () => void): void };
}

export function servePagePort({ signal, snapshot, command }: Options): PagePort {
  const ports = new Set<PortLike>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function onConnect(port: PortLike): void {
    if (port.name !== PAGE_PORT) return;
    ports.add(port);
    port.onDisconnect.addListener(() => ports.delete(port));
    port.onMessage.addListener((raw) => {
      const parsed = panelCommandSchema.safeParse(raw);
      if (parsed.success) command(parsed.data);
    });
    port.postMessage(snapshot());
  }

  browser.runtime.onConnect.addListener(onConnect);
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(timer);
      browser.runtime.onConnect?.removeListener(onConnect);
      for (const port of ports) port.disconnect();
      ports.clear();
    },
    { once: true },
  );

  return {
    push() {
      if (ports.size === 0 || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        if (ports.size === 0) return;
        const message = snapshot();
        for (const port of ports) port.postMessage(message);
      }, PUSH_MS);
    },
  };
}
