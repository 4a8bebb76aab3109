/**
 * Where a finding belongs in a text that may have changed since. Pages redraw and chatbots rewrite, so a finding keeps
 * its quote with a little of what stands around it. Unsure is the same as gone: a mark on the wrong words is worse than
 * none.
 */
import type { Span } from '../review/types.ts';
import { hashText } from './hash.ts';

export interface Anchor {
  readonly quote: string;
  /** Where it was. */
  readonly start: number;
  /** Up to `CONTEXT` units on each side. */
  readonly prefix: string;
  readonly suffix: string;
  /** Of the whole text it was made in. */
  readonly hash: string;
}

export type Resolution = { readonly type: 'found'; readonly span: Span } | { readonly type: 'dropped'; readonly reason: DropReason };

/** `touched`: the words themselves changed. `ambiguous`: they are there more than once and nothing tells which. */
export type DropReason = 'touched' | 'ambiguous' | 'outside-text';

/** UTF-16 units of context on each side. */
export const CONTEXT = 32;
/** So much of the context must still be there, unless the quote is long enough to be itself. */
const ENOUGH_CONTEXT = 12;
/** A quote this frequent is not worth telling apart. */
const MAX_CANDIDATES = 200;

/** Makes an anchor; null when the span does not lie in the text. */
export function makeAnchor(text: string, span: Span, hash: string = hashText(text)): Anchor | null {
  if (span.start < 0 || span.end > text.length || span.start >= span.end) return null;
  return {
    quote: text.slice(span.start, span.end),
    start: span.start,
    prefix: text.slice(Math.max(0, span.start - CONTEXT), span.start),
    suffix: text.slice(span.end, span.end + CONTEXT),
    hash,
  };
}

/** Finds an anchor in a text: at its place when the text is the same, else by its quote and what stands around it. */
export function resolveAnchor(anchor: Anchor, text: string, hash: string = hashText(text)): Resolution {
  const end = anchor.start + anchor.quote.length;
  if (anchor.hash === hash && text.slice(anchor.start, end) === anchor.quote) return { type: 'found', span: { start: anchor.start, end } };
  if (anchor.quote === '') return { type: 'dropped', reason: 'outside-text' };

  let best: number | null = null;
  let bestScore = -1;
  let tied = false;
  let candidates = 0;
  for (let at = text.indexOf(anchor.quote); at !== -1; at = text.indexOf(anchor.quote, at + 1)) {
    candidates += 1;
    if (candidates > MAX_CANDIDATES) return { type: 'dropped', reason: 'ambiguous' };
    const score = contextScore(anchor, text, at);
    if (score > bestScore) {
      best = at;
      bestScore = score;
      tied = false;
    } else if (score === bestScore) tied = true;
  }
  if (best === null) return { type: 'dropped', reason: 'touched' };
  if (tied) return { type: 'dropped', reason: 'ambiguous' };
  // A short quote among strange words is a coincidence: "always" is in every second answer.
  const enough = Math.min(ENOUGH_CONTEXT, anchor.prefix.length + anchor.suffix.length);
  if (bestScore < enough && anchor.quote.length < CONTEXT) return { type: 'dropped', reason: 'touched' };
  return { type: 'found', span: { start: best, end: best + anchor.quote.length } };
}

/** How many units around a candidate agree with the anchor's context, going outwards from the quote. */
function contextScore(anchor: Anchor, text: string, at: number): number {
  const end = at + anchor.quote.length;
  let before = 0;
  while (before < anchor.prefix.length && text[at - 1 - before] === anchor.prefix[anchor.prefix.length - 1 - before]) before += 1;
  let after = 0;
  while (after < anchor.suffix.length && text[end + after] === anchor.suffix[after]) after += 1;
  return before + after;
}
