/**
 * What is shown of the answers: their state and marks are set here and nowhere else. Much can change in one look; painting
 * and telling wait for `flush`, so that each happens once.
 */
import type { AnswerList } from './answer-list.ts';
import type { Entry } from './entry.ts';
import type { MarkPainter } from './mark-painter.ts';
import type { AnswerState, AnswerView, Mark } from './types.ts';

export class Display {
  private readonly list: AnswerList;
  private readonly painter: MarkPainter;
  private readonly onChange: (views: readonly AnswerView[]) => void;
  private allViews: readonly AnswerView[] | null = null;
  private changed = false;
  private repaint = false;

  constructor(list: AnswerList, painter: MarkPainter, onChange: (views: readonly AnswerView[]) => void) {
    this.list = list;
    this.painter = painter;
    this.onChange = onChange;
  }

  /** The same list until something about it changed. */
  views(): readonly AnswerView[] {
    this.allViews ??= this.list.entries.map(viewOf);
    return this.allViews;
  }

  setState(entry: Entry, state: AnswerState): void {
    if (state.type === 'generating' && entry.state.type === 'generating') return;
    entry.state = state;
    entry.view = null;
    this.changed = true;
  }

  setMarks(entry: Entry, marks: readonly Mark[], dropped: number): void {
    if (marks.length === 0 && entry.marks.length === 0 && dropped === entry.dropped) return;
    entry.marks = marks;
    entry.dropped = dropped;
    entry.view = null;
    this.changed = true;
    this.repaint = true;
  }

  /** Something else about the views changed: which there are, their order, their keys, their conversation. */
  noteChange(): void {
    this.changed = true;
  }

  /** An answer has left the page, and its marks with it. */
  noteRemoved(entry: Entry): void {
    if (entry.marks.length > 0) this.repaint = true;
    this.changed = true;
  }

  /** Paints and tells what changed since the last time. */
  flush(): void {
    if (this.repaint) {
      this.repaint = false;
      this.painter.paint();
    }
    if (!this.changed) return;
    this.changed = false;
    this.allViews = null;
    this.onChange(this.views());
  }

  /** Takes every mark away; nothing is shown from now on. */
  stop(): void {
    this.painter.clear();
    this.allViews = [];
  }
}

function viewOf(entry: Entry): AnswerView {
  const { key, element, state, marks, dropped, text } = entry;
  entry.view ??= { key, element, state, marks, dropped, answer: text?.answer ?? null };
  return entry.view;
}
