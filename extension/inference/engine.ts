/**
 * What the inference Worker does, without the Worker: answers requests from one queue, remembers reviews, and keeps going
 * with whatever could be loaded. A missing model costs the classifier, a broken pack costs that pack; neither costs the reader an error page.
 */
import type { Review } from '../../review/types.ts';
import { createLruCache } from '../lru-cache.ts';
import type { DescribeReply, Engine, FailureReply, InferenceRequest, ReviewJob, ReviewReply } from '../messages.ts';
import { textKey } from '../text-key.ts';
import { Cancelled, createQueue } from './queue.ts';

/** What the engine stands on once everything is loaded (or has failed to). */
export interface LoadedEngine {
  review(job: ReviewJob, signal: AbortSignal): Promise<Review>;
  readonly description: Engine;
  /** Changes whenever a review might: versions of packs and model. */
  readonly versions: string;
}

export interface InferenceEngine {
  handle(request: InferenceRequest): Promise<ReviewReply | DescribeReply | null>;
}

const CACHED_REVIEWS = 200;

export function createInferenceEngine(load: () => Promise<LoadedEngine>): InferenceEngine {
  const queue = createQueue<Review>();
  const cache = createLruCache<Review>(CACHED_REVIEWS);
  let loading: Promise<LoadedEngine> | null = null;

  /** Loaded once; a failed load is tried again by the next request instead of being remembered for ever. */
  function engine(): Promise<LoadedEngine> {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }

  async function review(job: ReviewJob, signal: AbortSignal): Promise<Review> {
    const loaded = await engine();
    signal.throwIfAborted();
    const key = textKey(loaded.versions, JSON.stringify(job));
    const known = cache.get(key);
    if (known) return known;
    const result = await loaded.review(job, signal);
    cache.set(key, result);
    return result;
  }

  return {
    async handle(request) {
      switch (request.type) {
        case 'cancel':
          queue.cancel(request.id);
          return null;
        case 'describe':
          try {
            return { ok: true, engine: (await engine()).description };
          } catch (error) {
            return failure(error);
          }
        case 'review':
          try {
            const { id, visible, job } = request;
            return { ok: true, review: await queue.add({ id, visible, run: (signal) => review(job, signal) }) };
          } catch (error) {
            return failure(error);
          }
      }
    },
  };
}

function failure(error: unknown): FailureReply {
  if (error instanceof Cancelled) return { ok: false, code: 'cancelled', message: error.message };
  return { ok: false, code: 'failed', message: error instanceof Error ? error.message : String(error) };
}
