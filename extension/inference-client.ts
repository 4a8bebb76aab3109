/**
 * Asks the inference host, through the background script, and survives the death of either.
 *
 * A service worker can end at any moment and an offscreen document can be closed: then a message is lost, or its answer never comes.
 * A review has no side effects and carries an id, so the cure is always the same: send it again (the host joins equal ids), wait a
 * little longer each time, and give up with a message after a bounded number of tries. Nothing hangs and nothing is lost.
 */
import {
  describeReplySchema,
  reviewReplySchema,
  type BackgroundRequest,
  type Engine,
  type Failure,
  type InferenceRequest,
  type ReviewJob,
} from './messages.ts';
import { randomId } from './text-key.ts';
import type { Review } from '../review/types.ts';
import type * as z from 'zod/mini';

/** Pauses before each new try. */
const RETRY_DELAYS_MS = [150, 600, 2_000, 5_000] as const;
/** A long conversation queues up behind one engine, so a slow answer is asked for again (and joined), not given up. */
const ATTEMPT_TIMEOUT_MS = 40_000;

export class InferenceError extends Error {
  override readonly name = 'InferenceError';
  readonly code: Failure | 'extension-updated';
  constructor(code: Failure | 'extension-updated', message: string) {
    super(message);
    this.code = code;
  }
}

export interface InferenceClientOptions {
  /** Sends one message to the background script; rejects when nobody is there. */
  readonly send: (message: BackgroundRequest) => Promise<unknown>;
  readonly delaysMs?: readonly number[];
  readonly timeoutMs?: number;
  readonly newId?: () => string;
}

export interface InferenceClient {
  review(job: ReviewJob, options: { visible: boolean; signal?: AbortSignal }): Promise<Review>;
  /** What the engine consists of: audiences, packs, model. */
  describe(signal?: AbortSignal): Promise<Engine>;
}

export function createInferenceClient(options: InferenceClientOptions): InferenceClient {
  const delays = options.delaysMs ?? RETRY_DELAYS_MS;
  const timeoutMs = options.timeoutMs ?? ATTEMPT_TIMEOUT_MS;
  const newId = options.newId ?? (() => randomId());

  async function ask<Reply extends { ok: boolean }>(request: InferenceRequest, schema: z.ZodMiniType<Reply>, signal: AbortSignal | undefined): Promise<Reply & { ok: true }> {
    let last = 'The review did not answer.';
    for (let attempt = 0; attempt <= delays.length; attempt += 1) {
      signal?.throwIfAborted();
      if (attempt > 0) await pause(delays[attempt - 1] ?? 0, signal);
      let raw: unknown;
      try {
        raw = await withTimeout(options.send({ to: 'background', type: 'inference', request }), timeoutMs, signal);
      } catch (error) {
        signal?.throwIfAborted();
        last = messageOf(error);
        // After an update of the extension this page's script is an orphan: no retry can reach anybody.
        if (/context invalidated/i.test(last)) throw new InferenceError('extension-updated', last);
        continue;
      }
      const parsed = schema.safeParse(raw);
      if (!parsed.success) {
        // `undefined` is what a browser hands out when the receiver died before it answered.
        last = raw === undefined ? 'The review was interrupted.' : 'The review gave an answer that could not be read.';
        continue;
      }
      const reply = parsed.data;
      if (isOk(reply)) return reply;
      const failure = reply as unknown as { code: Failure; message: string };
      if (failure.code !== 'unavailable') throw new InferenceError(failure.code, failure.message);
      last = failure.message;
    }
    throw new InferenceError('unavailable', last);
  }

  return {
    async review(job, { visible, signal }) {
      const id = newId();
      const cancel = (): void => {
        // Best effort: if nobody hears it, the result is simply not used.
        void options.send({ to: 'background', type: 'inference', request: { to: 'inference', type: 'cancel', id } }).catch(() => undefined);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        return (await ask({ to: 'inference', type: 'review', id, visible, job }, reviewReplySchema, signal)).review;
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    async describe(signal) {
      return (await ask({ to: 'inference', type: 'describe', id: newId() }, describeReplySchema, signal)).engine;
    },
  };
}

function isOk<Reply extends { ok: boolean }>(reply: Reply): reply is Reply & { ok: true } {
  return reply.ok;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function withTimeout<T>(promise: Promise<T>, ms: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error('The review took too long to answer.'))), ms);
    const stop = (): void => settle(() => reject(signal?.reason));
    function settle(then: () => void): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      then();
    }
    signal?.addEventListener('abort', stop, { once: true });
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
