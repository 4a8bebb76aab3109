/** How the background script reaches the inference host: through the offscreen document (Chrome) or right here (Firefox). */
import { browser } from 'wxt/browser';
import type { FailureReply, InferenceRequest } from '../messages.ts';
import { createWorkerHost } from '../inference/worker-host.ts';

export interface InferenceRoute {
  /** Never rejects: a lost host is an `unavailable` reply, and the client asks again. */
  forward(request: InferenceRequest): Promise<unknown>;
}

const OFFSCREEN_PAGE = '/inference.html';

const unavailable = (error: unknown): FailureReply => ({
  ok: false,
  code: 'unavailable',
  message: error instanceof Error ? error.message : String(error),
});

/** Firefox has event pages, which may start Workers themselves. */
export function createWorkerRoute(): InferenceRoute {
  const host = createWorkerHost(() => new Worker(browser.runtime.getURL('/inference-worker.js')));
  return { forward: (request) => host.ask(request) };
}

/** The few browser functions of the offscreen route, so that its races can be tested. */
export interface OffscreenApi {
  exists(): Promise<boolean>;
  create(): Promise<void>;
  send(request: InferenceRequest): Promise<unknown>;
}

/**
 * Chrome allows one offscreen document and refuses a second, and several tabs may ask at the same moment: all wait for one creation.
 * The document may have closed itself since; so its existence is checked each time instead of remembered.
 */
export function createOffscreenRoute(api: OffscreenApi): InferenceRoute {
  let creating: Promise<void> | null = null;

  async function ensure(): Promise<void> {
    if (await api.exists()) return;
    creating ??= api.create().finally(() => {
      creating = null;
    });
    try {
      await creating;
    } catch (error) {
      // A service worker that died during the creation leaves a document behind that its successor does not know of.
      if (!(await api.exists())) throw error;
    }
  }

  return {
    async forward(request) {
      try {
        if (request.type === 'cancel' && !(await api.exists())) return null;
        await ensure();
        const reply = await api.send(request);
        return reply ?? (request.type === 'cancel' ? null : unavailable('The review engine went away.'));
      } catch (error) {
        return unavailable(error);
      }
    },
  };
}

/** The real thing, for Chrome. */
export function chromeOffscreen(): OffscreenApi {
  return {
    async exists() {
      const contexts = await chrome.runtime.getContexts({ contextTypes: [chrome.runtime.ContextType.OFFSCREEN_DOCUMENT] });
      return contexts.length > 0;
    },
    create: () =>
      chrome.offscreen.createDocument({
        url: OFFSCREEN_PAGE,
        reasons: [chrome.offscreen.Reason.WORKERS],
        justification: 'Reviews chatbot answers on this device in a Worker, which a service worker cannot start.',
      }),
    send: (request) => chrome.runtime.sendMessage(request),
  };
}
