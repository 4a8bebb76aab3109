/** Bank accounts and payment cards, proved by their check digits. */
import { luhn, mod97 } from './checksums.ts';
import type { Hit, Reading } from './types.ts';
import lengths from './data/iban-lengths.json' with { type: 'json' };

const IBAN_START = /(?<![\p{L}\d])[A-Z]{2}\d{2}(?=[ -]?[A-Z0-9])/giu;
const LENGTHS: Readonly<Record<string, number>> = lengths;

/** IBANs (ISO 13616), with or without spaces. Each country has one length, so the end is known. */
export function ibans({ folded }: Reading): Hit[] {
  const hits: Hit[] = [];
  for (const match of folded.matchAll(IBAN_START)) {
    const length = LENGTHS[match[0].slice(0, 2).toUpperCase()];
    if (length === undefined) continue;
    let compact = '';
    let end = match.index;
    while (compact.length < length && end < folded.length) {
      const character = folded[end]!;
      if (/[A-Za-z0-9]/.test(character)) compact += character.toUpperCase();
      else if (!/[ -]/.test(character) || !/[A-Za-z0-9]/.test(folded[end + 1] ?? '')) break;
      end += 1;
    }
    if (compact.length === length && !/[\p{L}\d]/u.test(folded[end] ?? '') && mod97(compact)) hits.push({ start: match.index, end, type: 'iban' });
  }
  return hits;
}

/** Issuer ranges of the large card brands (ISO/IEC 7812-1), 12 to 19 digits in groups or not. */
const CARD = /(?<![\d.])(?:[2-6]\d{3}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}|[34]\d{3}[ -]?\d{6}[ -]?\d{4,5}|1\d{14}|[3-6]\d{11,18})(?!\d)/g;

export function cards({ folded }: Reading): Hit[] {
  return [...folded.matchAll(CARD)]
    .filter((match) => luhn(match[0].replace(/\D/g, '')))
    .map((match) => ({ start: match.index, end: match.index + match[0].length, type: 'card' as const }));
}
