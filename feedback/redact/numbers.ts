/** Phone numbers, and long numbers of unknown kind. */
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import type { Hit, Reading } from './types.ts';
import words from './data/phone-words.json' with { type: 'json' };

interface Group {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

const GROUP = /\d{1,20}/g;
/** What may stand between two groups of one number. */
const JOINT = /^(?:[ ./-]|[ -]?[()][ -]?| - |\) ?[-.]? ?)$/;
const ANNOUNCED = new RegExp(`(?:${words.join('|')})[^\\d\\n]{0,30}$`, 'iu');
const MOST_GROUPS = 7;

/** Runs of groups that may belong together, without the dates among them. */
function runs(folded: string): Group[][] {
  return joined(folded).flatMap((run) => {
    const parts: Group[][] = [[]];
    for (let index = 0; index < run.length; index += 1) {
      if (isDate(run.slice(index, index + 3))) {
        index += 2;
        parts.push([]);
      } else parts.at(-1)!.push(run[index]!);
    }
    return parts.filter((part) => part.length > 0 && !isDecimal(part, folded) && !isDate(part));
  });
}

function joined(folded: string): Group[][] {
  const all: Group[][] = [];
  let run: Group[] = [];
  for (const match of folded.matchAll(GROUP)) {
    const group = { start: match.index, end: match.index + match[0].length, digits: match[0] };
    const before = run.at(-1);
    if (before && JOINT.test(folded.slice(before.end, Math.min(group.start, before.end + 5)))) run.push(group);
    else all.push((run = [group]));
  }
  return all;
}

/** 1.000.000 or 1 000 000 or 10,000,000: an amount. */
const isAmount = (groups: readonly Group[], folded: string): boolean =>
  groups.length > 1 && groups[0]!.digits.length <= 3 && groups[0]!.digits[0] !== '0' && groups.slice(1).every(({ digits }) => digits.length === 3) && /^[ .]$/.test(folded.slice(groups[0]!.end, groups[1]!.start));

/** 3.14159 */
const isDecimal = (groups: readonly Group[], folded: string): boolean => groups.length === 2 && folded[groups[0]!.end] === '.' && groups[1]!.start === groups[0]!.end + 1 && /^(0|[1-9]\d{0,2})$/.test(groups[0]!.digits) && groups[1]!.digits.length > 3;

/** 2024-05-31, 31.05.2024, 2019-2024, 31/5/24: a date, or years. */
function isDate(groups: readonly Group[]): boolean {
  const sizes = groups.map(({ digits }) => digits.length).join();
  if (/^4,4$/.test(sizes)) return groups.every(({ digits }) => /^(1[5-9]|20|21)/.test(digits));
  if (/^4,\d,\d$|^4,[12],[12](,\d+)*$/.test(sizes)) return /^(1[5-9]|20|21)/.test(groups[0]!.digits) && Number(groups[1]!.digits) <= 12;
  return /^[12],[12],(4|2)(,[12])*$/.test(sizes) && (Number(groups[0]!.digits) <= 12 || Number(groups[1]!.digits) <= 12) && Number(groups[0]!.digits) <= 31 && Number(groups[1]!.digits) <= 31;
}

/** Phone numbers that could be rung: the region's own or with a country code, by libphonenumber's rules. */
export function phones({ folded, region }: Reading): Hit[] {
  const country = region !== null && isSupportedCountry(region) ? region : undefined;
  const hits: Hit[] = [];
  for (const run of runs(folded)) {
    for (let first = 0; first < run.length; first += 1) {
      const found = phoneFrom(run, first, folded, country);
      if (found === null) continue;
      hits.push(found.hit);
      first = found.last;
    }
  }
  return hits;
}

function phoneFrom(run: readonly Group[], first: number, folded: string, country: CountryCode | undefined): { hit: Hit; last: number } | null {
  const { start, bare } = withPrefix(folded, run[first]!.start);
  const announced = ANNOUNCED.test(folded.slice(Math.max(0, start - 45), start));
  for (let last = Math.min(run.length, first + MOST_GROUPS) - 1; last >= first; last -= 1) {
    const groups = run.slice(first, last + 1);
    const digits = groups.reduce((sum, group) => sum + group.digits.length, 0);
    if (digits < (announced ? 6 : 7) || digits > 15) continue;
    const end = groups.at(-1)!.end;
    // After "call" or "phone" a number is one, whoever's format it is in.
    if (announced) return { hit: { start, end, type: 'phone' }, last };
    const marked = !bare || groups[0]!.digits.startsWith('0');
    if (!marked && (digits < 9 || isAmount(groups, folded))) continue;
    // "00 49 …" is how "+49 …" is dialled in most of the world.
    const text = folded.slice(start, end).replace(/^00 ?(?=[1-9])/, '+');
    const phone = parsePhoneNumberFromString(text, { ...(country ? { defaultCountry: country } : {}), extract: false }) ?? parsePhoneNumberFromString(`+${text.replace(/\D/g, '')}`, { extract: false });
    if (phone?.isValid() || (phone?.isPossible() && folded[start] === '+')) return { hit: { start, end, type: 'phone' }, last };
  }
  return null;
}

/** Takes a plus sign and an opening bracket before the digits along. */
function withPrefix(folded: string, digitsAt: number): { start: number; bare: boolean } {
  let start = digitsAt;
  if (folded[start - 1] === '(') start -= 1;
  if (folded[start - 1] === ' ' && folded[start - 2] === '+') start -= 2;
  else if (folded[start - 1] === '+') start -= 1;
  return { start, bare: start === digitsAt };
}

/** The shortest run of digits, and the shortest number in groups, that is replaced without knowing what it is. */
const LONG_RUN = 7;
const LONG_GROUPED = 8;
const CODE = /(?<![\p{L}\p{N}])(?:[A-Z]{1,4}-)?[A-Z\d]{6,20}(?![\p{L}\p{N}])/giu;
const TOLD_BY_UNIT = /^\d+(?:[a-z]+|[A-Z]{2,})$/;

/** Numbers so long that they may be somebody's: customer, account, booking, whatever. Amounts, dates and decimals stay. */
export function longNumbers({ folded }: Reading): Hit[] {
  const hits: Hit[] = [];
  for (const run of runs(folded)) {
    const digits = run.reduce((sum, group) => sum + group.digits.length, 0);
    if (run.length > 1 && digits >= LONG_GROUPED && !isAmount(run, folded)) hits.push({ start: run[0]!.start, end: run.at(-1)!.end, type: 'number' });
    for (const group of run) {
      if (group.digits.length >= LONG_RUN && !/\d[.,]$/.test(folded.slice(Math.max(0, group.start - 2), group.start))) hits.push({ start: group.start, end: group.end, type: 'number' });
    }
  }
  for (const match of folded.matchAll(CODE)) {
    const digits = match[0].match(/\d/g)?.length ?? 0;
    if (digits >= 6 && digits < match[0].length && /\p{L}/u.test(match[0]) && !TOLD_BY_UNIT.test(match[0])) hits.push({ start: match.index, end: match.index + match[0].length, type: 'number' });
  }
  return hits;
}
