/**
 * Takes personal details out of a text before anybody sees a preview of it. Pure and the same everywhere: the extension runs it
 * before the preview, the collector again on what arrives. It errs towards replacing: what it takes too much costs a word of
 * data, what it leaves may cost a person their privacy. It does not find names it was not told; the preview is there for those.
 */
import type { RedactionType } from '../schema/taxonomy.ts';
import { cards, ibans } from './accounts.ts';
import { addresses } from './addresses.ts';
import { fold } from './fold.ts';
import { nationalIds } from './ids/index.ts';
import { ownNames } from './names.ts';
import { longNumbers, phones } from './numbers.ts';
import { emails, networkAddresses, tokens, urls } from './online.ts';
import type { Hit, Reading, Recogniser, RedactOptions } from './types.ts';

export type { Hit, RedactOptions } from './types.ts';

/** What stands in the text instead. Chosen words are mostly names that no list knew. */
export const LABELS = {
  email: '[EMAIL]',
  phone: '[PHONE]',
  iban: '[IBAN]',
  card: '[CARD]',
  'national-id': '[ID]',
  address: '[ADDRESS]',
  url: '[URL]',
  ip: '[IP]',
  name: '[NAME]',
  number: '[NUMBER]',
  chosen: '[NAME]',
} as const satisfies Record<RedactionType, string>;

/** In the order of their evidence: where two overlap, the earlier one names the whole. */
const RECOGNISERS: readonly { readonly type: RedactionType; readonly find: Recogniser }[] = [
  { type: 'url', find: urls },
  { type: 'email', find: emails },
  { type: 'iban', find: ibans },
  { type: 'ip', find: networkAddresses },
  { type: 'card', find: cards },
  { type: 'national-id', find: nationalIds },
  { type: 'phone', find: phones },
  { type: 'address', find: addresses },
  { type: 'number', find: tokens },
  { type: 'number', find: longNumbers },
];

/** Everything that one kind of recogniser sees, for tests and figures. */
export function recognise(type: RedactionType, text: string, region: string | null): Hit[] {
  const reading: Reading = { folded: fold(text), region };
  return merged(RECOGNISERS.filter((recogniser) => recogniser.type === type).flatMap(({ find }) => find(reading)));
}

/** Replacing can bring a word and a number together that were apart before; more rounds than this no text has needed. */
const MOST_ROUNDS = 6;

/** Personal details in a text, in order and without overlap. Once they are replaced, a second look finds nothing new. */
export function findPersonalData(text: string, options: RedactOptions): Hit[] {
  let hits: Hit[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const seen = replaceHits(text, hits).text;
    const more = findOnce(seen, options);
    if (more.length === 0) break;
    hits = merged([...hits, ...more.map((hit) => ({ ...spanBefore(hit, hits), type: hit.type }))]);
  }
  return hits;
}

function findOnce(text: string, { region, ownNames: names }: RedactOptions): Hit[] {
  const reading: Reading = { folded: fold(text), region };
  return merged([...RECOGNISERS.flatMap(({ find }) => find(reading)), ...ownNames(text, names)]).filter(({ start, end }) => !isLabel(text, start, end));
}

/** A label that an earlier run has left is no personal detail. */
function isLabel(text: string, start: number, end: number): boolean {
  return text[start - 1] === '[' && text[end] === ']' && /^[A-Z]+$/.test(text.slice(start, end));
}

const RANK = new Map<RedactionType, number>([...new Set<RedactionType>(['name', ...RECOGNISERS.map(({ type }) => type), 'chosen'])].map((type, index) => [type, index]));

/** Hits that overlap become one, named by the strongest evidence among them. */
export function merged(hits: readonly Hit[]): Hit[] {
  const result: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (!last || hit.start >= last.end) result.push(hit);
    else result[result.length - 1] = { start: last.start, end: Math.max(last.end, hit.end), type: RANK.get(hit.type)! < RANK.get(last.type)! ? hit.type : last.type };
  }
  return result;
}

export interface Redaction {
  /** UTF-16 units of the redacted text: where the label stands. */
  readonly start: number;
  readonly end: number;
  readonly type: RedactionType;
}
export interface Redacted {
  readonly text: string;
  readonly redactions: Redaction[];
}

/** Replaces the hits (in order, without overlap) by their labels. */
export function replaceHits(text: string, hits: readonly Hit[]): Redacted {
  let out = '';
  let from = 0;
  const redactions = hits.map(({ start, end, type }) => {
    out += text.slice(from, start);
    from = end;
    const at = out.length;
    out += LABELS[type];
    return { start: at, end: out.length, type };
  });
  return { text: out + text.slice(from), redactions };
}

/** Where a span of the original stands after `replaceHits`. A span that touches a label takes the whole label in. */
export function spanAfter(span: { readonly start: number; readonly end: number }, hits: readonly Hit[]): { start: number; end: number } {
  const place = (offset: number, side: 'start' | 'end'): number => {
    let shift = 0;
    for (const { start, end, type } of hits) {
      if (offset >= end) shift += LABELS[type].length - (end - start);
      else if (offset > start) return start + shift + (side === 'end' ? LABELS[type].length : 0);
      else break;
    }
    return offset + shift;
  };
  return { start: place(span.start, 'start'), end: place(span.end, 'end') };
}

/** Where a span of the text after `replaceHits` stood in the original; a label stands for all that it replaced. */
function spanBefore(span: { readonly start: number; readonly end: number }, hits: readonly Hit[]): { start: number; end: number } {
  const place = (offset: number, side: 'start' | 'end'): number => {
    let shift = 0;
    for (const { start, end, type } of hits) {
      const at = start + shift;
      const grown = LABELS[type].length - (end - start);
      if (offset >= end + shift + grown) shift += grown;
      else if (offset > at) return side === 'start' ? start : end;
      else break;
    }
    return offset - shift;
  };
  return { start: place(span.start, 'start'), end: place(span.end, 'end') };
}

/**
 * The text without what may tell who somebody is.
 * @param options.region ISO 3166 region of the culture judged, for phone numbers and ids without a country code
 * @param options.ownNames names to replace everywhere; the collector has none
 * @returns the text with `[LABEL]`s, and where they stand in it
 */
export function redact(text: string, options: RedactOptions): Redacted {
  return replaceHits(text, findPersonalData(text, options));
}
