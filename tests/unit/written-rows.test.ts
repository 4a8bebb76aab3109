/** models/training/written/: enough rows in every language, well-formed, no line twice. Near copies are refused by the training itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../models/training/written');
const LANGUAGES = 'ar bn de en es fa fi fr he hi id it ja ko ms nl pl pt ru sv ta th tr uk ur vi zh-Hans zh-Hant'.split(' ');
/** The card's table of kinds (three cells a row) is the list of kinds. */
const KINDS = [...readFileSync(join(FOLDER, 'README.md'), 'utf8').matchAll(/^\| ((?!kind\b)[a-z]+) \| [^|\n]+ \| [^|\n]+ \|$/gmu)].map(([, kind]) => kind!).concat(['level1', 'level2', 'level3', 'level4']);
const MARKED = new Set(['asserted', 'benevolent', 'homogenising', 'mention', 'specific']);

test('the card names the kinds', () => {
  expect(KINDS).toHaveLength(16);
});

test('there is a file for every language of the unlabelled text, and no other', () => {
  expect(readdirSync(FOLDER).filter((name) => name.endsWith('.tsv')).sort()).toEqual(LANGUAGES.map((language) => `${language}.tsv`));
});

describe.each(LANGUAGES)('%s', (language) => {
  const rows = readFileSync(join(FOLDER, `${language}.tsv`), 'utf8').trimEnd().split('\n').map((line) => line.split('\t'));

  test('enough rows, of every kind that training needs', () => {
    expect(rows.length).toBeGreaterThanOrEqual(language === 'en' ? 1500 : 500);
    const kinds = new Set(rows.map(([kind]) => kind));
    for (const kind of [...MARKED, 'effusive', 'warm', 'blunt', 'clear', 'neutral']) expect(kinds).toContain(kind);
  });

  test('every row has four cells, a known kind, its marks, and stands once', () => {
    const faults = rows.flatMap((cells, at) => {
      const [kind = '', , domain = '', text = ''] = cells;
      const marks = [...text.matchAll(/\{([ga]):([^{}]+)\}/gu)].map(([, mark]) => mark);
      const bare = text.replaceAll(/\{[ga]:([^{}]+)\}/gu, '$1');
      const fault =
        cells.length !== 4 ? 'not four cells'
        : !KINDS.includes(kind) ? `unknown kind ${kind}`
        : !/^[a-z]+$/u.test(domain) ? 'no domain'
        : /[{}]/u.test(bare) ? 'broken mark'
        : MARKED.has(kind) && !(marks.includes('g') && marks.includes('a')) ? 'group or attribute not marked'
        : bare.trim() !== bare || bare.length < 4 ? 'blank at an end, or too short'
        : null;
      return fault ? [`${language}.tsv:${at + 1}: ${fault}`] : [];
    });
    expect(faults).toEqual([]);
    const texts = rows.map(([, , , text]) => text!.replaceAll(/\{[ga]:([^{}]+)\}/gu, '$1'));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
