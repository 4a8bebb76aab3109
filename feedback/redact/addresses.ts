/** Street addresses as the languages of the packs write them, postcodes of fixed form, and coordinates. Best effort: streets have no check digit. */
import type { Hit, Reading } from './types.ts';
import forms from './data/address-forms.json' with { type: 'json' };

const PLACES: Readonly<Record<string, string>> = forms.places;
/** Forms are written with `{word}` and the like; their repeats are bounded so that hostile text costs no more than plain text. */
const fillPlaces = (source: string): string => source.replace(/\{(\w+)\}/g, (whole, name: string) => PLACES[name] ?? whole);
const PATTERNS = [
  ...forms.exact.map((source) => new RegExp(fillPlaces(source), 'gu')),
  ...forms.anyCase.map((source) => new RegExp(fillPlaces(source), 'giu')),
];

export function addresses({ folded }: Reading): Hit[] {
  // Every form has a number; most sentences have none.
  if (!/[\d一二三四五六七八九十]/.test(folded)) return [];
  return PATTERNS.flatMap((pattern) => [...folded.matchAll(pattern)].map((match): Hit => ({ start: match.index, end: match.index + match[0].length, type: 'address' })));
}
