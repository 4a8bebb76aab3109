/**
 * The one queue in front of the engine: one job at a time, what the reader can see first, then in the order of arrival.
 * The same id sent twice (a retry after a lost answer) joins the job that is waiting or running.
 */
export interface QueueJob<T> {
  readonly id: string;
  readonly visible: boolean;
  run(signal: AbortSignal): Promise<T>;
}

interface Entry<T> {
  readonly id: string;
  visible: boolean;
  readonly order: number;
  readonly controller: AbortController;
  readonly run: (signal: AbortSignal) => Promise<T>;
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

export interface ReviewQueue<T> {
  add(job: QueueJob<T>): Promise<T>;
  /** Forgets a waiting job or stops the running one. Unknown ids are ignored. */
  cancel(id: string): void;
  readonly size: number;
}

export function createQueue<T>(): ReviewQueue<T> {
  const waiting = new Map<string, Entry<T>>();
  let running: Entry<T> | null = null;
  let arrivals = 0;

  function next(): Entry<T> | undefined {
    let best: Entry<T> | undefined;
    for (const entry of waiting.values()) {
      if (!best || (entry.visible && !best.visible) || (entry.visible === best.visible && entry.order < best.order)) best = entry;
    }
    return best;
  }

  async function drain(): Promise<void> {
    if (running) return;
    for (let entry = next(); entry; entry = next()) {
      waiting.delete(entry.id);
      running = entry;
      try {
        entry.resolve(await entry.run(entry.controller.signal));
      } catch (error) {
        entry.reject(entry.controller.signal.aborted ? new Cancelled('The review was cancelled.') : error);
      } finally {
        running = null;
      }
    }
  }

  return {
    add(job) {
      if (running?.id === job.id) return running.promise;
      const known = waiting.get(job.id);
      if (known) {
        // A retry may come after the reader scrolled to it.
        known.visible ||= job.visible;
        return known.promise;
      }
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      arrivals += 1;
      waiting.set(job.id, {
        id: job.id,
        visible: job.visible,
        order: arrivals,
        controller: new AbortController(),
        run: (signal) => job.run(signal),
        promise,
        resolve,
        reject,
      });
      // After the current task, so that jobs sent together are ordered together.
      queueMicrotask(() => void drain());
      return promise;
    },
    cancel(id) {
      const entry = waiting.get(id);
      if (entry) {
        waiting.delete(id);
        entry.controller.abort();
        entry.reject(new Cancelled('The review was cancelled.'));
      } else if (running?.id === id) {
        running.controller.abort();
      }
    },
    get size() {
      return waiting.size + (running ? 1 : 0);
    },
  };
}
