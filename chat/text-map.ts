/**
 * Where each piece of an answer's text lives in the page: text offsets ↔ positions in Text nodes. Segments are copied
 * character by character, so the way back is exact; what the reader put in between (line ends) belongs to no segment.
 */
import type { Span } from '../review/types.ts';

/** A position in the page. */
export interface NodePosition {
  readonly node: Text;
  readonly offset: number;
}

interface Segment {
  /** First offset in the answer's text. */
  readonly start: number;
  length: number;
  readonly node: Text;
  /** First offset in the node. */
  readonly from: number;
}

export class TextMap {
  private readonly segments: Segment[] = [];
  private byNode: Map<Text, Segment[]> | null = null;

  /** Adds a piece; pieces come in the order of the text. A piece that goes on where the last one ended grows it. */
  add(start: number, node: Text, from: number, length: number): void {
    const last = this.segments.at(-1);
    if (last && last.node === node && last.start + last.length === start && last.from + last.length === from) last.length += length;
    else this.segments.push({ start, length, node, from });
  }

  get size(): number {
    return this.segments.length;
  }

  /** Where a stretch of text starts and ends in the page; null when none of it is on the page. */
  positions(span: Span): { readonly start: NodePosition; readonly end: NodePosition } | null {
    const first = this.segments[this.firstEndingAfter(span.start)];
    if (!first || first.start >= span.end) return null;
    const last = this.segments[this.lastStartingBefore(span.end)];
    if (!last) return null;
    return {
      start: { node: first.node, offset: first.from + Math.max(0, span.start - first.start) },
      end: { node: last.node, offset: last.from + Math.min(last.length, span.end - last.start) },
    };
  }

  /** The text offset of a position in the page; null for what is not part of the answer. Positions in skipped white space move on to the next character. */
  offsetOf(node: Text, offset: number): number | null {
    this.byNode ??= this.index();
    const segments = this.byNode.get(node);
    if (!segments) return null;
    for (const segment of segments) {
      if (offset < segment.from) return segment.start;
      if (offset <= segment.from + segment.length) return segment.start + offset - segment.from;
    }
    const last = segments.at(-1);
    return last ? last.start + last.length : null;
  }

  /** Whether every Text node is still in the page. */
  isAttached(): boolean {
    return this.segments.every((segment) => segment.node.isConnected);
  }

  private firstEndingAfter(offset: number): number {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.segments[middle]!;
      if (segment.start + segment.length > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private lastStartingBefore(offset: number): number {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.segments[middle]!.start < offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private index(): Map<Text, Segment[]> {
    const byNode = new Map<Text, Segment[]>();
    for (const segment of this.segments) {
      const list = byNode.get(segment.node);
      if (list) list.push(segment);
      else byNode.set(segment.node, [segment]);
    }
    return byNode;
  }
}

/** A DOM range over a stretch of text; null when its nodes have changed or gone. */
export function rangeOf(map: TextMap, span: Span): Range | null {
  const positions = map.positions(span);
  if (!positions || !positions.start.node.isConnected || !positions.end.node.isConnected) return null;
  try {
    const range = positions.start.node.ownerDocument.createRange();
    range.setStart(positions.start.node, positions.start.offset);
    range.setEnd(positions.end.node, positions.end.offset);
    return range.collapsed ? null : range;
  } catch {
    // The node became shorter since it was read: the page has changed, so the range would lie.
    return null;
  }
}
