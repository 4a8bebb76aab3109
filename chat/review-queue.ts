/** Who is reviewed next: what the reader sees first, one at a time, and nothing that is no longer wanted. */

export interface Job<Item> {
  readonly item: Item;
  readonly signal: AbortSignal;
}

export class ReviewQueue<Item extends object> {
  private readonly waiting = new Set<Item>();
  private readonly work: (job: Job<Item>) => Promise<void>;
  private readonly rank: (item: Item) => number;
  private running: { readonly item: Item; readonly controller: AbortController } | null = null;

  /** `rank`: higher goes first. `work` must not reject. */
  constructor(work: (job: Job<Item>) => Promise<void>, rank: (item: Item) => number) {
    this.work = work;
    this.rank = rank;
  }

  get size(): number {
    return this.waiting.size + (this.running ? 1 : 0);
  }

  /** Asks for an item; what was being done for it is given up. */
  add(item: Item): void {
    this.remove(item);
    this.waiting.add(item);
  }

  /** An item is no longer wanted. */
  remove(item: Item): void {
    this.waiting.delete(item);
    if (this.running?.item === item) this.abort();
  }

  /** Nothing is wanted any more. */
  clear(): void {
    this.waiting.clear();
    this.abort();
  }

  /** Starts the next job when none is running. */
  start(): void {
    if (this.running || this.waiting.size === 0) return;
    let next: Item | null = null;
    let best = Number.NEGATIVE_INFINITY;
    for (const item of this.waiting) {
      const rank = this.rank(item);
      if (next === null || rank > best) {
        next = item;
        best = rank;
      }
    }
    if (next === null) return;
    this.waiting.delete(next);
    const job = { item: next, controller: new AbortController() };
    this.running = job;
    void this.work({ item: next, signal: job.controller.signal }).finally(() => {
      if (this.running === job) this.running = null;
      this.start();
    });
  }

  private abort(): void {
    const job = this.running;
    this.running = null;
    job?.controller.abort();
  }
}
