import '../extension/zod-without-eval.ts';
import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { createInferenceEngine } from '../extension/inference/engine.ts';
import { loadEngine } from '../extension/inference/load.ts';
import { inferenceRequestSchema } from '../extension/messages.ts';
import type { WorkerEnvelope } from '../extension/inference/worker-host.ts';

/** The dedicated Worker in which every review happens. Started by the offscreen document (Chrome) or the event page (Firefox). */
export default defineUnlistedScript(() => {
  const engine = createInferenceEngine(loadEngine);
  self.addEventListener('message', (event: MessageEvent<WorkerEnvelope>) => {
    const { ticket, request } = event.data;
    const parsed = inferenceRequestSchema.safeParse(request);
    if (!parsed.success) {
      self.postMessage({ ticket, reply: { ok: false, code: 'invalid', message: 'The review request could not be read.' } });
      return;
    }
    void engine.handle(parsed.data).then((reply) => self.postMessage({ ticket, reply }));
  });
});
