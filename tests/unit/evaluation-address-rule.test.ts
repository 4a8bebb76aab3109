/** The rule for "addresses nobody" must be the training's: its patterns are Python's, and their letters are not only ASCII. */
import { expect, it } from 'vitest';
import { noAddressRule, type MarkedRow } from '../../models/evaluation/address-rule.ts';
import { fromPython } from '../../models/evaluation/python-pattern.ts';
import fixture from '../fixtures/classifier/address-rule.json' with { type: 'json' };

const rule = noAddressRule(fixture.marked as unknown as MarkedRow[]);

it.each(fixture.sentences)('$language: $text', ({ language, text, addressesNobody }) => {
  expect(rule(text, language)).toBe(addressesNobody);
});

it('has sentences of both kinds in each language', () => {
  for (const [language, sentences] of Map.groupBy(fixture.sentences, (sentence) => sentence.language)) {
    if (language === 'sv') continue;
    expect(new Set(sentences.map(({ addressesNobody }) => addressesNobody)), language).toEqual(new Set([true, false]));
  }
});

it.each([
  [String.raw`\w+`, 'Größe', 'Größe'],
  // Vowel signs are no word characters in Python.
  [String.raw`\w+`, 'नाम', 'न'],
  [String.raw`\bil\b`, 'échec il', 'il'],
  [String.raw`[\w-]+`, '…è-ü', 'è-ü'],
  [String.raw`a.b`, 'a\u2028b', 'a\u2028b'],
  [String.raw`x$`, 'x\n', 'x'],
  [String.raw`\s+`, 'a\u00a0\u0085b', '\u00a0\u0085'],
])('translates %s', (pattern, text, match) => {
  expect(fromPython(pattern).exec(text)?.[0]).toBe(match);
});

it('does not see a word boundary beside an accented letter', () => {
  expect(fromPython(String.raw`\bil\b`).test('éil')).toBe(false);
});

it.each([String.raw`\Z`, '[]a]', '(?P<name>a)', String.raw`[\b]`])('refuses %s, which it cannot translate', (pattern) => {
  expect(() => fromPython(pattern)).toThrow(/no translation/);
});
