/**
 * Generates conventions.json (locale packs) and lexicon.json (language packs) from CLDR and date-holidays:
 * what standards bodies already know is not typed by hand.
 *   node packs/generate.ts           writes the files
 *   node packs/generate.ts --check   exits 1 when a file is not what this would write
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import Holidays from 'date-holidays';
import type { z } from 'zod';
import { listPackFolders, PACKS_FOLDER } from './read.ts';
import type { conventions as conventionsSchema, lexicon as lexiconSchema } from './schema/pack.ts';

type Conventions = z.infer<typeof conventionsSchema>;
type Lexicon = z.infer<typeof lexiconSchema>;

const require = createRequire(import.meta.url);
// CLDR's JSON has no published types; each access below states the shape it relies on.
 
const cldr = (path: string): any => require(path);
const versionOf = (name: string) => (require(`${name}/package.json`) as { version: string }).version;

/** Languages for which names (of regions, holidays) are kept in locale packs. */
const NAME_LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'hi', 'ar'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Day = (typeof DAYS)[number];

/** Regions whose seasons are those of the south, and those between the tropics that have none of the four. */
const SOUTH = new Set(['AU', 'NZ', 'ZA', 'AR', 'CL', 'UY', 'PY', 'BR']);
const TROPICS = new Set(['KE', 'ID', 'TH', 'VN', 'SG', 'MY', 'PH', 'CO', 'EC']);
/** Locales whose people write the surname first in their own language (CLDR person names, nameOrderLocales). */
function nameOrder(language: string): Conventions['nameOrder'] {
  const at = cldrLocale(language);
  const { surnameFirst = [] } = cldr(`cldr-person-names-full/main/${at}/personNames.json`).main[at].personNames as { surnameFirst?: string[] };
  return surnameFirst.includes(language) ? 'surnameFirst' : 'givenFirst';
}

/** The folder in which CLDR keeps a locale's data: its own, or that of its language in the script it is written in. */
function cldrLocale(tag: string): string {
  if (hasCldr(tag)) return tag;
  const { language, script } = new Intl.Locale(tag).maximize();
  const written = new Intl.Locale(language).maximize().script === script ? language : `${language}-${script}`;
  return hasCldr(written) ? written : tag;
}

function hasCldr(tag: string): boolean {
  try {
    require.resolve(`cldr-numbers-full/main/${tag}/numbers.json`);
    return true;
  } catch {
    return false;
  }
}

export function generateConventions(locale: string): Conventions {
  const region = locale.slice(-2);
  const language = locale.slice(0, -3);
  const at = cldrLocale(locale);
  const { measurementData } = cldr('cldr-core/supplemental/measurementData.json').supplemental as { measurementData: Record<'measurementSystem' | 'measurementSystem-category-temperature' | 'paperSize', Record<string, string>> };
  const system = measurementData.measurementSystem[region] ?? 'metric';
  const temperature = measurementData['measurementSystem-category-temperature'][region] ?? (system === 'US' ? 'US' : 'metric');
  const time = cldr('cldr-core/supplemental/timeData.json').supplemental.timeData as Record<string, { _preferred: string }>;
  const week = cldr('cldr-core/supplemental/weekData.json').supplemental.weekData as Record<'firstDay' | 'weekendStart' | 'weekendEnd', Record<string, Day>>;
  const numbers = cldr(`cldr-numbers-full/main/${at}/numbers.json`).main[at].numbers as Record<string, Record<string, string>>;
  const symbols = numbers['symbols-numberSystem-latn']!;
  const dateFormat = (cldr(`cldr-dates-full/main/${at}/ca-gregorian.json`).main[at].dates.calendars.gregorian.dateFormats.short as string | { _value: string });
  const short = typeof dateFormat === 'string' ? dateFormat : dateFormat._value;
  const order = short.toLowerCase().replace(/[^dmy]/g, '').replace(/(.)\1+/g, '$1').toUpperCase() as Conventions['dateOrder'];
  const currencies = (cldr('cldr-core/supplemental/currencyData.json').supplemental.currencyData.region as Record<string, Record<string, { _from?: string; _to?: string; _tender?: string }>[]>)[region]!;
  const currency = currencies.flatMap((entry) => Object.entries(entry)).filter(([, use]) => use._to === undefined && use._tender !== 'false').at(-1)![0];
  return {
    generatedFrom: [`cldr ${versionOf('cldr-core')}`, `date-holidays ${versionOf('date-holidays')}`],
    region,
    measurement: system === 'US' ? 'US' : system === 'UK' ? 'UK' : 'metric',
    temperature: temperature === 'US' ? 'fahrenheit' : 'celsius',
    dateOrder: order,
    units: homeUnits(region),
    clock: (time[region] ?? time['001']!)._preferred.startsWith('H') ? '24' : '12',
    decimal: symbols['decimal']!,
    group: symbols['group']!.replace(/[\u00A0\u202F]/, ' '),
    currency,
    firstDay: week.firstDay[region] ?? week.firstDay['001']!,
    weekend: daysBetween(week.weekendStart[region] ?? week.weekendStart['001']!, week.weekendEnd[region] ?? week.weekendEnd['001']!),
    paper: (measurementData.paperSize[region] ?? 'A4') === 'US-Letter' ? 'Letter' : 'A4',
    nameOrder: nameOrder(language),
    hemisphere: SOUTH.has(region) ? 'south' : TROPICS.has(region) ? 'tropics' : 'north',
    holidays: holidaysOf(region),
    names: Object.fromEntries([...new Set([language, ...NAME_LANGUAGES])].map((lang) => [lang, territories(lang)[region]!])),
  };
}

