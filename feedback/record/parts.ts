/** What of an answer a piece of feedback is about: the passage and one neighbour on each side, never more and never the prompt. */
import { LONGEST_EXCERPT } from '../schema/limits.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A stretch of an answer, cut into passages. All offsets are UTF-16 units of `text`. */
export interface Stretch {
  readonly text: string;
  readonly parts: readonly Span[];
  /** The marked or selected words; null where the whole is meant. */
  readonly span: Span | null;
}

/** Sentences of each line. `Intl.Segmenter` knows the languages; lines are list items and headings. */
export function cutIntoParts(text: string, language: string): Span[] {
  const segmenter = new Intl.Segmenter(language === 'und' ? 'en' : language, { granularity: 'sentence' });
  const parts: Span[] = [];
  for (const line of text.matchAll(/[^\n]+/g)) {
    for (const { segment, index } of segmenter.segment(line[0])) {
      const start = line.index + index + (segment.length - segment.trimStart().length);
      const end = start + segment.trim().length;
      if (end > start) parts.push({ start, end });
    }
  }
  return parts;
}

/** The passages that the words lie in, with one neighbour on each side, as a text of its own. */
export function stretchAround(answer: string, span: Span, language: string): Stretch {
  // Around the words only: an answer may be long, and cutting it costs time on the chat's page.
  const from = Math.max(0, span.start - LONGEST_EXCERPT);
  const window = clean(answer.slice(from, span.end + LONGEST_EXCERPT));
  const at = { start: span.start - from, end: Math.min(span.end - from, window.length) };
  const all = cutIntoParts(window, language);
  const first = all.findIndex(({ end }) => end > at.start);
  const last = all.findLastIndex(({ start }) => start < at.end);
  if (first === -1 || last < first) return { text: window.slice(at.start, at.end), parts: [{ start: 0, end: at.end - at.start }], span: { start: 0, end: at.end - at.start } };
  // What the words touch is one passage to the reader.
  const own = { start: Math.min(all[first]!.start, at.start), end: Math.max(all[last]!.end, at.end) };
  const chosen = [all[first - 1], own, all[last + 1]].filter((part) => part !== undefined);
  return within(window, fitting(chosen, own), at);
}

/** The whole answer, as far as one excerpt reaches. */
export function stretchOfAnswer(answer: string, language: string): Stretch {
  const text = clean(answer.slice(0, LONGEST_EXCERPT * 2));
  const parts = cutIntoParts(text, language).filter(({ end }) => end <= LONGEST_EXCERPT);
  if (parts.length === 0) return { text: text.slice(0, LONGEST_EXCERPT), parts: [{ start: 0, end: Math.min(text.length, LONGEST_EXCERPT) }], span: null };
  return { ...within(text, parts, null), span: null };
}

/** Labels may be longer than what they replace; some room is left for them. */
const ROOM = 3600;

/** Drops the neighbours where the whole would be too long. */
function fitting(parts: readonly Span[], own: Span): Span[] {
  let kept = [...parts];
  while (kept.length > 1 && kept.at(-1)!.end - kept[0]!.start > ROOM) kept = kept.length === 3 ? kept.slice(0, 2) : [own];
  return kept.map((part) => ({ start: part.start, end: Math.min(part.end, kept[0]!.start + ROOM) }));
}

function within(text: string, parts: readonly Span[], span: Span | null): Stretch {
  const { start } = parts[0]!;
  const { end } = parts.at(-1)!;
  const moved = (each: Span): Span => ({ start: Math.max(0, each.start - start), end: Math.min(each.end, end) - start });
  return { text: text.slice(start, end), parts: parts.map(moved), span: span && moved(span) };
}

/** What a reader did not see is not sent: control characters become spaces, broken characters their sign. Keeps the length. */
function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, ' ').toWellFormed();
}

export interface Assembled {
  readonly text: string;
  /** Where an offset of the stretch stands here; null where its passage was left out. */
  place(offset: number): number | null;
  /** The way back: which offset of the stretch stands here. In a gap, that of the passage before it. */
  origin(offset: number): number;
}

const GAP = ' … ';

/** The passages that are kept, with a sign where one between them is missing. */
export function assemble({ text, parts }: Stretch, kept: ReadonlySet<number>): Assembled {
  let out = '';
  let last = -1;
  const pieces: { readonly from: number; readonly to: number; readonly at: number }[] = [];
  for (const [index, part] of parts.entries()) {
    if (!kept.has(index)) continue;
    const follows = last === index - 1 && last !== -1;
    const from = follows ? parts[last]!.end : part.start;
    if (!follows && last !== -1) out += GAP;
    pieces.push({ from, to: part.end, at: out.length });
    out += text.slice(from, part.end);
    last = index;
  }
  return {
    text: out,
    place: (offset) => {
      const piece = pieces.find(({ from, to }) => offset >= from && offset <= to);
      return piece ? piece.at + offset - piece.from : null;
    },
    origin: (offset) => {
      const piece = pieces.findLast(({ at }) => at <= offset);
      return piece ? Math.min(piece.from + offset - piece.at, piece.to) : 0;
    },
  };
}
