/** Finds what stands between quotation marks: words that are shown, not said. */
import type { Span } from '../types.ts';

/** Opening mark → the marks that may close it. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['„', '“”"'],
  ['“', '”"'],
  ['«', '»'],
  ['»', '«'],
  ['「', '」'],
  ['『', '』'],
  ['《', '》'],
  ['〈', '〉'],
  ['‹', '›'],
  ['‚', '‘’'],
  ['‘', '’'],
  ['”', '”'],
]);

/** Longer quotations are more likely a lost mark than a quotation. In UTF-16 units. */
const LONGEST = 1500;

/**
 * @param text prose of one block.
 * @returns spans including the marks, outermost only, offsets into `text`.
 */
export function quotations(text: string): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < text.length; i++) {
    const sign = text[i]!;
    let close = -1;
    if (sign === '"' || sign === '״') {
      // A straight mark opens after a border and closes before one: 5'10" and "inches" are left alone.
      const prefixed = behindPrefix(text, i);
      if (opens(text, i) || prefixed) close = closing(text, i, (at) => text[at] === sign && !isGershayim(text, at));
      // ש"ח, "…": what would close is another opening mark, so this one was part of an abbreviation.
      if (prefixed && close > 0 && /\s/.test(text[close - 1]!)) close = -1;
    } else if (sign === "'" || sign === '‘') {
      // Apostrophes are far more frequent than single quotation marks: only a clear pair counts.
      if (opens(text, i)) close = closing(text, i, (at) => (text[at] === "'" || text[at] === '’') && !LETTER_GOES_ON.test(text[at + 1] ?? ' '));
      if (close >= 0 && !/\s/.test(text.slice(i, close)) && close - i < 3) close = -1;
    } else {
      const closers = PAIRS.get(sign);
      if (closers !== undefined && (sign !== '»' || opens(text, i)) && (sign !== '”' || opens(text, i))) close = closing(text, i, (at) => closers.includes(text[at]!));
    }
    if (close > i) {
      spans.push({ start: i, end: close + 1 });
      i = close;
    }
  }
  return spans;
}

/** Hebrew prefixes (in, to, that, the …) stand right before an opening mark: ב"הארץ". */
function behindPrefix(text: string, at: number): boolean {
  return /(?<!\p{sc=Hebrew})[ושבלהמכ]{1,2}$/u.test(text.slice(Math.max(0, at - 3), at)) && /\p{sc=Hebrew}/u.test(text[at + 1] ?? '');
}

/** Within a Hebrew word the double mark shows an abbreviation: ארה"ב. */
function isGershayim(text: string, at: number): boolean {
  return /\p{sc=Hebrew}/u.test(text[at - 1] ?? '') && /\p{sc=Hebrew}/u.test(text[at + 1] ?? '');
}

/** Behind an apostrophe the word goes on; behind a closing mark only a Korean particle may follow at once. */
const LETTER_GOES_ON = /(?!\p{sc=Hangul})\p{L}/u;

function opens(text: string, at: number): boolean {
  return (at === 0 || /[\s([{*_:–—-]/u.test(text[at - 1]!)) && /\S/.test(text[at + 1] ?? ' ');
}

function closing(text: string, from: number, isClose: (at: number) => boolean): number {
  const limit = Math.min(text.length, from + LONGEST);
  for (let at = from + 2; at < limit; at++) if (isClose(at)) return at;
  return -1;
}
