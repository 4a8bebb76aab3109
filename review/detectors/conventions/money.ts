/** Amounts of money in a currency of somewhere else. */
import type { Lexicon } from '../../../packs/schema/pack.ts';
import type { Observation } from '../../observe.ts';
import type { MatchText } from '../../patterns/index.ts';
import { fold } from '../../text/fold.ts';
import type { Language } from '../../types.ts';
import { aboutOneOf, askForLocalForm, conventionCandidate, type ConventionDetector } from './candidate.ts';

/** Regions where a currency is at home. */
const CURRENCY_REGIONS: Readonly<Record<string, readonly string[]>> = {
  USD: ['US', 'EC', 'SV', 'PA', 'PR'], EUR: ['DE', 'AT', 'FR', 'ES', 'IT', 'NL', 'FI', 'IE', 'PT', 'BE', 'GR', 'LU', 'HR', 'SK', 'SI', 'EE', 'LV', 'LT', 'MT', 'CY'], GBP: ['GB'],
  JPY: ['JP'], INR: ['IN', 'BT'], CNY: ['CN'], MXN: ['MX'], CAD: ['CA'], AUD: ['AU'], CHF: ['CH', 'LI'], BRL: ['BR'], KRW: ['KR'], RUB: ['RU'], TRY: ['TR'],
  PLN: ['PL'], SEK: ['SE'], UAH: ['UA'], IRR: ['IR'], ILS: ['IL', 'PS'], BDT: ['BD'], PKR: ['PK'], IDR: ['ID'], VND: ['VN'], THB: ['TH'], KES: ['KE'], EGP: ['EG'], SAR: ['SA'], TWD: ['TW'],
};
/** Expressions for signs and everyday words that CLDR's names leave out. A bare "$" is the dollar of no reader but those who use one. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  USD: [String.raw`us\$`, String.raw`\$`],
  EUR: ['€'],
  GBP: ['£'],
  JPY: ['¥', '円'],
  INR: ['₹', 'rs\\.?'],
  CNY: ['rmb'],
  KRW: ['₩'],
  RUB: ['₽'],
  TRY: ['₺'],
  PLN: ['zł'],
  SEK: ['kr'],
  UAH: ['₴'],
  ILS: ['₪'],
  BDT: ['৳'],
  IDR: ['rp'],
  VND: ['₫', 'đ'],
  THB: ['฿'],
  KES: ['ksh', 'kshs\\.?'],
};
const WORDS: Readonly<Record<string, readonly string[]>> = {
  USD: ['us-dollar', 'dollars?', 'dollar', 'dólares', 'ドル', '米ドル', 'डॉलर', '달러', '美元', 'دولار', 'dolar(?:ów|y|a|ach|ami)?', 'доллар(?:ов|а|ы|ах|ами)?', 'долар(?:ів|и|а|ах|ами)?'],
  EUR: ['euros?', 'евро', 'євро', 'ユーロ', 'यूरो', 'يورو'],
  GBP: ['(?:british )?pounds sterling', '英ポンド'],
};
/** Audiences whose own money is written with "$". */
const DOLLAR_SIGN = new Set(['USD', 'MXN', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'ARS', 'CLP', 'COP']);

/** How one language writes sums: one expression looks at each number once; the code is read from the sign or word beside it. */
interface SumReader {
  readonly regex: RegExp;
  readonly codes: readonly { readonly code: string; readonly before: RegExp; readonly after: RegExp }[];
}
const readers = new Map<Language, SumReader>();

function sumReader(language: Language, lexicon: Lexicon | undefined): SumReader {
  let made = readers.get(language);
  if (made !== undefined) return made;
  const number = String.raw`\p{N}[\p{N}.,'٫٬]*(?:\s?(?:k|m|million|millionen|mio\.?|billion|lakh|crore|万|億|हज़ार|लाख))?`;
  const written = Object.keys(CURRENCY_REGIONS).map((code) => {
    const names = (lexicon?.currencies[code] ?? [code]).map((name) => fold(name).replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`));
    return { code, before: [...(SIGNS[code] ?? []), code.toLowerCase()], after: [...(SIGNS[code] ?? []), ...names, ...(WORDS[code] ?? [])] };
  });
  // The longest word first, whichever currency it belongs to: "canadian dollars" before "dollars".
  const any = (side: 'before' | 'after') => written.flatMap((one) => one[side]).sort((a, b) => b.length - a.length).join('|');
  made = {
    regex: new RegExp(String.raw`(?<![\p{sc=Latin}\p{N}$])(?<before>${any('before')})\s?${number}|(?<![\p{sc=Latin}\p{N}.,])${number}[\s-]?(?<after>${any('after')})(?![\p{sc=Latin}\p{N}])`, 'gu'),
    codes: written.map(({ code, before, after }) => ({ code, before: new RegExp(`^(?:${before.join('|')})$`, 'u'), after: new RegExp(`^(?:${after.join('|')})$`, 'u') })),
  };
  readers.set(language, made);
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
    kept = [];
    if (/\p{N}/u.test(text)) {
      const { regex, codes } = sumReader(observation.tools.language, observation.tools.lexicon);
      kept = [...text.matchAll(regex)].flatMap((match) => {
        const { before, after } = match.groups!;
        const at = { start: match.index, end: match.index + match[0].length, sign: match[0].trim().startsWith('$') };
        return codes.filter((code) => (before !== undefined ? code.before.test(before) : code.after.test(after!))).map(({ code }) => ({ code, ...at }));
      });
    }
    sumsKept.set(observation.masked, kept);
  }
  return kept;
}

export const money: ConventionDetector = (place) => {
  const { context, observation } = place;
  const text = observation.masked.folded;
  const own = context.audience.conventions.currency;
  const found = sums(observation);
  if (found.some(({ code }) => code === own)) return [];
  return found
    .filter(({ sign }) => !(sign && DOLLAR_SIGN.has(own)))
    .filter(({ code, ...at }) => !aboutOneOf(CURRENCY_REGIONS[code]!, place, at))
    // What the reader brought up is theirs to use.
    .filter(({ start, end }) => context.prompt?.text.folded.includes(text.slice(start, end).replace(/[\p{N}.,\s]+/gu, '')) !== true)
    .map(({ code, start, end }) => {
      const names = new Intl.DisplayNames([context.uiLanguage, 'en'], { type: 'currency' });
      return conventionCandidate(place, { start, end }, {
        what: 'currency',
        key: 'convention.currency',
        severity: 2,
        confidence: 0.8,
        values: { currency: names.of(code) ?? code, local: names.of(own) ?? own },
        suggestion: askForLocalForm(context),
      });
    });
};
