/**
 * When to look at the page. Whoever knows a reason asks for a look soon; the timer makes one look of many such wishes, and
 * takes it when the page has nothing better to do.
 */
import type { Clock } from '../clock.ts';

/** Changes come in bursts; one look for each burst, at most this often. */
const LOOK_EVERY_MS = 80;

/** One look at the page at `now`, for as long as `timeLeft` allows. */
export type TakeLook = (now: number, timeLeft: () => number) => void;

export class LookTimer {
  private readonly clock: Clock;
  private readonly signal: AbortSignal;
  private readonly takeLook: TakeLook;
  private lastLook = Number.NEGATIVE_INFINITY;
  private pending: { readonly at: number; readonly cancel: () => void } | null = null;

  /** No look is taken after the signal. */
  constructor(clock: Clock, signal: AbortSignal, takeLook: TakeLook) {
    this.clock = clock;
    this.signal = signal;
    this.takeLook = takeLook;
    signal.addEventListener('abort', () => this.cancel(), { once: true });
  }

  /** Plans a look in `ms`, no earlier than the last one allows. The earliest of all wishes counts. */
  soon(ms: number): void {
    if (this.signal.aborted) return;
    const now = this.clock.now();
    const at = Math.max(now + ms, this.lastLook + LOOK_EVERY_MS);
    if (this.pending) {
      if (this.pending.at <= at) return;
      this.pending.cancel();
    }
    let cancelIdle = (): void => {};
    const cancelTimer = this.clock.after(at - now, () => {
      cancelIdle = this.clock.idle((timeLeft) => this.look(timeLeft));
    });
    this.pending = {
      at,
      cancel: () => {
        cancelTimer();
        cancelIdle();
      },
    };
  }

  private look(timeLeft: () => number): void {
    this.pending = null;
    if (this.signal.aborted) return;
    this.lastLook = this.clock.now();
    this.takeLook(this.lastLook, timeLeft);
  }

  private cancel(): void {
    this.pending?.cancel();
    this.pending = null;
  }
}
