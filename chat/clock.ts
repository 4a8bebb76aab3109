/** Time and turns, so that tests can hold them still. */
export interface Clock {
  /** Milliseconds, only forward. */
  now(): number;
  /** Runs once after `ms`; the result cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs when the page has nothing better to do, soon in any case; `timeLeft` says how long it may take. */
  idle(run: (timeLeft: () => number) => void): () => void;
}

/** Longest wait for an idle moment: a busy page must not starve us. */
const IDLE_TIMEOUT_MS = 100;
/** Work in one turn, however idle the page says it is. A tenth of what a person notices. */
const SLICE_MS = 10;

/** The browser's own clock. */
export function browserClock(): Clock {
  const now = (): number => performance.now();
  const sliced = (granted: () => number): (() => number) => {
    const until = now() + SLICE_MS;
    return () => Math.min(granted(), until - now());
  };
  return {
    now,
    after(ms, run) {
      const id = setTimeout(run, ms);
      return () => clearTimeout(id);
    },
    idle(run) {
      if (typeof requestIdleCallback === 'undefined') {
        const id = setTimeout(() => run(sliced(() => SLICE_MS)), 0);
        return () => clearTimeout(id);
      }
      const id = requestIdleCallback(
        (deadline) => run(sliced(() => (deadline.didTimeout ? SLICE_MS : Math.max(deadline.timeRemaining(), 2)))),
        {
          timeout: IDLE_TIMEOUT_MS,
        },
      );
      return () => cancelIdleCallback(id);
    },
  };
}
