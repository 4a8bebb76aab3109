import '../../extension/zod-without-eval.ts';
import { browser } from 'wxt/browser';
import { serveInference } from '../../extension/inference/serve.ts';
import { createWorkerHost } from '../../extension/inference/worker-host.ts';

// Chrome's offscreen document: a service worker may not start a Worker, a document may.
serveInference(createWorkerHost(() => new Worker(browser.runtime.getURL('/inference-worker.js'))));
