/** Principle 7: our own text passes our own review. Every message of the UI is read for readers of its language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAllPacks } from '../../../packs/read.ts';
import { loadPacks } from '../../../review/packs.ts';
import { createReviewer } from '../../../review/review.ts';

const FOLDER = join(import.meta.dirname, '../../../locales');
const NOTICE = join(import.meta.dirname, '../../../feedback/notice/texts');

type Tree = { readonly [key: string]: string | Tree };

function texts(node: Tree, prefix = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[prefix + key, value]] : texts(value, `${prefix}${key}.`)));
}

const packs = loadPacks(readAllPacks(join(FOLDER, '../packs'), () => undefined));
const reviewer = createReviewer({ packs });
const languages = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
// An English sentence is for everybody; the others are for the places that speak them.
const readers = languages.flatMap((language) => {
  // Brazilian Portuguese is read in Brazil; German is read wherever German is spoken.
  const readIn = language.includes('_') ? [language.replace('_', '-')] : undefined;
  return reviewer
    .audiences()
    .filter(({ locale }) => readIn?.includes(locale) ?? locale.split('-')[0] === language)
    .map(({ locale }) => ({ language, locale }));
});

describe.each(readers)('our messages in $language, read in $locale', ({ language, locale }) => {
  it('get no mark', async () => {
    const messages = [join(FOLDER, `${language}.json`), join(NOTICE, `${language.replace('_', '-')}.json`)].flatMap((file) => texts(JSON.parse(readFileSync(file, 'utf8')) as Tree));
    const marked: string[] = [];
    for (const [key, text] of messages) {
      const answer = { text, blocks: [{ kind: 'paragraph' as const, start: 0, end: text.length, masks: [] }] };
      const { findings } = await reviewer.review(answer, { locale }, { language: language.replace('_', '-') });
      // On a button the bare verb is custom in many languages; only sentences address somebody.
      const isLabel = !/[.!?。！？।؟]/u.test(text);
      marked.push(...findings.filter(({ kind }) => !(isLabel && kind === 'tone.address')).map(({ rule, quote }) => `${key}: ${rule} "${quote}"`));
    }
    expect(marked).toEqual([]);
  });
});

it('are read by somebody', () => {
  expect(readers.length).toBeGreaterThan(0);
});
