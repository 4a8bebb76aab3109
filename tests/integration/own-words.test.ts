/** Principle 7: our own text passes our own review. A tool that judges tone may not flatter, order about or generalise. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readAllPacks } from '../../packs/read.ts';
import { loadPacks } from '../../review/packs.ts';
import { createReviewer } from '../../review/review.ts';
import { parseMarkdown } from '../../review/text/markdown.ts';
import { familyOf, type Family } from '../../review/types.ts';

const ROOT = join(import.meta.dirname, '../..');
const library = loadPacks(readAllPacks());
const reviewer = createReviewer({ packs: library });
/** One audience for each language we write in. */
const READERS: Readonly<Record<string, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-MX', ja: 'ja-JP', hi: 'hi-IN' };

/** Forms of address have to be named to be explained. */
const NAMED = new Set(['tone.address']);

async function faults(where: string, language: string, text: string, families: readonly Family[], except?: string): Promise<string[]> {
  const locale = READERS[language];
  if (locale === undefined) return [];
  const { findings } = await reviewer.review(parseMarkdown(text), { locale }, { language, uiLanguage: 'en' });
  return findings.filter(({ kind, rule }) => families.includes(familyOf(kind)) && !(except !== undefined && NAMED.has(kind)) && rule !== except).map(({ kind, quote, rule }) => `${where} [${language}]: ${kind} by ${rule}: "${quote}" in "${text}"`);
}

/** Strings of a JSON file, with their paths. */
function* strings(value: unknown, path = ''): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) yield* strings(inner, `${path}/${key}`);
}

it('has packs for the readers it tests with', () => {
  expect(library.refused).toEqual([]);
  for (const locale of Object.values(READERS)) expect(library.packs.has(locale)).toBe(true);
});

it('packs: messages, reasons and suggestions', async () => {
  const found: string[] = [];
  for (const pack of library.packs.values()) {
    for (const rule of pack.rules) {
      for (const text of [rule.message, rule.why, rule.suggestion ?? {}, rule.dissent ?? {}]) {
        // A rule has to name what it is about; how it speaks is what counts.
        for (const [language, own] of Object.entries(text)) found.push(...(await faults(`${pack.id} ${rule.id}`, language, own, ['tone', 'stereotype'], rule.id)));
      }
    }
    for (const part of [pack.expectations?.tone, ...Object.values(pack.expectations?.address ?? {})]) {
      for (const text of [part?.why ?? {}, part?.dissent ?? {}]) for (const [language, own] of Object.entries(text)) found.push(...(await faults(`${pack.id} expectations`, language, own, ['tone', 'stereotype'], '')));
    }
  }
  expect(found).toEqual([]);
});

it('the engine’s and the extension’s own sentences', async () => {
  const found: string[] = [];
  for (const folder of ['review/explain/texts', 'locales', 'feedback/notice/texts']) {
    for (const file of readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.json'))) {
      const language = file.slice(0, 2);
      for (const [path, text] of strings(JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8')))) {
        // Example answers on the welcome page are there to be marked.
        if (/example|sample|demo/i.test(path)) continue;
        found.push(...(await faults(`${folder}/${file}${path}`, language, text, ['tone', 'stereotype', 'term', 'norm'])));
      }
    }
  }
  expect(found).toEqual([]);
});

it('the documentation', async () => {
  const found: string[] = [];
  for (const file of ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]) {
    found.push(...(await faults(file, 'en', readFileSync(join(ROOT, file), 'utf8'), ['tone', 'stereotype', 'term', 'norm'])));
  }
  expect(found).toEqual([]);
});
