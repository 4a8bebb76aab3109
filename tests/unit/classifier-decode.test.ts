import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchesByLength } from '../../review/classifier/batches.ts';
import { decodePassage, decodeSpans, sigmoid, softmax } from '../../review/classifier/decode.ts';
import { languageKeys, readConfig, thresholdOf, trustOf } from '../../review/classifier/config.ts';

const head = (labels: string[], start: number, activation: 'softmax' | 'sigmoid', temperature = 1) => ({
  labels,
  activation,
  logits: [start, start + labels.length],
  temperature,
  thresholds: Object.fromEntries(labels.map((label) => [label, 0.5])),
});
const raw = {
  attune: {
    formatVersion: 2,
    version: '9.9.9',
    maxTokens: 128,
    outputs: { heads: 'logits', tags: 'tag_logits' },
    sha256: 'a'.repeat(64),
    bytes: 10,
    heads: {
      generalisation: head(['asserted', 'mention', 'group', 'none'], 0, 'softmax', 2),
      address: head(['informal', 'formal', 'none'], 4, 'softmax'),
      honorific_ja: head(['level1', 'level2', 'level3', 'level4'], 7, 'softmax'),
      honorific_ko: head(['plain', 'polite', 'formal'], 11, 'softmax'),
      formality: head(['formality'], 14, 'sigmoid'),
      praise: { ...head(['praise'], 15, 'sigmoid'), languageThresholds: { de: { praise: 0.9 } } },
      politeness: head(['politeness'], 16, 'sigmoid'),
      generalisation_answer: head(['asserted'], 17, 'sigmoid'),
    },
    tags: { labels: ['O', 'address-informal', 'address-formal', 'group', 'attribute'], threshold: 0.5 },
    languages: { en: { generalisation: 'trained', praise: 'trained' }, 'zh-Hans': { generalisation: 'written' } },
  },
};
const config = readConfig(raw);

describe('heads', () => {
  test('softmax sums to 1 and keeps the order at any temperature', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -40, max: 40, noNaN: true }), { minLength: 2, maxLength: 6 }), fc.double({ min: 0.2, max: 8, noNaN: true }), (logits, temperature) => {
        const values = softmax(logits, temperature);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect(values[logits.indexOf(Math.max(...logits))]).toBe(Math.max(...values));
      }),
    );
  });

  test('a head reads its own columns with its own temperature', () => {
    const logits = new Float32Array(18);
    logits[0] = 4;
    logits[5] = 3;
    logits[15] = 2;
    logits[17] = -1;
    const answer = decodePassage({ text: 'x', language: 'en' }, logits, new Float32Array(15), [], config);
    expect(answer.generalisation.asserted).toBeCloseTo(softmax([2, 0, 0, 0])[0]!, 6);
    expect(answer.address.formal).toBeCloseTo(softmax([0, 3, 0])[1]!, 6);
    expect(answer.praise).toBeCloseTo(sigmoid(2), 6);
    expect(answer.generalisationInAnswer).toBeCloseTo(sigmoid(-1), 6);
    expect(answer.honorific).toBeNull();
  });

  test('honorific levels come with Japanese and Korean only', () => {
    const decode = (language: string) =>
      decodePassage({ text: 'x', language }, new Float32Array(17), new Float32Array(15), [], config).honorific;
    expect(Object.keys(decode('ja-JP')!)).toEqual(['level1', 'level2', 'level3', 'level4']);
    expect(Object.keys(decode('ko')!)).toEqual(['plain', 'polite', 'formal']);
    expect(decode('zh-Hans')).toBeNull();
  });
});

