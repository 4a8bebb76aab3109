/**
 * Follows one answer from its first word to its review: the gate says when it stands still, then it is read, and new words
 * go to the reviewer. Words that were reviewed before need neither wait nor review.
 */
import type { Clock } from '../clock.ts';
import { hashText } from '../hash.ts';
import { Reading, type ReadAnswer, type ReadResult, type SkipReason } from '../reader.ts';
import type { Site } from '../sites/index.ts';
import { firstSight, POLL_MS, stepGate, writingAgain } from '../stream-gate.ts';
import type { AnswerList } from './answer-list.ts';
import { isDone, isWriting } from './answer-signs.ts';
import type { Display } from './display.ts';
import type { Entry } from './entry.ts';
import type { MarkPlacer } from './mark-placer.ts';
import type { Reviewer } from './reviewer.ts';

/** What one look at the page says about an answer from outside. */
export interface Look {
  readonly now: number;
  /** The page's stop control is there. */
  readonly onPage: boolean;
  /** The answer is the newest on the page. */
  readonly isLast: boolean;
  /** Whether the page needs its turn: what remains is done in the next look. */
  outOfTime(): boolean;
}

export interface FollowerParts {
  readonly site: Site;
  readonly clock: Clock;
  readonly list: AnswerList;
  readonly reviewer: Reviewer;
  readonly display: Display;
  readonly placer: MarkPlacer;
}

export class AnswerFollower {
  private readonly parts: FollowerParts;

  constructor(parts: FollowerParts) {
    this.parts = parts;
  }

  /** Takes an answer as far as one look allows. */
  follow(entry: Entry, look: Look): void {
    if (entry.isNew) {
      entry.isNew = false;
      this.recognise(entry, look);
    }
    const changed = entry.version !== entry.seenVersion;
    entry.seenVersion = entry.version;
    const wasSettled = entry.gate.phase === 'settled';
    this.stepGate(entry, look, changed);
    if (entry.gate.phase === 'generating') {
      entry.reading = null;
      if (wasSettled) this.unsettle(entry);
      return;
    }
    // Newly settled, or settled and redrawn: read it. Only the text tells whether anything is new.
    if (!wasSettled || changed) this.startReading(entry, !wasSettled || (entry.reading?.afterWriting ?? false));
    this.continueReading(entry, look);
  }

  /** Starts an entry anew: its node stays, what was said in it belongs to another conversation. */
  forget(entry: Entry): void {
    const { clock, display } = this.parts;
    display.setMarks(entry, [], 0);
    entry.gate = firstSight(clock.now());
    entry.lookAt = clock.now();
    entry.reading = null;
    entry.text = null;
    entry.anchored = null;
    display.setState(entry, { type: 'generating' });
  }

  /** An answer that was reviewed before and comes back (windowed lists unmount what is out of sight) need not wait. */
  private recognise(entry: Entry, { now, outOfTime }: Look): void {
    const { site, reviewer } = this.parts;
    if (reviewer.remembersNothing || isWriting(entry.element, site)) return;
    const result = new Reading(entry.element, site).run(outOfTime);
    if (result?.type !== 'answer' || !reviewer.remembers(hashText(result.answer.text))) return;
    entry.gate = { phase: 'settled', at: now, why: 'stable' };
    this.takeReading(entry, result, true);
  }

  private stepGate(entry: Entry, { now, onPage, isLast }: Look, changed: boolean): void {
    const { site } = this.parts;
    const onNode = isWriting(entry.element, site);
    const signals = { now, onNode, onPage, isLast, isDone: !onNode && isDone(entry.element, site), changed };
    const { state, lookAgainIn } = stepGate(entry.gate, signals, site);
    entry.gate = state;
    // Null: only a change matters, and a change needs no time.
    entry.lookAt = now + (lookAgainIn ?? 0);
  }

  /** A settled answer is being written again: what was known about it may be wrong by the next word. */
  private unsettle(entry: Entry): void {
    const { reviewer, display } = this.parts;
    reviewer.giveUp(entry);
    display.setMarks(entry, [], 0);
    display.setState(entry, { type: 'generating' });
  }

  private startReading(entry: Entry, afterWriting: boolean): void {
    entry.reading = { run: new Reading(entry.element, this.parts.site), afterWriting };
  }

  private continueReading(entry: Entry, { outOfTime }: Look): void {
    if (!entry.reading) return;
    const { run, afterWriting } = entry.reading;
    const result = run.run(outOfTime);
    if (result === null) return;
    entry.reading = null;
    this.takeReading(entry, result, afterWriting);
  }

  private takeReading(entry: Entry, result: ReadResult, afterWriting: boolean): void {
    if (result.type === 'answer') this.takeAnswer(entry, result.answer, afterWriting);
    else if (result.reason === 'changed-while-reading') this.startReading(entry, afterWriting);
    else this.skip(entry, result.reason);
  }

  private skip(entry: Entry, reason: SkipReason): void {
    const { reviewer, display } = this.parts;
    reviewer.giveUp(entry);
    entry.text = null;
    entry.anchored = null;
    display.setMarks(entry, [], 0);
    display.setState(entry, { type: 'skipped', reason });
  }

  private takeAnswer(entry: Entry, answer: ReadAnswer, afterWriting: boolean): void {
    const { clock, list, reviewer, display, placer } = this.parts;
    const hash = hashText(answer.text);
    const isNew = hash !== entry.text?.hash;
    if (isNew && !afterWriting && entry.text !== null && !reviewer.remembers(hash)) {
      // A settled answer whose words changed is being written again; wait until it stands still.
      const now = clock.now();
      entry.gate = writingAgain(now);
      entry.lookAt = now + POLL_MS;
      this.unsettle(entry);
      return;
    }
    entry.text = { answer, hash };
    entry.view = null;
    if (list.name(entry)) display.noteChange();
    if (isNew || entry.state.type === 'generating' || entry.state.type === 'skipped') reviewer.request(entry);
    placer.place(entry);
  }
}
