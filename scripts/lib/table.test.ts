import { describe, expect, it } from 'vitest';
import { table, width, wrap } from './table.ts';

it.each([
  ['abc', 3],
  ['日本語', 6],
  ['ﾊﾝ', 2],
  ['한국어', 6],
  ['é', 1],
  ['e\u0301', 1],
  ['👨‍👩‍👧', 2],
  ['№', 1],
])('%s takes %i columns', (text, columns) => {
  expect(width(text)).toBe(columns);
});

describe('wrap', () => {
  it.each([
    ['one two three', 8, ['one two', 'three']],
    ['日本語の文章です', 6, ['日本語', 'の文章', 'です']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['', 5, ['']],
    ['two\nlines\u202E', 20, ['two lines']],
  ])('%j in %i columns', (text, columns, lines) => {
    expect(wrap(text, columns)).toEqual(lines);
  });
});

it('keeps the columns of a table straight', () => {
  const lines = table(
    [
      { title: 'a', width: 6 },
      { title: 'b', width: 3 },
    ],
    [
      ['日本語', 'x'],
      ['abc', 'y'],
    ],
  ).split('\n');
  expect(lines[2]).toBe('日本語  x');
  expect(lines[3]).toBe('abc     y');
});