describe('spans', () => {
  const rows = (...labels: number[]) => {
    const logits = new Float32Array((labels.length + 2) * 5);
    labels.forEach((label, at) => (logits[(at + 1) * 5 + label] = 9));
    return logits;
  };

  test('the address head decides the form of a marker that could be either, not of one that is sure', () => {
    const ranges = [{ start: 0, end: 2 }, { start: 3, end: 5 }];
    const row = (informal: number, formal: number) => [0, informal, formal, 0, 0];
    const logits = new Float32Array([...row(0, 0), ...row(6, 5.8), ...row(12, 0), ...row(0, 0)]);
    const forms = (form: { informal: number; formal: number }) => decodeSpans('su tú', logits, ranges, config.tags, form).map(({ tag }) => tag);
    expect(forms({ informal: 0.1, formal: 0.9 })).toEqual(['address-formal', 'address-informal']);
    expect(forms({ informal: 0.9, formal: 0.1 })).toEqual(['address-informal']);
  });

  test('neighbouring pieces of one tag become one span that covers whole words', () => {
    const text = 'Können Sie kommen?';
    const ranges = [
      { start: 0, end: 1 }, { start: 1, end: 6 }, { start: 7, end: 10 }, { start: 11, end: 14 }, { start: 14, end: 17 }, { start: 17, end: 18 },
    ];
    expect(decodeSpans(text, rows(0, 2, 2, 0, 0, 0), ranges, config.tags)).toEqual([
      { tag: 'address-formal', start: 0, end: 10, score: expect.closeTo(0.9925, 3) as number },
    ]);
  });

  test('a word is marked or not as a whole, by all its pieces', () => {
    const ranges = [{ start: 0, end: 3 }, { start: 3, end: 7 }];
    const informal = (...odds: number[]) => decodeSpans('tanzend', new Float32Array([0, ...odds, 0].flatMap((odd) => [0, odd, -9, -9, -9])), ranges, config.tags);
    expect(informal(0.5, -4), 'one piece leans to a marker, the other knows better').toEqual([]);
    expect(informal(4, -2), 'one piece is surer than the other doubts').toMatchObject([{ tag: 'address-informal', start: 0, end: 7 }]);
  });

  test('scripts without blanks keep the span as it is', () => {
    const ranges = [{ start: 0, end: 2 }, { start: 2, end: 4 }, { start: 4, end: 5 }];
    const [span] = decodeSpans('注文します。', rows(0, 2, 0), ranges, config.tags);
    expect(span).toMatchObject({ start: 2, end: 4 });
  });

  test('a weak tag makes no span', () => {
    expect(decodeSpans('abc', new Float32Array(15), [{ start: 0, end: 3 }], config.tags)).toEqual([]);
  });
});

describe('batches', () => {
  test('every sequence is in exactly one batch, no batch holds more cells than allowed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 128 }), { maxLength: 80 }), (lengths) => {
        const batches = batchesByLength(lengths, 1024);
        expect(batches.flatMap((batch) => batch.at).sort((a, b) => a - b)).toEqual(lengths.map((_, at) => at));
        for (const batch of batches) {
          expect(batch.longest).toBe(Math.max(...batch.at.map((at) => lengths[at]!)));
          expect(batch.longest * batch.at.length).toBeLessThanOrEqual(1024);
        }
      }),
    );
  });
});

describe('configuration', () => {
  test('another format is refused with what to do', () => {
    expect(() => readConfig({ attune: { ...raw.attune, formatVersion: 1 } })).toThrow(/format 1.*reads format 2.*same release/s);
  });

  test('a config.json of another model is refused', () => {
    expect(() => readConfig({ model_type: 'bert' })).toThrow(/no "attune" section/);
  });

  test('a broken field is named', () => {
    const heads = { ...raw.attune.heads, praise: { ...raw.attune.heads.praise, temperature: 0 } };
    expect(() => readConfig({ attune: { ...raw.attune, heads } })).toThrow(/attune\.heads\.praise\.temperature/);
  });

  test('trust is looked up by language and script, and is chance where nothing is said', () => {
    expect(trustOf(config, 'en-GB', 'praise')).toBe('trained');
    expect(trustOf(config, 'zh-CN', 'generalisation')).toBe('written');
    expect(trustOf(config, 'zh-TW', 'generalisation')).toBe('chance');
    expect(trustOf(config, 'en', 'honorific_ja')).toBe('chance');
    expect(trustOf(config, 'sw', 'praise')).toBe('chance');
    expect(languageKeys('zh-CN')).toContain('zh-Hans');
  });

  test('a language may have a threshold of its own', () => {
    expect(thresholdOf(config, 'praise', 'praise', 'de-AT')).toBe(0.9);
    expect(thresholdOf(config, 'praise', 'praise', 'fr')).toBe(0.5);
    expect(thresholdOf(config, 'praise', 'unheard-of')).toBe(1);
  });
});
