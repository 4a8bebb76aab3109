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

/** How one language writes amounts: one expression looks at each number once, whatever the number of units. */
interface AmountReader {
  /** A number with what follows it; the groups hold the name of the unit. */
  readonly after: RegExp;
  readonly unitsAfter: ReadonlyMap<string, readonly UnitId[]>;
  /** Names that stand before the number, or on both sides. */
  readonly around: readonly { readonly unit: UnitId; readonly regex: RegExp }[];
}
const readers = new Map<Language, AmountReader>();

function amountReader(language: Language, lexicon: Lexicon | undefined): AmountReader {
  let made = readers.get(language);
  if (made !== undefined) return made;
  const unitsAfter = new Map<string, UnitId[]>();
  const groups = { spaced: new Set<string>(), spaceless: new Set<string>(), touching: new Set<string>() };
  const around: { unit: UnitId; regex: RegExp }[] = [];
  for (const unit of Object.keys(UNITS)) {
    for (const name of new Set([...(lexicon?.units[unit] ?? []), ...(EXTRA_NAMES[unit] ?? [])])) {
      if ((AMBIGUOUS[language] ?? []).includes(name)) continue;
      const [before = '', behind = ''] = fold(name).split('{0}').map((part) => part.trim());
      if (before !== '') {
        around.push({ unit, regex: new RegExp(`${escape(before)}[\\s-]*${NUMBER}[\\s-]*${escape(behind)}${AFTER}`, 'gu') });
        continue;
      }
      const key = keyOf(behind);
      if (unitsAfter.get(key)?.includes(unit) === true) continue;
      unitsAfter.set(key, [...(unitsAfter.get(key) ?? []), unit]);
      // A bare letter ("98F") must touch the number; "vitamin 5 c" is no temperature.
      groups[/^[a-z]$/.test(behind) ? 'touching' : SPACELESS.test(behind) ? 'spaceless' : 'spaced'].add(behind);
    }
  }
  // Hyphens and no space at all are as good as a space ("5-mile", "5mi").
  const after = new RegExp(`${NUMBER}(?:[\\s-]*(?<spaced>${anyOf(groups.spaced)})${AFTER}|[\\s-]*(?<spaceless>${anyOf(groups.spaceless)})|(?<touching>${anyOf(groups.touching)})${AFTER})`, 'gu');
  made = { after, unitsAfter, around };
  readers.set(language, made);
  return made;
}

const escape = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`[\s-]*`);
/** Longest first: "miles per hour" is no distance and "square feet" no length. */
const anyOf = (names: ReadonlySet<string>) => [...names].sort((a, b) => b.length - a.length).map(escape).join('|') || '(?!)';
const keyOf = (name: string) => name.replace(/[\s-]+/g, '');

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
  const { after, unitsAfter, around } = amountReader(observation.tools.language, observation.tools.lexicon);
  const found = [
    ...[...text.matchAll(after)].flatMap((match) => {
      const { spaced, spaceless, touching } = match.groups!;
      return unitsAfter.get(keyOf(spaced ?? spaceless ?? touching!))!.map((unit) => ({ unit, match }));
    }),
    ...around.flatMap(({ unit, regex }) => [...text.matchAll(regex)].map((match) => ({ unit, match }))),
  ].map(({ unit, match }) => ({ unit, value: readNumber(match[1]!), start: match.index, end: match.index + match[0].length }));
  // The longest reading of a place wins.
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
