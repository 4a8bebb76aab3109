import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateCroissant } from '../../../collector/release/croissant/validate.ts';

const FOLDER = new URL('../../fixtures/vectors/croissant/', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'));
const expectedErrors = (name: string) =>
  readFileSync(new URL(`negative/${name}.expected.txt`, FOLDER), 'utf8').split('warning(s)')[0]!.split('\n').filter((line) => line.startsWith('  -  ')).map((line) => line.slice(5).trim());

describe('Croissant descriptions', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('accepts %s', async (name) => {
    expect((await validateCroissant(json(name))).errors).toEqual([]);
  });
  const negative = readdirSync(new URL('negative/', FOLDER)).filter((name) => name.endsWith('.metadata.json')).map((name) => name.replace('.metadata.json', ''));
  it('has all 15 negative cases', () => expect(negative).toHaveLength(15));
  it.each(negative)('refuses %s in the words of mlcroissant', async (name) => {
    const { errors } = await validateCroissant(json(`negative/${name}.metadata.json`));
    expect([...errors].sort()).toEqual(expectedErrors(name).sort());
  });
  it('fetches no remote context and takes any nonsense for what it is', async () => {
    expect((await validateCroissant({ '@context': 'https://example.com/context.json', '@type': 'sc:Dataset' })).errors[0]).toMatch(/nothing is fetched/);
    for (const nonsense of [null, 5, 'x', [], {}, { '@type': 7 }, { '@context': { a: { '@id': 9 } } }]) expect((await validateCroissant(nonsense)).errors.length).toBeGreaterThan(0);
  });
});
