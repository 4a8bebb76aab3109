/** Lets a test ask the Worker: `await attuneAsk({ type: 'classify', passages })`. */
import type { ClassifierInput, PassageClassification } from '../../../review/classifier/types.ts';

export type Ask =
  | { readonly type: 'classify'; readonly passages: readonly ClassifierInput[] }
  | { readonly type: 'reference'; readonly graph: string; readonly texts: readonly string[]; readonly vocabulary: number };

export interface Reply {
  readonly answers: PassageClassification[];
  /** Loading and compiling, near 0 when it was open already. */
  readonly openMs: number;
  readonly runMs: number;
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const waiting = new Map<number, { resolve: (value: Reply) => void; reject: (error: Error) => void }>();
let next = 0;
worker.addEventListener('message', (event: MessageEvent<{ id: number; reply?: Reply; error?: string }>) => {
  const { id, reply, error } = event.data;
  const { resolve, reject } = waiting.get(id)!;
  waiting.delete(id);
  if (reply !== undefined) resolve(reply);
  else reject(new Error(error));
});

declare global {
  interface Window {
    attuneAsk(ask: Ask): Promise<Reply>;
  }
}
window.attuneAsk = (ask) =>
  new Promise((resolve, reject) => {
    waiting.set(next, { resolve, reject });
    worker.postMessage({ id: next++, ask });
  });
