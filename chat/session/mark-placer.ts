/** Puts an answer's findings at their places on the page of now. */
import type { Finding } from '../../review/types.ts';
import { hashText } from '../hash.ts';
import { readAnswer } from '../reader.ts';
import type { Site } from '../sites/index.ts';
import { spanOf, type AnchoredReview } from './anchored-review.ts';
import type { Display } from './display.ts';
import type { Entry, ReadText } from './entry.ts';
import type { Mark } from './types.ts';

export class MarkPlacer {
  private readonly site: Site;
  private readonly display: Display;
  private readonly isShown: (finding: Finding) => boolean;

  constructor(site: Site, display: Display, isShown: (finding: Finding) => boolean) {
    this.site = site;
    this.display = display;
    this.isShown = isShown;
  }

  /** Shows an entry's findings where their words are, or nothing while it is being written. */
  place(entry: Entry): void {
    if (!entry.text || !entry.anchored || entry.gate.phase !== 'settled') {
      this.display.setMarks(entry, [], 0);
      return;
    }
    entry.text = onPageOfNow(entry.text, entry.element, this.site);
    const { marks, dropped } = this.marksOf(entry.key, entry.text, entry.anchored);
    // Until the new review is there, marks of the last one are kept where their words are; the rest is not a loss yet.
    this.display.setMarks(entry, marks, entry.state.type === 'reviewed' ? dropped : 0);
  }

  private marksOf(
    answerKey: string,
    { answer, hash }: ReadText,
    anchored: AnchoredReview,
  ): { readonly marks: readonly Mark[]; readonly dropped: number } {
    const marks: Mark[] = [];
    let dropped = 0;
    for (const finding of anchored.review.findings) {
      if (!this.isShown(finding)) continue;
      const span = spanOf(finding, anchored, answer.text, hash);
      const range = span && answer.toRange(span);
      if (range) marks.push({ finding, range, answerKey });
      else dropped += 1;
    }
    return { marks, dropped };
  }
}

/**
 * The same words at the nodes that hold them now: the page may have redrawn the answer since it was read. When the words
 * are others, the reading stays as it is; a change we have not looked at yet brings us back here.
 */
function onPageOfNow(text: ReadText, element: Element, site: Site): ReadText {
  if (text.answer.map.isAttached()) return text;
  const again = readAnswer(element, site);
  return again.type === 'answer' && hashText(again.answer.text) === text.hash ? { answer: again.answer, hash: text.hash } : text;
}
