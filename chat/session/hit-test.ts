/** Which marks are under a point. Highlights are no elements, so the browser does not tell. */
import type { Entry } from './entry.ts';
import type { Mark } from './types.ts';

/** The marks under a point of the viewport, the smallest first. */
export function marksAt(entries: readonly Entry[], x: number, y: number): readonly Mark[] {
  // Asking for a mark's place is dear, asking for its answer's is cheap.
  return entries
    .filter(({ element, marks }) => marks.length > 0 && contains(element.getBoundingClientRect(), x, y))
    .flatMap(({ marks }) => marks.filter(({ range }) => [...range.getClientRects()].some((rect) => contains(rect, x, y))))
    .sort((a, b) => lengthOf(a) - lengthOf(b));
}

function lengthOf({ finding }: Mark): number {
  return finding.end - finding.start;
}

/** A point on the border counts: fingers and lines of text are not exact. */
function contains(rect: DOMRect, x: number, y: number): boolean {
  const slack = 1;
  return x >= rect.left - slack && x <= rect.right + slack && y >= rect.top - slack && y <= rect.bottom + slack;
}
