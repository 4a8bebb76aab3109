/** Measures and temperatures in a system that is not in everyday use where the reader is. */
import type { Lexicon } from '../../../packs/schema/pack.ts';
import type { ReviewContext } from '../../context.ts';
import { say } from '../../explain/texts.ts';
import type { Observation } from '../../observe.ts';
import type { MatchText } from '../../patterns/index.ts';
import { fold } from '../../text/fold.ts';
import type { Language, Wishes } from '../../types.ts';
import { aboutOneOf, conventionCandidate, type ConventionDetector } from './candidate.ts';
import { AMBIGUOUS, convert, EXTRA_NAMES, UNITS, type UnitId } from './units.ts';

interface Amount {
  readonly unit: UnitId;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

const NUMBER = String.raw`(?<![\p{N}.,]|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}])(\p{N}[\p{N}.,'٫٬]*(?:\s?(?:[-–]|to|bis|à|a|bis zu)\s?\p{N}[\p{N}.,'٫٬]*)?(?:\s?[½¼¾])?)`;
/** Particles of languages without spaces may follow at once: "102°Fを", "911에". */
const AFTER = String.raw`(?![\p{M}\p{N}]|(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}])\p{L})`;
/** Units in scripts without spaces may be followed by anything. */
const SPACELESS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]$/u;

const finders = new Map<Language, { unit: UnitId; regex: RegExp }[]>();

function unitFinders(language: Language, lexicon: Lexicon | undefined): { unit: UnitId; regex: RegExp }[] {
  let made = finders.get(language);
  if (made !== undefined) return made;
  made = Object.keys(UNITS).map((unit) => {
    const names = [...new Set([...(lexicon?.units[unit] ?? []), ...(EXTRA_NAMES[unit] ?? [])])].filter((name) => !(AMBIGUOUS[language] ?? []).includes(name));
    return { unit, regex: new RegExp(names.sort((a, b) => b.length - a.length).map(amountSource).join('|') || '(?!)', 'gu') };
  });
  finders.set(language, made);
  return made;
}

/** "{0} miles" → an expression that captures the number. Hyphens and no space at all are as good as a space ("5-mile", "5mi"). */
function amountSource(name: string): string {
  const [before = '', after = ''] = fold(name).split('{0}');
  const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`[\s-]*`);
  // A bare capital ("98F") must touch the number; "vitamin 5 c" is no temperature.
  const loose = /^\s*[a-z]$/.test(after) ? after.trim() : after.startsWith(' ') ? after : ` ${after}`;
  return `${escape(before)}${NUMBER}${loose === after.trim() ? escape(loose) : `[\\s-]*${escape(after.trim())}`}${SPACELESS.test(after) ? '' : AFTER}`;
}

/** What was found in a passage stays true for every audience and every later review of it. */
const amountsKept = new WeakMap<MatchText, readonly Amount[]>();

function amounts(observation: Observation): readonly Amount[] {
  let kept = amountsKept.get(observation.masked);
  if (kept === undefined) amountsKept.set(observation.masked, (kept = findAmounts(observation)));
  return kept;
}

function findAmounts(observation: Observation): readonly Amount[] {
  const text = observation.masked.folded;
  if (!/\p{N}/u.test(text)) return [];
  const found = unitFinders(observation.tools.language, observation.tools.lexicon).flatMap(({ unit, regex }) =>
    [...text.matchAll(regex)].map((match) => ({ unit, value: readNumber(match.slice(1).find((group) => group !== undefined)!), start: match.index, end: match.index + match[0].length })),
  );
  // "miles per hour" is no distance and "square feet" no length: the longest reading of a place wins.
  return found
    .filter((a) => !Number.isNaN(a.value) && !found.some((b) => b !== a && b.start <= a.start && b.end >= a.end && b.end - b.start > a.end - a.start))
    .sort((a, b) => a.start - b.start);
}

function readNumber(text: string): number {
  const first = /\p{N}[\p{N}.,]*/u.exec(text.normalize('NFKC'))?.[0] ?? '';
  // "1,500" and "1.500" are thousands; "1,5" and "1.5" are decimals.
  const plain = first.replace(/[.,](?=\d{3}(\D|$))/g, '').replace(',', '.');
  return Number.parseFloat(plain);
}

function systemOf({ conventions }: ReviewContext['audience'], { units: wish }: Wishes): 'metric' | 'US' | 'UK' {
  return wish === undefined ? conventions.measurement : wish === 'us' ? 'US' : wish === 'uk' ? 'UK' : 'metric';
}

function atHome(unit: UnitId, context: ReviewContext): boolean {
  const system = systemOf(context.audience, context.wishes);
  if (context.wishes.units === undefined && context.audience.conventions.units.includes(unit)) return true;
  switch (UNITS[unit]!.system) {
    case 'metric':
      return system !== 'US';
    case 'imperial':
      return system !== 'metric';
    case 'us':
      return system === 'US';
  }
}

/** Countries whose answers may use a system that is foreign to the reader. */
const SYSTEM_REGIONS = { us: ['US'], imperial: ['US', 'GB'], metric: [] } as const;

export const measures: ConventionDetector = (place) => {
  const { context, observation } = place;
  const found = amounts(observation);
  const local = found.filter(({ unit }) => UNITS[unit]!.everywhere === true || atHome(unit, context));
  return found
    .filter(({ unit }) => UNITS[unit]!.everywhere !== true && !atHome(unit, context))
    // Both units side by side is just what a reader needs.
    .filter(({ unit }) => !local.some((other) => other.unit.split('-')[0] === unit.split('-')[0]))
    .filter((amount) => !aboutOneOf(SYSTEM_REGIONS[UNITS[amount.unit]!.system], place, amount))
    .map((amount) => {
      const temperature = amount.unit.startsWith('temperature');
      return conventionCandidate(place, amount, {
        what: temperature ? 'temperature' : 'units',
        key: temperature ? 'convention.temperature' : 'convention.unit',
        severity: temperature ? 2 : 1,
        confidence: temperature ? 0.92 : 0.85,
        suggestion: say(context.uiLanguage, 'convention.suggestion', { value: convert(amount.unit, amount.value, context.uiLanguage) }),
      });
    });
};
