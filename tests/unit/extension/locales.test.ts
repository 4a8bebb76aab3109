import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'locales');
const LANGUAGES = readdirSync(FOLDER).map((file) => file.replace('.json', ''));

type Tree = { readonly [key: string]: string | Tree };
const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'];
const isPlural = (node: Tree): boolean => typeof node['other'] === 'string' && Object.keys(node).every((key) => CATEGORIES.includes(key));

function read(language: string): Tree {
  return JSON.parse(readFileSync(join(FOLDER, `${language}.json`), 'utf8')) as Tree;
}

/** Dotted key → its text, or its texts by plural category. */
function entries(node: Tree, prefix = ''): [string, string | Tree][] {
  return Object.entries(node).flatMap(([key, value]): [string, string | Tree][] =>
    typeof value === 'string' || isPlural(value) ? [[prefix + key, value]] : entries(value, `${prefix}${key}.`),
  );
}

const texts = (value: string | Tree): string[] => (typeof value === 'string' ? [value] : (Object.values(value) as string[]));
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const english = new Map(entries(read('en')));

describe.each(LANGUAGES)('the messages in %s', (language) => {
  const own = new Map(entries(read(language)));

  it('have the keys of the English ones, no more and no fewer', () => {
    expect([...own.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('have the same placeholders; a plural form may spell its number out', () => {
    for (const [key, value] of own) {
      const wanted = new Set(texts(english.get(key) ?? '').flatMap(placeholders));
      for (const text of texts(value)) {
        const found = placeholders(text);
        const mayOmit = typeof value === 'string' ? [] : ['{count}'];
        expect([...wanted].filter((name) => !found.includes(name) && !mayOmit.includes(name)), `${key}: ${text}`).toEqual([]);
        expect(found.filter((name) => !wanted.has(name)), `${key}: ${text}`).toEqual([]);
      }
    }
  });

  it('have each plural form that this language uses for counts', () => {
    const rules = new Intl.PluralRules(language.replace('_', '-'));
    const used = [...new Set(Array.from({ length: 201 }, (_, count) => rules.select(count)))].sort();
    for (const [key, value] of own) if (typeof value !== 'string') expect(Object.keys(value).sort(), key).toEqual(used);
  });

  it('are filled in, without stray spaces and without signs that the browser would take for its own', () => {
    for (const [key, value] of own) {
      for (const text of texts(value)) {
        expect(text.trim(), key).toBe(text);
        expect(text, key).not.toBe('');
        expect(text, key).not.toContain('$');
      }
    }
  });

  it('name their language and its direction', () => {
    expect(own.get('language.code')).toBe(language.replace('_', '-'));
    expect(own.get('language.direction')).toBe(language === 'ar' ? 'rtl' : 'ltr');
  });

  it('keep within what the stores allow for name and description', () => {
    expect([...String(own.get('extension.name'))].length).toBeLessThanOrEqual(45);
    expect([...String(own.get('extension.description'))].length).toBeLessThanOrEqual(132);
  });
});

it('has no message that nobody shows', () => {
  const sources = ['extension', 'components', 'entrypoints'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  );
  const code = [...sources, readFileSync(join(ROOT, 'wxt.config.ts'), 'utf8')].join('\n');
  // Keys that are put together from the engine's ids or from a list in the code.
  const composed = /^(?:kind|family|situation|level|sure|verdict|severity|scale|familiarity|reason|redaction)\.|^about\.(?:age|gender)_|^options\.(?:wish|sensitivity)|^welcome\.does|^popover\.(?:copied|copyFailed|inserted|insertFailed)$/;
  const unused = [...english.keys()].filter((key) => !composed.test(key) && !code.includes(`'${key}'`) && !code.includes(`__MSG_${key.replace('.', '_')}__`));
  expect(unused).toEqual([]);
});
