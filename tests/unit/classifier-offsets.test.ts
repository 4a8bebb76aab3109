import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../models/load-node.ts';
import { pieceRanges } from '../../review/classifier/offsets.ts';
import { createEncoder, readable } from '../../review/classifier/pieces.ts';

const json = (name: string): object => JSON.parse(readFileSync(join(DEFAULT_MODEL, name), 'utf8')) as object;
const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));

/** Text in many scripts, with emoji sequences, combining marks, blanks of all kinds and things that look like pieces. */
const words = [
  'Hello', 'Können', 'naïve', 'e\u0301te\u0301', 'Здравствуйте', 'їжак', 'Γειά', 'שלום', 'مرحبا', 'شُكْرًا', 'سلام‌علیکم', 'नमस्ते', 'क्षत्रिय', 'বাংলা',
  'தமிழ்', 'తెలుగు', 'ไทยแลนด์', '中文字', '漢字', 'ございます', 'カタカナ', '안녕하세요', '각', '👩‍👩‍👧‍👦', '🏳️‍🌈', '👍🏽', '🇩🇪', '𓀀', '𝔘', 'ﷺ', '\u200b',
  '\ufeff', '<s>', '</s>', '<0x41>', '▁', '▁▁', '’', '“x”', '…', '12,345.67', 'http://a.b/c?d=e', '\u0000', '\u001b[0m', '\t', '\n', '\r\n', '\u00a0', '\u3000', 'x'.repeat(40),
];
const text = fc.oneof(
  fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'grapheme', maxLength: 4 })), { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.array(fc.constantFrom(...words), { maxLength: 10 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe('offsets of pieces', () => {
  test('pieces lie end to end and cover the whole text, in every script', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const prepared = readable(raw, 10_000);
        if (prepared === '') return;
        const pieces = tokenizer.tokenize(prepared);
        const ranges = pieceRanges(pieces);
        let at = 0;
        ranges.forEach((range, index) => {
          const blank = pieces[index]!.startsWith('▁') && range.start === at + 1 ? 1 : 0;
          expect(range.start).toBe(at + blank);
          expect(range.end).toBeGreaterThanOrEqual(range.start);
          at = range.end;
        });
        expect(at).toBe(prepared.length);
      }),
      { numRuns: 1500 },
    );
  });

  test('a piece spells the text at its range', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const prepared = readable(raw, 10_000);
        if (prepared === '') return;
        const pieces = tokenizer.tokenize(prepared);
        const ranges = pieceRanges(pieces);
        pieces.forEach((piece, index) => {
          if (/^<0x[0-9A-F]{2}>$/.test(piece)) return;
          const { start, end } = ranges[index]!;
          const spelled = prepared.slice(start, end).replace(/’/g, "'");
          const blank = /[\u0000-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]/g;
          expect(spelled.replace(blank, '▁')).toBe(piece.length > end - start ? piece.slice(1) : piece);
        });
      }),
      { numRuns: 1500 },
    );
  });

  test('ranges never cut a surrogate pair', () => {
    fc.assert(
      fc.property(text, (raw) => {
        const prepared = readable(raw, 10_000);
        if (prepared === '') return;
        for (const { start, end } of pieceRanges(tokenizer.tokenize(prepared))) {
          for (const at of [start, end]) {
            const before = prepared.charCodeAt(at - 1);
            const after = prepared.charCodeAt(at);
            expect(before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000).toBe(false);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what the tokenizer sees', () => {
  test('lone surrogates become U+FFFD and nothing moves', () => {
    expect(readable('a\ud800b\udc00c😀', 128)).toBe('a\ufffdb\ufffdc😀');
  });

  test('a very long passage is cut, never inside a pair, and fills the sequence', () => {
    const encode = createEncoder(json('tokenizer.json'), json('tokenizer_config.json'), 128);
    const long = '😀'.repeat(50_000);
    expect(readable(long, 8).length % 2).toBe(0);
    expect(encode(long).ids).toHaveLength(128);
    expect(encode('word '.repeat(20_000)).ids).toHaveLength(128);
    expect(encode('').ids).toHaveLength(2);
  });

  test('files of another tokenizer are refused with advice', () => {
    expect(() => createEncoder({}, {}, 128)).toThrow(/tokenizer\.json cannot be read .*rebuild/s);
  });
});
