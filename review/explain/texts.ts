/** The engine's own sentences, by UI language. Packs bring theirs; these serve findings that no rule words. */
import ar from './texts/ar.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };
import hi from './texts/hi.json' with { type: 'json' };
import it from './texts/it.json' with { type: 'json' };
import ja from './texts/ja.json' with { type: 'json' };
import ko from './texts/ko.json' with { type: 'json' };
import pt from './texts/pt.json' with { type: 'json' };
import tr from './texts/tr.json' with { type: 'json' };
import zh from './texts/zh.json' with { type: 'json' };
import type { Language } from '../types.ts';

type Texts = typeof en;
export type TextKey = keyof Texts['findings'];
const TEXTS: Readonly<Record<string, Texts>> = { ar, de, en, es, fr, hi, it, ja, ko, pt, tr, zh };
export const TEXT_LANGUAGES = Object.keys(TEXTS);

/** Of some languages, the one that serves a reader of `language`: `pt` serves `pt-BR` (or `pt_BR`, as files are named). */
function serving(language: Language, among: object): Language | undefined {
  return [language, language.split(/[-_]/)[0]!].find((candidate) => Object.hasOwn(among, candidate));
}

/** The language that the engine really speaks to a reader of `language`. */
export function textLanguage(language: Language): Language {
  return serving(language, TEXTS) ?? 'en';
}

function textsFor(language: Language): Texts {
  return TEXTS[textLanguage(language)]!;
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
  return localised[serving(language, localised) ?? 'en']!;
}

/** English names that take an article within a sentence. */
const WITH_ARTICLE = new Set(['US', 'GB', 'NL', 'PH', 'AE', 'CZ', 'BS', 'GM', 'MV']);

/** Costly to make, and asked for with every finding. */
const displayNames = new Map<Language, Intl.DisplayNames>();

/** The name of a region within a sentence: "Germany", "the United States", "Deutschland". */
export function regionName(region: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(region)) return region;
  let names = displayNames.get(language);
  if (names === undefined) displayNames.set(language, (names = new Intl.DisplayNames([language.replaceAll('_', '-'), 'en'], { type: 'region' })));
  const name = names.of(region) ?? region;
  return language.startsWith('en') && WITH_ARTICLE.has(region) ? `the ${name}` : name;
}
