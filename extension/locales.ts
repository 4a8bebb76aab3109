/** Locales as people meet them: guessed from the browser, named in the reader's own language. */
import { regionName as regionInSentence } from '../review/explain/texts.ts';
import { localeSchema } from './schemas.ts';

/**
 * Locales from a browser's language list: `de` becomes `de-DE` by the likely region, a language without a likely region is left out,
 * and a bare language after its regional form (`pt-BR, pt`) adds nothing.
 */
export function guessLocales(languages: readonly string[]): string[] {
  const guessed: string[] = [];
  const taken = new Set<string>();
  for (const tag of languages) {
    let locale: Intl.Locale;
    try {
      locale = new Intl.Locale(tag);
    } catch {
      continue;
    }
    if (!locale.region && taken.has(locale.language)) continue;
    taken.add(locale.language);
    const region = locale.region ?? locale.maximize().region;
    if (!region) continue;
    const guess = `${locale.language}-${region}`;
    if (localeSchema.safeParse(guess).success && !guessed.includes(guess)) guessed.push(guess);
  }
  return guessed.slice(0, 3);
}

/** `de-AT` → "Austria", as it stands within a sentence of the UI language; the tag itself when the browser has no name. */
export function regionName(locale: string, uiLanguage: string): string {
  try {
    const { region } = new Intl.Locale(locale);
    return region ? regionInSentence(region, uiLanguage) : locale;
  } catch {
    return locale;
  }
}

/** `de-AT` → "Austria (German)": places are what people look for in a list, and some have several languages. */
export function localeName(locale: string, uiLanguage: string): string {
  try {
    const { language, script, region } = new Intl.Locale(locale);
    const name = new Intl.DisplayNames([uiLanguage], { type: 'language' }).of(script ? `${language}-${script}` : language) ?? language;
    const place = region && new Intl.DisplayNames([uiLanguage], { type: 'region' }).of(region);
    return place ? `${place} (${name})` : name;
  } catch {
    return locale;
  }
}
