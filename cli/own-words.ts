/** Principle 7: our own text passes our own review. A tool that judges tone may not flatter, order about or generalise. */
import type { Localised, Pack } from '../packs/schema/pack.ts';
import { audienceLocales, type PackLibrary } from '../review/packs.ts';
import { createReviewer, type Reviewer } from '../review/review.ts';
import { parseMarkdown } from '../review/text/markdown.ts';
import { familyOf, type Family } from '../review/types.ts';

export interface OwnWords {
  /** Faults that our review finds in one of our own texts; none in languages without a pack. */
  faults(where: string, language: string, text: string, families: readonly Family[], except?: string): Promise<string[]>;
}

export function ownWords(library: PackLibrary, reviewer: Reviewer = createReviewer({ packs: library })): OwnWords {
  const locales = audienceLocales(library).map(({ locale }) => locale);
  const readers = new Map<string, string | undefined>();
  return {
    async faults(where, language, text, families, except) {
      if (!readers.has(language)) readers.set(language, locales.find((locale) => locale.startsWith(`${language}-`)));
      const locale = readers.get(language);
      if (locale === undefined) return [];
      const { findings } = await reviewer.review(parseMarkdown(text), { locale }, { language, uiLanguage: 'en' });
      // Forms of address have to be named to be explained, and a rule has to name what it is about.
      const allowed = (kind: string, rule: string) => except !== undefined && (kind === 'tone.address' || rule === except);
      return findings.filter(({ kind, rule }) => families.includes(familyOf(kind)) && !allowed(kind, rule)).map(({ kind, quote, rule }) => `${where} [${language}]: our own text is marked (${kind} by ${rule}): "${quote}" in "${text}"`);
    },
  };
}

/** What a pack says to readers: messages, reasons, suggestions, dissent. */
export async function packWords(pack: Pack, { faults }: OwnWords): Promise<string[]> {
  const texts: { where: string; text: Localised | undefined; except: string }[] = [
    ...pack.rules.flatMap((rule) => [rule.message, rule.why, rule.suggestion, rule.dissent].map((text) => ({ where: `${pack.id}: ${rule.id}`, text, except: rule.id }))),
    ...[pack.expectations?.tone, ...Object.values(pack.expectations?.address ?? {})].flatMap((part) => [part?.why, part?.dissent].map((text) => ({ where: `${pack.id}: expectations`, text, except: '' }))),
  ];
  const found: string[] = [];
  for (const { where, text, except } of texts) for (const [language, own] of Object.entries(text ?? {})) found.push(...(await faults(where, language, own, ['tone', 'stereotype'], except)));
  return found;
}
