/** Paints the marks of all answers in one go, and the one that is open. Without a highlight registry it paints nothing. */
import { familyOf, type Family, type Finding } from '../../review/types.ts';
import { highlightApi, HighlightPainter, type HighlightApi } from '../highlights.ts';
import type { Mark } from './types.ts';

export class MarkPainter {
  private readonly painter: HighlightPainter | null;
  private readonly marks: () => readonly Mark[];
  /** Named, not kept: a mark is a new one after each redraw, its finding stays. */
  private active: { readonly key: string; readonly finding: Finding } | null = null;

  /** `marks`: all that are to be seen at the moment. */
  constructor(highlights: HighlightApi | undefined, marks: () => readonly Mark[]) {
    this.painter = makePainter(highlights);
    this.marks = marks;
  }

  paint(): void {
    if (!this.painter) return;
    this.painter.paint(byFamily(this.marks()));
    this.paintActive();
  }

  /** Shows one mark as open, or none. */
  setActive(mark: Mark | null): void {
    this.active = mark && { key: mark.answerKey, finding: mark.finding };
    this.paintActive();
  }

  clear(): void {
    this.painter?.clear();
  }

  private paintActive(): void {
    const { active } = this;
    const open = active && this.marks().find((mark) => mark.finding === active.finding && mark.answerKey === active.key);
    this.painter?.paintActive(open?.range ?? null);
  }
}

function makePainter(injected: HighlightApi | undefined): HighlightPainter | null {
  if (injected) return new HighlightPainter(injected);
  const found = highlightApi();
  return found.type === 'api' ? new HighlightPainter(found.api) : null;
}

function byFamily(marks: readonly Mark[]): ReadonlyMap<Family, readonly Range[]> {
  const ranges = new Map<Family, Range[]>();
  for (const { finding, range } of marks) {
    const family = familyOf(finding.kind);
    const list = ranges.get(family);
    if (list) list.push(range);
    else ranges.set(family, [range]);
  }
  return ranges;
}
