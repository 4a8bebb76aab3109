/** How well the words that carry a form of address are marked, counted in words, or in characters where blanks divide no words. */
import type { SpanTag } from '../../review/classifier/types.ts';
import type { Answered } from './types.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Languages whose markers are endings or have no blanks around them. */
const BY_CHARACTER = new Set(['ja', 'ko']);
const WORD = /[\p{L}\p{M}\p{N}'’-]+/gu;
const LETTER = /[\p{L}\p{M}\p{N}]/gu;

/** Spans in characters (code points), as the sets count, in UTF-16 units, as JavaScript does. */
export function utf16Ranges(text: string, spans: readonly (readonly [number, number, ...unknown[]])[]): Range[] {
  if (spans.length === 0) return [];
  const starts = [0];
  for (const character of text) starts.push(starts.at(-1)! + character.length);
  return spans.map(([start, end]) => ({ start: starts[start] ?? text.length, end: starts[end] ?? text.length }));
}

/** @returns units marked rightly (with the tag of the right form), and units marked plus units that should be */
export function markerCounts({ item, answer }: Answered): { readonly both: number; readonly either: number } {
  const right: SpanTag = item.label === 'formal' ? 'address-formal' : 'address-informal';
  const said = answer.spans.filter(({ tag }) => tag === 'address-formal' || tag === 'address-informal');
  const markers = item.markers ?? [];
  const units = Array.from(item.text.matchAll(BY_CHARACTER.has(item.language) ? LETTER : WORD), (match) => ({ start: match.index, end: match.index + match[0].length }));
  let [both, either] = [0, 0];
  for (const unit of units) {
    const touches = (range: Range) => range.start < unit.end && range.end > unit.start;
    const isMarker = markers.some(touches);
    const marked = said.filter(touches);
    either += Number(isMarker) + Number(marked.length > 0);
    both += Number(isMarker && marked.some(({ tag }) => tag === right));
  }
  return { both, either };
}
