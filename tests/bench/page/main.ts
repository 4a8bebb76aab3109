/** Lets a test ask the Worker: `await attuneClassify(passages)`. */
import type { ClassifierInput, PassageClassification } from '../../../review/classifier/types.ts';

export interface Answered {
  readonly answers: PassageClassification[];
  /** Loading and compiling, 0 when it was open already. */
  readonly openMs: number;
  readonly runMs: number;
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const waiting = new Map<number, { resolve: (value: Answered) => void; reject: (error: Error) => void }>();
let next = 0;
worker.addEventListener('message', (event: MessageEvent<Answered & { id: number; error?: string }>) => {
  const { id, error, ...answered } = event.data;
  const { resolve, reject } = waiting.get(id)!;
  waiting.delete(id);
  if (error === undefined) resolve(answered);
  else reject(new Error(error));
});

declare global {
  interface Window {
    attuneClassify(passages: ClassifierInput[]): Promise<Answered>;
  }
}
window.attuneClassify = (passages) =>
  new Promise((resolve, reject) => {
    waiting.set(next, { resolve, reject });
    worker.postMessage({ id: next++, passages });
  });
