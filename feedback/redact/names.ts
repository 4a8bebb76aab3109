/** The reader's own list of names. */
import type { Hit } from './types.ts';
import { fold } from './fold.ts';

const LONGEST = 100;
const MOST = 50;
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
/** Scripts without spaces between words: a name may touch its neighbours. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

/** Each name wherever it stands, and each capitalised part of a longer one; with a genitive or a Turkish suffix. */
export function ownNames(text: string, names: readonly string[]): Hit[] {
  const folded = fold(text);
  const hits: Hit[] = [];
  for (const name of names.slice(0, MOST)) {
    const whole = fold(name.normalize('NFC')).replace(/\s+/g, ' ').trim().slice(0, LONGEST);
    if ([...whole].length < 2) continue;
    find(whole, 'giu');
    const parts = whole.split(/[ -]/);
    // "Rose" of "Rose Miller" is replaced, "rose" is a flower.
    if (parts.length > 1) for (const part of parts) if ([...part].length >= 3 && /^\p{Lu}/u.test(part)) find(part, 'gu');
  }
  return hits;

  function find(name: string, flags: string): void {
    const source = escape(name).replaceAll(' ', '[ \\u00A0]{1,3}');
    const pattern = UNSPACED.test(name) ? new RegExp(source, flags) : new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])${source}(?:s|['’]\\p{L}{0,6})?(?![\\p{L}\\p{M}\\p{N}])`, flags);
    for (const match of folded.matchAll(pattern)) hits.push({ start: match.index, end: match.index + match[0].length, type: 'name' });
  }
}
