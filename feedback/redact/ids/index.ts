import type { Hit, Reading } from '../types.ts';
import { AMERICAS } from './americas.ts';
import { ASIA_AFRICA } from './asia-africa.ts';
import { EUROPE } from './europe.ts';
import { FURTHER } from './further.ts';
import words from '../data/id-words.json' with { type: 'json' };

export const ID_FORMS = [...EUROPE, ...AMERICAS, ...ASIA_AFRICA, ...FURTHER] as const;
/** Regions whose ids are known. */
export const ID_REGIONS: readonly string[] = [...new Set(ID_FORMS.map(({ region }) => region))].sort();

/** How far before a number a word such as "passport" still announces it. */
const NEAR = 40;
const ANNOUNCES = new RegExp(words.join('|'), 'iu');

/** National ids, numbers of tax, insurance, licences, passports and plates. */
export function nationalIds({ folded, region }: Reading): Hit[] {
  const hits: Hit[] = [];
  // Every form has a digit; most sentences have none, and the forms are many.
  if (!/\d/.test(folded)) return hits;
  for (const { pattern, valid, told, region: issuer } of ID_FORMS) {
    for (const match of folded.matchAll(pattern)) {
      const compact = match[0].replace(/[^\p{L}\d]/gu, '').toUpperCase();
      if (valid && !valid(compact)) continue;
      const announced = (): boolean => ANNOUNCES.test(folded.slice(Math.max(0, match.index - NEAR), match.index));
      const own = issuer === region && (told === 'region' || (told === 'capitals' && !/\p{Ll}/u.test(match[0])));
      if (told === 'anywhere' || own || announced()) hits.push({ start: match.index, end: match.index + match[0].length, type: 'national-id' });
    }
  }
  return hits;
}
