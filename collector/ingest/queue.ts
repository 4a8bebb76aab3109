/**
 * Group commit: what arrives while a drive's transaction runs goes together into the next one. One transaction a drive and
 * collector at a time, since they would wait for the drive's row anyway; nothing waits when nothing runs.
 */

/** More is waiting than will be done soon. */
export class QueueFull extends Error {
  override name = 'QueueFull';
}

export interface GroupCommit<Item, Outcome> {
  /** Resolves with one outcome an item when they are stored. @throws {QueueFull} at once, with nothing taken */
  push: (key: string, items: readonly Item[]) => Promise<Outcome[]>;
  /** Items that wait or are being stored. */
  waiting: () => number;
  /** Resolves when nothing waits any more. */
  idle: () => Promise<void>;
}

export interface GroupCommitOptions<Item, Outcome> {
  run: (key: string, items: readonly Item[]) => Promise<Outcome[]>;
  /** Most items in one transaction. */
  largest: number;
  /** Most items that may wait, over all drives: bounds memory. */
  limit: number;
  /** Whether a failure is of the store and not of an item: then the items are not tried one by one. */
  isOutage: (error: unknown) => boolean;
}

interface Request<Item, Outcome> {
  items: readonly Item[];
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
}

export function groupCommit<Item, Outcome>({ run, largest, limit, isOutage }: GroupCommitOptions<Item, Outcome>): GroupCommit<Item, Outcome> {
  const queues = new Map<string, Request<Item, Outcome>[]>();
  const running = new Map<string, Promise<void>>();
  let waiting = 0;

  const take = (queue: Request<Item, Outcome>[]) => {
    const group: Request<Item, Outcome>[] = [];
    for (let size = 0; queue.length > 0 && (group.length === 0 || size + queue[0]!.items.length <= largest); ) {
      size += queue[0]!.items.length;
      group.push(queue.shift()!);
    }
    return group;
  };

  const serve = async (key: string, group: readonly Request<Item, Outcome>[]): Promise<void> => {
    try {
      const outcomes = await run(key, group.flatMap(({ items }) => items));
      let at = 0;
      for (const { items, resolve } of group) resolve(outcomes.slice(at, (at += items.length)));
    } catch (error) {
      // One request's fault is not its neighbours': halves are tried until it stands alone.
      if (group.length === 1 || isOutage(error)) for (const { reject } of group) reject(error);
      else {
        const middle = Math.ceil(group.length / 2);
        await serve(key, group.slice(0, middle));
        await serve(key, group.slice(middle));
      }
    }
  };

  const work = async (key: string) => {
    const queue = queues.get(key)!;
    while (queue.length > 0) {
      const group = take(queue);
      await serve(key, group);
      waiting -= group.reduce((sum, { items }) => sum + items.length, 0);
    }
    queues.delete(key);
    running.delete(key);
  };

  return {
    push: (key, items) => {
      if (waiting + items.length > limit) return Promise.reject(new QueueFull('Too many submissions are waiting to be stored. Try again shortly.'));
      waiting += items.length;
      return new Promise((resolve, reject) => {
        const queue = queues.get(key) ?? [];
        queues.set(key, queue);
        queue.push({ items, resolve, reject });
        if (!running.has(key)) running.set(key, work(key));
      });
    },
    waiting: () => waiting,
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
