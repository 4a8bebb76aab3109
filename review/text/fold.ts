/**
 * Folding: the same text for matching, with every sign in its place. Case, curly apostrophes, odd spaces and
 * full-width forms disappear; the length and all offsets stay.
 */

const SAME_LENGTH: ReadonlyMap<string, string> = new Map([
  ...['’', '‘', 'ʼ', '′', '`', '´', '＇'].map((sign): [string, string] => [sign, "'"]),
  ...['“', '”', '„', '‟', '″', '＂'].map((sign): [string, string] => [sign, '"']),
  ...['\u00A0', '\u202F', '\u2007', '\u2009', '\u200A', '\u3000', '\t'].map((sign): [string, string] => [sign, ' ']),
  ...['‐', '‑', '‒', '–', '—', '−'].map((sign): [string, string] => [sign, '-']),
  // Turkish İ lowers to two units; Arabic letters have spelling variants that writers mix freely.
  ['İ', 'i'],
  ...['أ', 'إ', 'آ', 'ٱ'].map((sign): [string, string] => [sign, 'ا']),
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
]);

function foldUnit(unit: string, lower: boolean): string {
  const known = SAME_LENGTH.get(unit);
  if (known !== undefined && (lower || unit !== 'İ')) return known;
  const code = unit.charCodeAt(0);
  if (code >= 0xff01 && code <= 0xff5e) {
    const ascii = String.fromCharCode(code - 0xfee0);
    return lower ? ascii.toLowerCase() : ascii;
  }
  if (!lower) return unit;
  const small = unit.toLowerCase();
  return small.length === 1 ? small : unit;
}

const NEEDS_FOLD = /[^\x20\x28-\x40\x5b-\x5f\x61-\x7e\n]/;
const NEEDS_EXACT_FOLD = /[^\x20-\x5f\x61-\x7e\n]/;

/** Folds case and variants of signs. `fold(t).length === t.length` for every text. */
export function fold(text: string): string {
  return NEEDS_FOLD.test(text) ? mapUnits(text, true) : text;
}

/** Folds variants of signs but keeps upper and lower case. Same length. */
export function foldSigns(text: string): string {
  return NEEDS_EXACT_FOLD.test(text) ? mapUnits(text, false) : text;
}

function mapUnits(text: string, lower: boolean): string {
  let out = '';
  // Surrogate halves have no lower case of their own and pass through, lone ones too.
  for (let i = 0; i < text.length; i++) out += foldUnit(text[i]!, lower);
  return out;
}

/** Blanks the given spans with spaces; same length. Spans may lie in any order. */
export function blank(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  if (spans.length === 0) return text;
  let out = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const from = Math.max(start, at);
    if (end <= from) continue;
    out += text.slice(at, from) + ' '.repeat(Math.min(end, text.length) - from);
    at = Math.min(end, text.length);
  }
  return out + text.slice(at);
}