/**
 * Units that are in everyday use in a region: what CLDR prefers there for any purpose, with plain feet for
 * "foot and inch" and the like. Feet are thus at home in India (people's height) though the country is metric.
 */
function homeUnits(region: string): string[] {
  const data = cldr('cldr-core/supplemental/unitPreferenceData.json').supplemental.unitPreferenceData as Record<string, Record<string, Record<string, { unit: string }[]>>>;
  const home = new Set<string>();
  for (const usages of Object.values(data)) {
    for (const byRegion of Object.values(usages)) {
      for (const { unit } of byRegion[region] ?? byRegion['001'] ?? []) for (const part of unit.split('-and-')) home.add(part);
    }
  }
  return UNITS.filter((unit) => home.has(unit.slice(unit.indexOf('-') + 1))).map(String);
}

function daysBetween(first: Day, last: Day): Day[] {
  const days: Day[] = [first];
  for (let day = first; day !== last; ) {
    day = DAYS[(DAYS.indexOf(day) + 1) % 7]!;
    days.push(day);
  }
  return days;
}

function territories(language: string): Record<string, string> {
  const at = cldrLocale(language);
  return cldr(`cldr-localenames-full/main/${at}/territories.json`).main[at].localeDisplayNames.territories as Record<string, string>;
}

function holidaysOf(region: string): Conventions['holidays'] {
  const own = new Holidays(region);
  const languages = own.getLanguages();
  const rules = new Map<string, { names: Record<string, string>; rule: string; type: string }>();
  for (const language of new Set([...languages, 'en'])) {
    const calendar = new Holidays(region, { languages: [language, 'en'] });
    for (const day of calendar.getHolidays(2026, language)) {
      if (day.type === 'observance') continue;
      const known = rules.get(day.rule) ?? { names: {}, rule: day.rule, type: day.type };
      known.names[language] ??= day.name;
      rules.set(day.rule, known);
    }
  }
  return [...rules.values()].sort((a, b) => a.rule.localeCompare(b.rule, 'en'));
}

/** Units that answers use and whose system matters to a reader. */
const UNITS = [
  'length-mile', 'length-foot', 'length-inch', 'length-yard', 'length-kilometer', 'length-meter', 'length-centimeter', 'length-millimeter',
  'mass-pound', 'mass-ounce', 'mass-stone', 'mass-kilogram', 'mass-gram', 'temperature-fahrenheit', 'temperature-celsius',
  'volume-gallon', 'volume-gallon-imperial', 'volume-quart', 'volume-pint', 'volume-fluid-ounce', 'volume-cup', 'volume-liter', 'volume-milliliter',
  'area-acre', 'area-hectare', 'area-square-foot', 'area-square-meter', 'area-square-mile', 'speed-mile-per-hour', 'speed-kilometer-per-hour',
] as const;
const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY', 'INR', 'CNY', 'MXN', 'CAD', 'AUD', 'CHF', 'BRL', 'KRW', 'RUB', 'TRY', 'PLN', 'SEK', 'UAH', 'IRR', 'ILS', 'BDT', 'PKR', 'IDR', 'VND', 'THB', 'KES', 'EGP', 'SAR', 'TWD'];

