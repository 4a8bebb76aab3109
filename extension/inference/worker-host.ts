/**
 * Owns the Worker: hands requests in, hands replies out, and starts a new Worker when one dies (out of memory, a crash in WebAssembly).
 * Whoever was waiting is told `unavailable`, which the client answers by asking again.
 */
import * as z from 'zod/mini';
import { describeReplySchema, reviewReplySchema, type DescribeReply, type FailureReply, type InferenceRequest, type ReviewReply } from '../messages.ts';

export type InferenceReply = ReviewReply | DescribeReply;

/** The little of a Worker that is used, so that tests can stand in for it. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: { message?: string }) => void): void;
  terminate(): void;
}

/** What the Worker is sent and what it sends back; the ticket pairs them. */
export interface WorkerEnvelope {
  readonly ticket: number;
  readonly request: InferenceRequest;
}
export const workerReplySchema = z.object({
  ticket: z.number(),
  reply: z.nullable(z.union([reviewReplySchema, describeReplySchema])),
});

export interface WorkerHost {
  ask(request: InferenceRequest): Promise<InferenceReply | null>;
  /** Requests that wait for a reply. */
  readonly pending: number;
}

const unavailable = (message: string): FailureReply => ({ ok: false, code: 'unavailable', message });

export function createWorkerHost(start: () => WorkerLike): WorkerHost {
  const pending = new Map<number, (reply: InferenceReply | null) => void>();
  let worker: WorkerLike | null = null;
  let tickets = 0;

  function lose(message: string): void {
    worker?.terminate();
    worker = null;
    for (const settle of pending.values()) settle(unavailable(message));
    pending.clear();
  }

  function running(): WorkerLike {
    if (worker) return worker;
    const fresh = start();
    fresh.addEventListener('message', ({ data }) => {
      const parsed = workerReplySchema.safeParse(data);
      if (!parsed.success) {
        lose('The review engine gave an answer that could not be read.');
        return;
      }
      pending.get(parsed.data.ticket)?.(parsed.data.reply);
      pending.delete(parsed.data.ticket);
    });
    const died = (event: { message?: string }): void => {
      if (worker === fresh) lose(`The review engine stopped${event.message ? `: ${event.message}` : '.'}`);
    };
    fresh.addEventListener('error', died);
    fresh.addEventListener('messageerror', died);
    worker = fresh;
    return fresh;
  }

  return {
    ask(request) {
      return new Promise((resolve) => {
        tickets += 1;
        const ticket = tickets;
        pending.set(ticket, resolve);
        try {
          running().postMessage({ ticket, request } satisfies WorkerEnvelope);
        } catch (error) {
          lose(error instanceof Error ? error.message : String(error));
        }
      });
    },
    get pending() {
      return pending.size;
    },
  };
}
