/** The offscreen document's side of the messages: what is addressed to `inference` goes to the Worker, the rest is not ours. */
import { browser } from 'wxt/browser';
import { inferenceRequestSchema } from '../messages.ts';
import type { WorkerHost } from './worker-host.ts';

/** After this long without work the document closes itself: model and packs are out of memory until the next review. */
const IDLE_CLOSE_MS = 10 * 60_000;

export function serveInference(host: WorkerHost): void {
  let idle = setTimeout(close, IDLE_CLOSE_MS);
  function close(): void {
    if (host.pending === 0) window.close();
    else touch();
  }
  function touch(): void {
    clearTimeout(idle);
    idle = setTimeout(close, IDLE_CLOSE_MS);
  }

  browser.runtime.onMessage.addListener((message: unknown, sender, sendResponse) => {
    const parsed = inferenceRequestSchema.safeParse(message);
    if (!parsed.success || sender.id !== browser.runtime.id) return undefined;
    touch();
    void host.ask(parsed.data).then(sendResponse);
    return true;
  });
}
