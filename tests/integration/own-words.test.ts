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

it('the engine’s own sentences', async () => {
  const found: string[] = [];
  const folder = join(ROOT, 'review/explain/texts');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    for (const [path, text] of strings(JSON.parse(readFileSync(join(folder, file), 'utf8')))) found.push(...(await words.faults(`${file}${path}`, file.slice(0, 2), text, ['tone', 'stereotype', 'term', 'norm'])));
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