/** Languages that one pack reads in several scripts, by CLDR locale: their words are put together. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = { zh: ['zh', 'zh-Hant'] };

export function generateLexicon(language: string): Lexicon {
  return (SCRIPTS[language] ?? [language]).map(lexiconOfScript).reduce(together);
}

function together(a: Lexicon, b: Lexicon): Lexicon {
  const join = (one: Record<string, string[]>, two: Record<string, string[]>) =>
    Object.fromEntries([...new Set([...Object.keys(one), ...Object.keys(two)])].map((key) => [key, [...new Set([...(one[key] ?? []), ...(two[key] ?? [])])]]));
  return {
    generatedFrom: a.generatedFrom,
    units: join(a.units, b.units),
    currencies: join(a.currencies, b.currencies),
    months: a.months.map((names, month) => [...new Set([...names, ...b.months[month]!])]),
    regions: join(a.regions, b.regions),
  };
}

function lexiconOfScript(language: string): Lexicon {
  const at = cldrLocale(language);
  const units = cldr(`cldr-units-full/main/${at}/units.json`).main[at].units as Record<'long' | 'short' | 'narrow', Record<string, Record<string, string>>>;
  const currencies = cldr(`cldr-numbers-full/main/${at}/currencies.json`).main[at].numbers.currencies as Record<string, Record<string, string>>;
  const months = cldr(`cldr-dates-full/main/${at}/ca-gregorian.json`).main[at].dates.calendars.gregorian.months as Record<string, Record<string, Record<string, string>>>;
  return {
    generatedFrom: [`cldr ${versionOf('cldr-core')}`],
    units: Object.fromEntries(UNITS.map((unit) => [unit, unitNames(unit, units)])),
    currencies: Object.fromEntries(CURRENCIES.map((code) => [code, currencyNames(code, currencies[code] ?? {})])),
    months: Array.from({ length: 12 }, (_, month) => [...new Set(['wide', 'abbreviated'].flatMap((width) => ['format', 'stand-alone'].map((use) => months[use]![width]![String(month + 1)]!)))]),
    // An answer about Europe (CLDR's 150) is about the places whose conventions the European Union shares.
    regions: Object.fromEntries(Object.entries({ ...territories(language), 'EU-alt-continent': territories(language)['150']! }).filter(([code]) => /^[A-Z]{2}(-alt-.*)?$/.test(code)).reduce((all, [code, name]) => {
      const region = code.slice(0, 2);
      // Two-letter abbreviations ("US", "UK") collide with words; language packs add those that are safe.
      if (name.length > 2) all.set(region, [...(all.get(region) ?? []), name]);
      return all;
    }, new Map<string, string[]>())),
  };
}

function unitNames(unit: string, units: Record<'long' | 'short' | 'narrow', Record<string, Record<string, string>>>): string[] {
  const names = (['long', 'short'] as const).flatMap((width) =>
    Object.entries(units[width][unit] ?? {}).filter(([key]) => key.startsWith('unitPattern-count-')).map(([, pattern]) => pattern.replace(/[\u200e\u200f]/g, '')),
  );
  // Signs that mean something else elsewhere (′ ″ " ') are not taken as units.
  return [...new Set(names)].filter((name) => !/^\{0\}\s?['"′″]?$/.test(name)).sort((a, b) => b.length - a.length);
}

function currencyNames(code: string, names: Record<string, string>): string[] {
  const all = Object.entries(names).filter(([key]) => key.startsWith('displayName') || key === 'symbol').map(([, name]) => name);
  return [...new Set([code, ...all])].filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
}

function main(check: boolean): void {
  let stale = 0;
  for (const id of listPackFolders()) {
    const isLocale = /-[A-Z]{2}$/.test(id);
    if (id === 'root') continue;
    const file = join(PACKS_FOLDER, id, isLocale ? 'conventions.json' : 'lexicon.json');
    const text = `${JSON.stringify(isLocale ? generateConventions(id) : generateLexicon(id), null, 1)}\n`;
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    if (check) {
      console.error(`${id}: generated data is out of date. Run: node packs/generate.ts`);
      stale++;
    } else {
      writeFileSync(file, text);
      console.error(`${id}: written`);
    }
  }
  if (stale > 0) process.exitCode = 1;
}

if (import.meta.main) main(process.argv.includes('--check'));
