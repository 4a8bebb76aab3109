/**
 * Folding: the same text for matching, with every sign in its place. Case, curly apostrophes, odd spaces, joiners, local
 * digits and full-width forms disappear; the length and all offsets stay.
 */

const SAME_LENGTH: ReadonlyMap<string, string> = new Map([
  ...['’', '‘', 'ʼ', '′', '`', '´', '＇', '׳'].map((sign): [string, string] => [sign, "'"]),
  ...['“', '”', '„', '‟', '″', '＂', '״'].map((sign): [string, string] => [sign, '"']),
  ...['\u00A0', '\u202F', '\u2007', '\u2009', '\u200A', '\u3000', '\t'].map((sign): [string, string] => [sign, ' ']),
  // Joiners and marks of direction that nobody sees: Persian "می‌خواهم" is also written with a space.
  ...['\u200B', '\u200C', '\u200E', '\u200F', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069'].map((sign): [string, string] => [sign, ' ']),
  ...['‐', '‑', '‒', '–', '—', '−', '־'].map((sign): [string, string] => [sign, '-']),
  // Arabic letters have spelling variants that writers mix freely.
  ...['أ', 'إ', 'آ', 'ٱ'].map((sign): [string, string] => [sign, 'ا']),
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
  ['ئ', 'ي'],
  ['ؤ', 'و'],
  ...['ہ', 'ۂ', 'ۀ'].map((sign): [string, string] => [sign, 'ه']),
  ['ۃ', 'ة'],
  ['ۓ', 'ے'],
  // Russian ё is mostly written without its dots.
  ['ё', 'е'],
  // Letters with a dot below that are one sign or two (letter and dot): the one becomes the letter, `spellings` takes the dot from the other.
  ...Object.entries({ क: '\u0958', ख: '\u0959', ग: '\u095a', ज: '\u095b', ड: '\u095c', ढ: '\u095d', फ: '\u095e', य: '\u095f', ড: '\u09dc', ঢ: '\u09dd', য: '\u09df' }).map(([letter, sign]): [string, string] => [sign, letter]),
  // Digits of other scripts: ۱۱۵ is 115.
  ...[0x0660, 0x06f0, 0x0966, 0x09e6].flatMap((zero) => Array.from({ length: 10 }, (_, digit): [string, string] => [String.fromCharCode(zero + digit), String(digit)])),
]);

/**
 * Turkish İ lowers to two units; its I and ı are two letters whose capitals cannot be told apart without knowing the
 * language ("Irk" is ırk), so all four are one sign.
 */
const CASE_ONLY: ReadonlyMap<string, string> = new Map([
  ['İ', 'i'],
  ['ı', 'i'],
  ['Ё', 'е'],
]);

const DOT_BELOW = /[\u093c\u09bc]/g;

/**
 * The ways in which texts spell a word of a pattern, where Unicode has two that `fold` cannot make one: a Bengali or
 * Devanagari letter with a dot below is one sign in some texts and two in others.
 */
export function spellings(word: string): readonly string[] {
  // NFC writes these letters as two signs (they are excluded from composition), other letters as one.
  const two = word.normalize('NFC');
  const one = two.replace(DOT_BELOW, '');
  return one === two ? [word] : one === '' ? [two] : [two, one];
}

function foldUnit(unit: string, lower: boolean): string {
  const known = SAME_LENGTH.get(unit) ?? (lower ? CASE_ONLY.get(unit) : undefined);
  if (known !== undefined) return known;
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
