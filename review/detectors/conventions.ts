/** assumption.convention: units, temperature, money, dates, clock and paper of somewhere else, given without the local one. */
import type { Lexicon } from '../../packs/schema/pack.ts';
import { hasCue, type Candidate, type Detector, type ReviewContext } from '../context.ts';
import { say, type TextKey } from '../explain/texts.ts';
import type { MatchText } from '../patterns/index.ts';
import { fold } from '../text/fold.ts';
import type { Observation } from '../observe.ts';
import type { Evidence, Language, Wishes } from '../types.ts';
import { audienceName } from './rules.ts';
import { AMBIGUOUS, convert, EXTRA_NAMES, UNITS, type UnitId } from './units.ts';

interface Amount {
  readonly unit: UnitId;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

export const conventions: Detector = (context) =>
  context.observations.flatMap((observation, passage) => {
    const candidates = [...units(observation, passage, context), ...money(observation, passage, context), ...dates(observation, passage, context), ...clock(observation, passage, context), ...paper(observation, passage, context)];
    return candidates.length > 0 && hasCue(observation, 'contrast') ? [] : candidates;
  });

function make(context: ReviewContext, observation: Observation, passage: number, at: { start: number; end: number }, rest: { what: string; key: TextKey; severity: 1 | 2 | 3; confidence: number; suggestion: string; values?: Record<string, string> }): Candidate {
  const { audience, uiLanguage } = context;
  const pack = audience.chain.find(({ conventions }) => conventions !== undefined)!;
  const values = { audience: audienceName(context), ...rest.values };
  const evidence: Evidence = {
    type: 'rule',
    rule: `${pack.id}.conventions.${rest.what}`,
    pack: pack.id,
    version: pack.version,
    level: 'contributed',
    sources: [{ title: 'Unicode Common Locale Data Repository (CLDR)', publisher: 'Unicode Consortium', url: 'https://cldr.unicode.org/' }],
  };
  return {
    kind: 'assumption.convention',
    start: observation.passage.start + at.start,
    end: observation.passage.start + at.end,
    passage,
    severity: rest.severity,
    confidence: rest.confidence,
    rule: `conventions.${rest.what}`,
    message: say(uiLanguage, rest.key, values),
    why: say(uiLanguage, 'convention.why', values),
    evidence: [evidence],
    suggestion: { text: rest.suggestion },
  };
}

/* ── measures ─────────────────────────────────────────────────────────────── */

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

function units(observation: Observation, passage: number, context: ReviewContext): Candidate[] {
  const found = amounts(observation);
  const local = found.filter(({ unit }) => atHome(unit, context));
  return found
    .filter(({ unit }) => !atHome(unit, context))
    // Both units side by side is just what a reader needs.
    .filter(({ unit }) => !local.some((other) => other.unit.split('-')[0] === unit.split('-')[0]))
    .filter((amount) => !aboutOneOf(SYSTEM_REGIONS[UNITS[amount.unit]!.system], context, passage, amount))
    .map((amount) => {
      const temperature = amount.unit.startsWith('temperature');
      return make(context, observation, passage, amount, {
        what: temperature ? 'temperature' : 'units',
        key: temperature ? 'convention.temperature' : 'convention.unit',
        severity: temperature ? 2 : 1,
        confidence: temperature ? 0.92 : 0.85,
        suggestion: say(context.uiLanguage, 'convention.suggestion', { value: convert(amount.unit, amount.value, context.uiLanguage) }),
      });
    });
}

function aboutOneOf(regions: readonly string[], context: ReviewContext, passage: number, except: { start: number; end: number }): boolean {
  const scope = context.about.inScope(passage, except);
  return regions.some((region) => scope.has(region));
}

/* ── money ────────────────────────────────────────────────────────────────── */

/** Regions where a currency is at home. */
const CURRENCY_REGIONS: Readonly<Record<string, readonly string[]>> = {
  USD: ['US', 'EC', 'SV', 'PA', 'PR'], EUR: ['DE', 'AT', 'FR', 'ES', 'IT', 'NL', 'FI', 'IE', 'PT', 'BE', 'GR', 'LU', 'HR', 'SK', 'SI', 'EE', 'LV', 'LT', 'MT', 'CY'], GBP: ['GB'],
  JPY: ['JP'], INR: ['IN', 'BT'], CNY: ['CN'], MXN: ['MX'], CAD: ['CA'], AUD: ['AU'], CHF: ['CH', 'LI'], BRL: ['BR'], KRW: ['KR'], RUB: ['RU'], TRY: ['TR'],
};
/** Signs and everyday words that CLDR's names leave out. A bare "$" is the dollar of no reader but those who use one. */
const SIGNS: Readonly<Record<string, string>> = { USD: String.raw`us\$|\$`, EUR: '€', GBP: '£', JPY: '¥|円', INR: '₹|rs\\.?', CNY: 'rmb', KRW: '₩', RUB: '₽', TRY: '₺' };
const WORDS: Readonly<Record<string, string>> = { USD: 'us-dollar|dollars?|dollar|dólares|ドル|米ドル|डॉलर|美元|دولار', EUR: 'euros?|ユーロ|यूरो|يورو', GBP: '(?:british )?pounds sterling|英ポンド' };
/** Audiences whose own money is written with "$". */
const DOLLAR_SIGN = new Set(['USD', 'MXN', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'ARS', 'CLP', 'COP']);

const moneyFinders = new Map<Language, { code: string; regex: RegExp }[]>();
function moneyRegexes(language: Language, lexicon: Lexicon | undefined): { code: string; regex: RegExp }[] {
  let made = moneyFinders.get(language);
  if (made !== undefined) return made;
  const number = String.raw`\p{N}[\p{N}.,'٫٬]*(?:\s?(?:k|m|million|millionen|mio\.?|billion|lakh|crore|万|億|हज़ार|लाख))?`;
  made = Object.keys(CURRENCY_REGIONS).map((code) => {
    const names = (lexicon?.currencies[code] ?? [code]).map((name) => fold(name).replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).sort((a, b) => b.length - a.length);
    const before = [SIGNS[code], code.toLowerCase()].filter(Boolean).join('|');
    const after = [SIGNS[code], ...names, WORDS[code]].filter(Boolean).join('|');
    return { code, regex: new RegExp(String.raw`(?<![\p{L}\p{N}$])(?:${before})\s?${number}|(?<![\p{L}\p{N}.,])${number}[\s-]?(?:${after})(?![\p{sc=Latin}\p{N}])`, 'gu') };
  });
  moneyFinders.set(language, made);
  return made;
}

interface Sum {
  readonly code: string;
  readonly start: number;
  readonly end: number;
  /** Written with a bare "$", which several countries use. */
  readonly sign: boolean;
}
const sumsKept = new WeakMap<MatchText, readonly Sum[]>();

function sums(observation: Observation): readonly Sum[] {
  const text = observation.masked.folded;
  let kept = sumsKept.get(observation.masked);
  if (kept === undefined) {
    const regexes = /\p{N}/u.test(text) ? moneyRegexes(observation.tools.language, observation.tools.lexicon) : [];
    kept = regexes.flatMap(({ code, regex }) => [...text.matchAll(regex)].map((match) => ({ code, start: match.index, end: match.index + match[0].length, sign: match[0].trim().startsWith('$') })));
    sumsKept.set(observation.masked, kept);
  }
  return kept;
}

function money(observation: Observation, passage: number, context: ReviewContext): Candidate[] {
  const text = observation.masked.folded;
  const own = context.audience.conventions.currency;
  const found = sums(observation);
  if (found.some(({ code }) => code === own)) return [];
  return found
    .filter(({ sign }) => !(sign && DOLLAR_SIGN.has(own)))
    .filter(({ code, ...at }) => !aboutOneOf(CURRENCY_REGIONS[code]!, context, passage, at))
    // What the reader brought up is theirs to use.
    .filter(({ start, end }) => context.prompt?.text.folded.includes(text.slice(start, end).replace(/[\p{N}.,\s]+/gu, '')) !== true)
    .map(({ code, start, end }) => {
      const names = new Intl.DisplayNames([context.uiLanguage, 'en'], { type: 'currency' });
      return make(context, observation, passage, { start, end }, {
        what: 'currency',
        key: 'convention.currency',
        severity: 2,
        confidence: 0.8,
        values: { currency: names.of(code) ?? code, local: names.of(own) ?? own },
        suggestion: say(context.uiLanguage, 'convention.suggestionAsk', { audience: audienceName(context) }),
      });
    });
}

/* ── dates, clock, paper ──────────────────────────────────────────────────── */

const NUMERIC_DATE = /(?<![\p{N}/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\p{N}/-]|\.\p{N})/gu;

function dates(observation: Observation, passage: number, context: ReviewContext): Candidate[] {
  const order = context.audience.conventions.dateOrder;
  return [...observation.masked.folded.matchAll(NUMERIC_DATE)].flatMap((match) => {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const at = { start: match.index, end: match.index + match[0].length };
    // Only a number above 12 tells the order; 04/05 could be either and is left alone.
    const monthFirst = second > 12 && second <= 31 && first >= 1 && first <= 12;
    const dayFirst = first > 12 && first <= 31 && second >= 1 && second <= 12;
    const wrong = order === 'MDY' ? dayFirst : monthFirst;
    const home = order === 'MDY' ? ['GB', 'FR', 'DE', 'ES', 'IN', 'IT', 'AU', 'MX'] : ['US'];
    if (!wrong || aboutOneOf(home, context, passage, at)) return [];
    return [
      make(context, observation, passage, at, {
        what: 'date',
        key: order === 'MDY' ? 'convention.dateMonthFirst' : 'convention.date',
        severity: 2,
        confidence: 0.88,
        suggestion: say(context.uiLanguage, 'convention.suggestionAsk', { audience: audienceName(context) }),
      }),
    ];
  });
}

/** The clock is a habit of a language as much as of a place: it is judged only in the audience's own language. */
function clock(observation: Observation, passage: number, context: ReviewContext): Candidate[] {
  const { audience } = context;
  if (observation.tools.language !== audience.language) return [];
  const pattern = audience.conventions.clock === '24' ? TWELVE_HOURS[observation.tools.language] : audience.locale === 'en-US' ? TWENTY_FOUR_HOURS : undefined;
  return [...(pattern === undefined ? [] : observation.masked.folded.matchAll(pattern))].flatMap((match) => {
    const at = { start: match.index, end: match.index + match[0].length };
    if (aboutOneOf(audience.conventions.clock === '24' ? ['US'] : ['GB', 'DE', 'FR'], context, passage, at)) return [];
    return [make(context, observation, passage, at, { what: 'clock', key: 'convention.clock', severity: 1, confidence: 0.7, suggestion: say(context.uiLanguage, 'convention.suggestionAsk', { audience: audienceName(context) }) })];
  });
}

/** "7:30 PM" in languages whose speakers write 19:30; English, Spanish and others use both and are left alone. */
const TWELVE_HOURS: Readonly<Record<Language, RegExp>> = Object.fromEntries(['de', 'fr', 'it', 'nl', 'sv', 'fi', 'pl', 'ru', 'uk', 'tr', 'pt'].map((language) => [language, /(?<![\p{N}:.])\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\.?(?![\p{L}\p{N}])/gu]));
/** From 13:00 on, and with a leading zero. */
const TWENTY_FOUR_HOURS = /(?<![\p{N}:.])(?:0\d|1[3-9]|2[0-3]):[0-5]\d(?![\p{N}:]|\s?[ap]\.?m)/gu;

const PAPER = { Letter: /(?<![\p{L}\p{N}])(?:us[- ]letter|letter[- ]size(?:d)?(?: paper)?|letter-format|format letter|tamaño carta|レターサイズ|8[.,]5\s?[x×]\s?11(?:\s?(?:inch(?:es)?|in|zoll|"))?)(?![\p{L}\p{N}])/gu, A4: /(?<![\p{L}\p{N}])(?:din )?a4(?:[- ](?:paper|sheet|size|papier|blatt))(?![\p{L}\p{N}])/gu } as const;

function paper(observation: Observation, passage: number, context: ReviewContext): Candidate[] {
  const own = context.audience.conventions.paper;
  const other = own === 'A4' ? PAPER.Letter : PAPER.A4;
  if (own === 'A4' && /(?<![\p{L}\p{N}])a4(?![\p{L}\p{N}])/u.test(observation.masked.folded)) return [];
  return [...observation.masked.folded.matchAll(other)].flatMap((match) => {
    const at = { start: match.index, end: match.index + match[0].length };
    if (aboutOneOf(own === 'A4' ? ['US', 'CA'] : ['GB', 'DE'], context, passage, at)) return [];
    return [make(context, observation, passage, at, { what: 'paper', key: 'convention.paper', severity: 1, confidence: 0.8, suggestion: say(context.uiLanguage, 'convention.suggestionAsk', { audience: audienceName(context) }) })];
  });
}
