/** Principle 7: our own text passes our own review. A tool that judges tone may not flatter, order about or generalise. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ownWords, packWords } from '../../cli/own-words.ts';
import { readAllPacks } from '../../packs/read.ts';
import { loadPacks } from '../../review/packs.ts';

const ROOT = join(import.meta.dirname, '../..');
const library = loadPacks(readAllPacks());
const words = ownWords(library);

/** Strings of a JSON file, with their paths. */
function* strings(value: unknown, path = ''): Generator<[string, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) yield* strings(inner, `${path}/${key}`);
}

it('has packs for readers of the languages we write in', () => {
  expect(library.refused).toEqual([]);
  for (const language of ['en', 'de', 'fr', 'es', 'ja', 'hi']) expect([...library.packs.keys()].some((id) => id.startsWith(`${language}-`))).toBe(true);
});

it('packs: messages, reasons and suggestions', async () => {
  const found: string[] = [];
  for (const pack of library.packs.values()) found.push(...(await packWords(pack, words)));
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
        // On a button the bare verb is custom in many languages; only sentences address somebody.
        const label = !/[.!?。！？।؟]/u.test(text);
        found.push(...(await words.faults(`${folder}/${file}${path}`, language, text, ['tone', 'stereotype', 'term', 'norm'])).filter((fault) => !(label && fault.includes('(tone.address '))));
      }
    }
  }
  expect(found).toEqual([]);
});

it('the documentation', async () => {
  const found: string[] = [];
  for (const file of ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]) {
    found.push(...(await words.faults(file, 'en', readFileSync(join(ROOT, file), 'utf8'), ['tone', 'stereotype', 'term', 'norm'])));
  }
  expect(found).toEqual([]);
});
