/** Locales as people meet them: guessed from the browser, named in the reader's own language. */
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

/** `de-AT` → "Austria" in the UI language; the tag itself when the browser has no name. */
export function regionName(locale: string, uiLanguage: string): string {
  try {
    const { region } = new Intl.Locale(locale);
    return (region && new Intl.DisplayNames([uiLanguage], { type: 'region' }).of(region)) || locale;
  } catch {
    return locale;
  }
}

/** `de-AT` → "German (Austria)" in the UI language. */
export function localeName(locale: string, uiLanguage: string): string {
  try {
    const { language, script, region } = new Intl.Locale(locale);
    const languages = new Intl.DisplayNames([uiLanguage], { type: 'language' });
    const name = languages.of(script ? `${language}-${script}` : language) ?? language;
    const place = region ? new Intl.DisplayNames([uiLanguage], { type: 'region' }).of(region) : undefined;
    return place ? `${capitalise(name, uiLanguage)} (${place})` : capitalise(name, uiLanguage);
  } catch {
    return locale;
  }
}

function capitalise(text: string, language: string): string {
  const [first = '', ...rest] = [...text];
  return first.toLocaleUpperCase(language) + rest.join('');
}
