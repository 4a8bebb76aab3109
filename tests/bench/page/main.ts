/** Lets a test ask the Workers: `await attuneAsk({ type: 'classify', passages })`. */
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

export type GpuAsk =
  | {
      /** In a Worker of its own, from nothing. */
      readonly type: 'open';
      readonly softwareToo: boolean;
      readonly limits: Readonly<Record<string, number>>;
      /** Added to golden logits. */
      readonly tamper: number;
      readonly withoutGpu: boolean;
    }
  | { readonly type: 'classify'; readonly passages: readonly ClassifierInput[] }
  /** Takes the device away. */
  | { readonly type: 'lose' };

export interface GpuReply {
  readonly answers: PassageClassification[];
  readonly backend: 'wasm' | 'webgpu';
  readonly why: string;
  /** Files read for WebGPU. */
  readonly fetched: readonly string[];
}

function askable<A, R>(worker: Worker): (ask: A) => Promise<R> {
  const waiting = new Map<number, { resolve: (value: R) => void; reject: (error: Error) => void }>();
  let next = 0;
  worker.addEventListener('message', (event: MessageEvent<{ id: number; reply?: R; error?: string }>) => {
    const { id, reply, error } = event.data;
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (reply !== undefined) resolve(reply);
    else reject(new Error(error));
  });
  return (ask) =>
    new Promise((resolve, reject) => {
      waiting.set(next, { resolve, reject });
      worker.postMessage({ id: next++, ask });
    });
}

declare global {
  interface Window {
    attuneAsk(ask: Ask): Promise<Reply>;
    attuneAskGpu(ask: GpuAsk): Promise<GpuReply>;
  }
}
window.attuneAsk = askable<Ask, Reply>(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));

let gpuWorker: Worker | undefined;
let askGpu: (ask: GpuAsk) => Promise<GpuReply>;
window.attuneAskGpu = (ask) => {
  if (ask.type === 'open') {
    gpuWorker?.terminate();
    gpuWorker = new Worker(new URL('./webgpu-worker.ts', import.meta.url), { type: 'module' });
    askGpu = askable(gpuWorker);
  }
  return askGpu(ask);
};
