/** The engine's own sentences, by UI language. Packs bring theirs; these serve findings that no rule words. */
import ar from './texts/ar.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };
import hi from './texts/hi.json' with { type: 'json' };
import ja from './texts/ja.json' with { type: 'json' };
import type { Language } from '../types.ts';

type Texts = typeof en;
export type TextKey = keyof Texts['findings'];
const TEXTS: Readonly<Record<string, Texts>> = { ar, de, en, es, fr, hi, ja };
export const TEXT_LANGUAGES = Object.keys(TEXTS);

function textsFor(language: Language): Texts {
  return TEXTS[language] ?? TEXTS[language.split('-')[0]!] ?? en;
}

/** One of the engine's sentences with its places filled in. */
export function say(language: Language, key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(textsFor(language).findings[key], values);
}

export function followUpTexts(language: Language): Texts['followUp'] {
  return textsFor(language).followUp;
}

/** Fills `{name}` places; a place without a value stays as it is, so that a mistake shows. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** A text in the reader's language, else in English. */
export function pick(localised: Readonly<Record<string, string>>, language: Language): string {
  return localised[language] ?? localised[language.split('-')[0]!] ?? localised['en']!;
}

/** English names that take an article within a sentence. */
const WITH_ARTICLE = new Set(['US', 'GB', 'NL', 'PH', 'AE', 'CZ', 'BS', 'GM', 'MV']);

/** Costly to make, and asked for with every finding. */
const displayNames = new Map<Language, Intl.DisplayNames>();

/** The name of a region within a sentence: "Germany", "the United States", "Deutschland". */
export function regionName(region: string, language: Language): string {
  let names = displayNames.get(language);
  if (names === undefined) displayNames.set(language, (names = new Intl.DisplayNames([language, 'en'], { type: 'region' })));
  const name = names.of(region) ?? region;
  return language.startsWith('en') && WITH_ARTICLE.has(region) ? `the ${name}` : name;
}
