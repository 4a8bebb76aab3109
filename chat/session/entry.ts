/** What is known about one answer while the session follows it: its node, how far it is written, read and reviewed. */
import type { ReadAnswer, Reading } from '../reader.ts';
import { firstSight, type GateState } from '../stream-gate.ts';
import type { AnchoredReview } from './anchored-review.ts';
import type { AnswerState, AnswerView, Mark } from './types.ts';

/** An answer's words, and their hash to tell whether they are still the same. */
export interface ReadText {
  readonly answer: ReadAnswer;
  readonly hash: string;
}

/** One response node. Each group is written by the module named with it. */
export interface Entry {
  readonly element: Element;
  /** Counts entries in the order of their appearance. */
  readonly serial: number;

  // AnswerList: where it is on the page, what it is called, and whether the page touched it.
  position: number;
  visible: boolean;
  key: string;
  /** Counts the changes inside the response. */
  version: number;

  // AnswerFollower: how far it is written and read.
  isNew: boolean;
  seenVersion: number;
  gate: GateState;
  lookAt: number;
  /** A reading in progress; `afterWriting` when it is the first since the answer settled. */
  reading: { readonly run: Reading; readonly afterWriting: boolean } | null;
  /** Null until it was read. */
  text: ReadText | null;

  // Reviewer: the last review of these words, or of words that were here before.
  anchored: AnchoredReview | null;

  // Display: what is shown of it. `view` is null when it has to be made anew.
  state: AnswerState;
  marks: readonly Mark[];
  dropped: number;
  view: AnswerView | null;
}

export function newEntry(element: Element, serial: number, visible: boolean, now: number): Entry {
  return {
    element,
    serial,
    position: 0,
    visible,
    key: '',
    version: 1,
    isNew: true,
    seenVersion: 1,
    gate: firstSight(now),
    lookAt: now,
    reading: null,
    text: null,
    anchored: null,
    state: { type: 'generating' },
    marks: [],
    dropped: 0,
    view: null,
  };
}

/** Whether there is anything to do for an answer now. A settled one that nobody touched costs nothing. */
export function isDue(entry: Entry, now: number): boolean {
  return entry.reading !== null || entry.version !== entry.seenVersion || (entry.gate.phase === 'generating' && now >= entry.lookAt);
}

/** How long an answer can wait for its next look if nothing happens to it. */
export function restOf(entry: Entry, now: number): number {
  if (entry.reading !== null) return 0;
  return entry.gate.phase === 'generating' ? Math.max(entry.lookAt - now, 0) : Number.POSITIVE_INFINITY;
}
