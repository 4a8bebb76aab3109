/** Text prepared for matching; made once for each passage and shared by all patterns. */
import { fold, foldSigns } from '../text/fold.ts';

export interface MatchText {
  /** Folded case. Same length as the original. */
  readonly folded: string;
  /** Upper and lower case kept. Same length. */
  readonly exact: string;
  /** Places where a word may start, ascending. */
  readonly starts: readonly number[];
  /** `starts` by the folded sign that stands there. */
  readonly startsAt: ReadonlyMap<number, readonly number[]>;
  /** Where list items end that start at a place, by list and place; filled as patterns ask. */
  readonly listEnds: Map<string, Map<number, readonly number[]>>;
}

const WORD = /[\p{L}\p{M}\p{N}]/u;
const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー々]/u;
const SPACE = /\s/;

/** ASCII is most of most text: its classes come from a table. */
const ASCII_WORD = new Uint8Array(128).map((_, code) => Number(/[\p{L}\p{N}]/u.test(String.fromCharCode(code))));

/** A letter, mark or digit (surrogate pairs count as letters: they are emoji or rare scripts, and borders do not matter there). */
export function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return ASCII_WORD[code] === 1;
  return WORD.test(text[at] ?? '');
}

/** A sign of a script that is written without spaces. */
export function isSpaceless(text: string, at: number): boolean {
  return text.charCodeAt(at) > 0xdff && SPACELESS.test(text[at]!);
}

export function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || code === 10 || (code !== code ? false : (code < 32 || code > 127) && SPACE.test(text[at]!));
}

export function matchText(text: string): MatchText {
  const folded = fold(text);
  const starts: number[] = [];
  const startsAt = new Map<number, number[]>();
  for (let at = 0; at < folded.length; at++) {
    if (isSpace(folded, at) || !startsWord(folded, at)) continue;
    starts.push(at);
    const unit = folded.charCodeAt(at);
    const same = startsAt.get(unit);
    if (same === undefined) startsAt.set(unit, [at]);
    else same.push(at);
  }
  return { folded, exact: foldSigns(text), starts, startsAt, listEnds: new Map() };
}

/** Katakana words stand beside each other without spaces, but a run of them is one word: タイ is not in ネクタイ. */
const KATAKANA = /[\p{sc=Katakana}ー]/u;
function withinKatakana(text: string, at: number): boolean {
  return at > 0 && at < text.length && text.charCodeAt(at) > 0x309f && KATAKANA.test(text[at]!) && KATAKANA.test(text[at - 1]!);
}

/** Whether a match may start here: before a word, a symbol, or anywhere in a script without spaces. */
function startsWord(text: string, at: number): boolean {
  if (withinKatakana(text, at)) return false;
  if (!isWord(text, at) || isSpaceless(text, at)) return true;
  return at === 0 || !isWord(text, at - 1) || isSpaceless(text, at - 1);
}

const HANGUL = /\p{sc=Hangul}/u;
const LATIN_OR_DIGIT = /[\p{N}\p{sc=Latin}]/u;

/** Whether a match may end here. Korean particles follow a number or a foreign word at once ("911에"). */
export function endsWord(text: string, end: number): boolean {
  if (withinKatakana(text, end)) return false;
  const last = end - 1;
  if (!isWord(text, last) || isSpaceless(text, last)) return true;
  if (end >= text.length || !isWord(text, end) || isSpaceless(text, end)) return true;
  return HANGUL.test(text[end]!) && LATIN_OR_DIGIT.test(text[last]!);
}
