/**
 * Decides when an answer is finished. Pure: time and signals come in, a state and a time to look again come out.
 *
 * Three signals, because each fails somewhere: a mark on the node (missing on half of the sites), the page's stop
 * control (in the reader's language, or late), and the text standing still (some chatbots pause for seconds). An answer
 * is settled when no sign of writing is left AND its text has been the same for a while. Answers that were already there
 * when the page opened have no writing phase; they settle as soon as they stand still.
 */

export interface GateSignals {
  /** Milliseconds on any clock that only goes forward. */
  readonly now: number;
  /** The answer's own mark says that it is being written. */
  readonly onNode: boolean;
  /** The page's stop control is there. */
  readonly onPage: boolean;
  /** The answer is the newest on the page. */
  readonly isLast: boolean;
  /** The site's own sign that the answer is complete. */
  readonly isDone: boolean;
  /** Something inside the answer changed since the last look. */
  readonly changed: boolean;
}

export interface GateOptions {
  readonly stableMs: number;
}

export type GateState =
  | {
      readonly phase: 'generating';
      readonly changedAt: number;
      /** Changed at least once since it was first seen: it is being written now. */
      readonly sawChange: boolean;
      readonly why: GeneratingReason;
    }
  | { readonly phase: 'settled'; readonly at: number; readonly why: SettledReason };

export type GeneratingReason = 'node-mark' | 'stop-control' | 'text-changing';
export type SettledReason = 'stable' | 'done-mark' | 'signals-stuck';

export interface GateStep {
  readonly state: GateState;
  /** When to look again even if nothing happens; null when only a change matters. */
  readonly lookAgainIn: number | null;
}

/** With the site's own "complete" sign the text still needs a moment: some draw the last words after it. */
export const DONE_STABLE_MS = 250;
/** A sign of writing with no new text for this long is wrong, or the chatbot died: read what is there. */
export const STUCK_MS = 120_000;
/** While a sign of writing is on, look this often: its going away may change nothing that is observed. */
export const POLL_MS = 250;

/** The state of an answer at first sight. */
export function firstSight(now: number): GateState {
  return { phase: 'generating', changedAt: now, sawChange: false, why: 'text-changing' };
}

/** The state after the content of a settled answer turned out to be different: regenerated, edited, continued. */
export function writingAgain(now: number): GateState {
  return { phase: 'generating', changedAt: now, sawChange: true, why: 'text-changing' };
}

/** One look at an answer. */
export function stepGate(state: GateState, signals: GateSignals, options: GateOptions): GateStep {
  switch (state.phase) {
    case 'settled':
      // A change alone does not reopen it: buttons appear, nodes are redrawn. The caller compares the text first.
      // Nor does the stop control: it belongs to the next answer, which may not be on the page yet.
      if (!signals.onNode || !signals.changed) return { state, lookAgainIn: null };
      return { state: { phase: 'generating', changedAt: signals.now, sawChange: true, why: 'node-mark' }, lookAgainIn: POLL_MS };
    case 'generating':
      return stepGenerating(state, signals, options);
  }
}

function stepGenerating(state: Extract<GateState, { phase: 'generating' }>, signals: GateSignals, options: GateOptions): GateStep {
  const changedAt = signals.changed ? signals.now : state.changedAt;
  const sawChange = state.sawChange || signals.changed;
  const still = signals.now - changedAt;
  const going = (why: GeneratingReason, lookAgainIn: number): GateStep => ({
    state: { phase: 'generating', changedAt, sawChange, why },
    lookAgainIn,
  });
  const settled = (why: SettledReason): GateStep => ({ state: { phase: 'settled', at: signals.now, why }, lookAgainIn: null });

  // The stop control does not say whose it is: older answers that never changed are not what is being written.
  const stopIsOurs = signals.onPage && (signals.isLast || sawChange);
  if (signals.onNode || stopIsOurs) {
    if (still >= STUCK_MS) return settled('signals-stuck');
    return going(signals.onNode ? 'node-mark' : 'stop-control', POLL_MS);
  }
  const wait = signals.isDone ? Math.min(DONE_STABLE_MS, options.stableMs) : options.stableMs;
  if (still >= wait) return settled(signals.isDone ? 'done-mark' : 'stable');
  return going('text-changing', wait - still);
}
