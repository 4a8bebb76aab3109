/**
 * Which backend computes: WebAssembly, unless WebGPU has shown that it says the same and says it faster. WebAssembly serves from
 * the start; WebGPU is tried beside it, and at the first sign of trouble everything goes back to WebAssembly for good.
 */
import type { AttuneConfig } from '../../../review/classifier/config.ts';
import { apartFromGolden, type Golden } from '../../../review/classifier/golden.ts';
import type { ModelSession } from '../../../review/classifier/session.ts';
import type { GpuSession } from './gpu-session.ts';

/** Probabilities of two backends may differ by this much: design's bar for Python, Node and browser, too. */
const TOLERANCE = 0.02;

export interface Limits {
  /** For opening, and for each run. */
  readonly timeoutMs: number;
  /** Below this many times WebAssembly's speed WebGPU is not worth its memory and its risk. */
  readonly speedup: number;
  /** After so many runs the golden passages are run again. */
  readonly recheckEvery: number;
}
export const LIMITS: Limits = { timeoutMs: 5000, speedup: 1.3, recheckEvery: 200 };

export interface BackendState {
  readonly backend: 'wasm' | 'webgpu';
  /** Why this one, in one sentence. */
  readonly why: string;
}

export interface Backend {
  /** Answers from whichever backend is on. */
  readonly session: ModelSession;
  readonly state: BackendState;
  /** Resolves when WebGPU has been tried. */
  readonly tried: Promise<void>;
}

export interface BackendOptions {
  readonly wasm: ModelSession;
  readonly config: AttuneConfig;
  /** Asked once WebGPU is there. @throws {Error} when the file is not this model's */
  readGolden(): Promise<Golden>;
  /** @throws {Error} saying why there is no WebGPU */
  openGpu(): Promise<GpuSession>;
  readonly limits?: Partial<Limits>;
}

export function createBackend({ wasm, config, readGolden, openGpu, limits = {} }: BackendOptions): Backend {
  const { timeoutMs, speedup: enough, recheckEvery } = { ...LIMITS, ...limits };
  let gpu: { readonly session: GpuSession; readonly golden: Golden } | null = null;
  let runs = 0;
  /** Ends the run that is waiting. */
  let interrupt: ((error: Error) => void) | null = null;
  let state: BackendState = { backend: 'wasm', why: 'WebGPU is still being tried.' };

  function giveUp(failed: GpuSession | null, error: unknown): void {
    gpu = null;
    state = { backend: 'wasm', why: `WebGPU is off: ${error instanceof Error ? error.message : String(error)}` };
    // A lost or hanging device may not answer to this, either.
    void failed?.release().catch(() => undefined);
  }

  /** @throws {Error} when the session does not say what is in the golden file */
  async function check(session: GpuSession, golden: Golden): Promise<void> {
    const apart = apartFromGolden(await running(session.run(rowsOf(golden))), golden, config);
    if (apart > TOLERANCE) throw new Error(`its answers are wrong: a probability is ${apart === Infinity ? 'no number' : `off by ${apart.toFixed(3)}`}.`);
  }

  /** A run's result, unless it takes too long or the device is lost. Runs of one session never overlap. */
  function running<T>(run: Promise<T>): Promise<T> {
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = reject;
    });
    return within(timeoutMs, 'A run', Promise.race([run, interrupted])).finally(() => {
      interrupt = null;
    });
  }

  async function tryGpu(): Promise<void> {
    const opening = openGpu();
    let opened: GpuSession | null = null;
    try {
      const session = (opened = await within(timeoutMs, 'Opening it', opening));
      void session.lost.then((why) => {
        interrupt?.(new Error(`${why}.`));
        if (gpu?.session === session) giveUp(session, new Error(`${why}.`));
      });
      const golden = await readGolden();
      await check(session, golden);
      const rows = rowsOf(golden);
      const [own, other] = [await fastest(() => running(session.run(rows))), await fastest(() => wasm.run(rows))];
      const speedup = other / own;
      const measured = `${speedup.toFixed(2)} times the speed of WebAssembly (${own.toFixed(1)} ms beside ${other.toFixed(1)} ms)`;
      if (speedup < enough) throw new Error(`it has ${measured}; less than ${enough} is not worth it.`);
      gpu = { session, golden };
      state = { backend: 'webgpu', why: `It gave the golden answers at ${measured}.` };
    } catch (error) {
      giveUp(opened, error);
      // One that opens after all is closed again.
      if (opened === null) opening.then((late) => late.release()).catch(() => undefined);
    }
  }

  return {
    session: {
      async run(passages, adapter) {
        if (gpu === null) return wasm.run(passages, adapter);
        const { session, golden } = gpu;
        try {
          runs += 1;
          if (runs % recheckEvery === 0) await check(session, golden);
          const outputs = await running(session.run(passages, adapter));
          if (!outputs.heads.every(Number.isFinite)) throw new Error('an answer was no number.');
          return outputs;
        } catch (error) {
          // A lost device has told already.
          if ((gpu as { session: GpuSession } | null)?.session === session) giveUp(session, error);
          return wasm.run(passages, adapter);
        }
      },
      async release() {
        await Promise.all([wasm.release(), gpu?.session.release()]);
        gpu = null;
      },
    },
    get state() {
      return state;
    },
    tried: tryGpu(),
  };
}

function rowsOf({ passages }: Golden): readonly (readonly number[])[] {
  return passages.map(({ ids }) => ids);
}

/** Milliseconds of the fastest of three warm runs. */
async function fastest(run: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let at = 0; at < 3; at++) {
    const started = performance.now();
    await run();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} took more than ${ms / 1000} s.`)), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
