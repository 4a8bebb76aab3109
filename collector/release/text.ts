/** Text as it is compared: for items that are the same, and for near-duplicates. */

/** NFKC, lower case, white space collapsed. */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

const SCRIPTS_WITHOUT_SPACES = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/**
 * Character n-grams of the normalised text: n = 5, or 3 in scripts whose words are a few characters long
 * (on comments with one word replaced, Jaccard over these finds far more than SimHash).
 */
export function shingles(text: string): Set<string> {
  const clean = normalised(text);
  const size = SCRIPTS_WITHOUT_SPACES.test(clean) ? 3 : 5;
  const characters = [...clean];
  if (characters.length <= size) return new Set([clean]);
  return new Set(Array.from({ length: characters.length - size + 1 }, (_, at) => characters.slice(at, at + size).join('')));
}

export function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const [small, large] = one.size <= other.size ? [one, other] : [other, one];
  let both = 0;
  for (const item of small) if (large.has(item)) both++;
  const all = one.size + other.size - both;
  return all === 0 ? 1 : both / all;
}
