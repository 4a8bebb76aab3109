import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePattern, PatternError } from '../../../packs/schema/pattern.ts';
import { buildAutomaton } from '../../../review/patterns/automaton.ts';
import { buildPatternTest, compileLists, matchText } from '../../../review/patterns/index.ts';

const LISTS = compileLists(new Map([['group', ['Germans', 'South Koreans', 'Koreans', 'women']], ['trait', ['lazy', '(very|so) emotional']]]));
function found(pattern: string, text: string, caseSensitive = false): string[] {
  return buildPatternTest([pattern], LISTS, caseSensitive).all(matchText(text)).map(({ start, end }) => text.slice(start, end));
}

describe('patterns', () => {
  it.each([
    ['(call|dial) 911', 'Please CALL  911 now.', ['CALL  911']],
    ['(call|dial) 911', 'Recall 9112', []],
    ['lieb*', 'Liebste Grüße, lieber Jan; beliebt', ['Liebste', 'lieber']],
    ['such a ... question', 'That is such a truly very great question!', ['such a truly very great question']],
    ['sauna ... swimsuit', 'In the sauna, keep your swimsuit on.', ['sauna, keep your swimsuit']],
    ['such a ... question', 'That is such a mess. A question?', []],
    ['Labo[u]r Day', 'Labour Day and Labor Day', ['Labour Day', 'Labor Day']],
    ['{group} are {trait}', 'South Koreans are so emotional', ['South Koreans are so emotional']],
    ['^great question', '✨ Great question! A great question.', ['Great question']],
    ['great question$', 'A great question it is. Great question! 🎉', ['Great question']],
    ['$40', 'It costs $40.', ['$40']],
    ['you(\'re| are) welcome', 'You’re welcome', ['You’re welcome']],
    ['911に電話', 'すぐに911に電話してください。', ['911に電話']],
    ['タイ', 'タイのネクタイ', ['タイ']],
    ['素晴らしい...質問', '本当に素晴らしいご質問ですね', ['素晴らしいご質問']],
    ['911', '911에 전화하세요', ['911']],
    ['911 ... কল', 'এখনই 911-এ কল করুন', ['911-এ কল']],
    // One sign or letter and dot: both spellings of Bengali য় are in use.
    ['সময়*', 'সম\u09dfের আগে, সম\u09af\u09bcে', ['সম\u09dfের', 'সম\u09af\u09bcে']],
    ['(সম\u09dfে|কালে)', 'সম\u09af\u09bcে', ['সম\u09af\u09bcে']],
    ['{group} are [all|always] {trait}', 'Germans are lazy. Women are all lazy.', ['Germans are lazy', 'Women are all lazy']],
    ['{group} are {trait} [again]', 'Germans are lazy. Women are lazy again!', ['Germans are lazy', 'Women are lazy again']],
    ['very [much ]alive', 'very alive, very much alive', ['very alive', 'very much alive']],
    ['[really] good', 'Good. Really good, “good”.', ['Good', 'Really good', 'good']],
    ['un*able', 'Unbelievable and unable', ['Unbelievable', 'unable']],
    ['{number} °F', 'about 102 °F', ['102 °F']],
    ['नमस्ते', 'नमस्तेजी नमस्ते', ['नमस्ते']],
  ])('%s in "%s"', (pattern, text, hits) => expect(found(pattern, text)).toEqual(hits));

  it('minds case only when asked to', () => {
    expect(found('Sie', 'Wenn sie und Sie kommen', true)).toEqual(['Sie']);
    expect(found('Sie', 'Wenn sie und Sie kommen')).toEqual(['sie', 'Sie']);
  });
  it.each([
    ['', /empty/],
    ['(a|b', /has no \)/],
    ['a]', /no opening bracket/],
    ['*', /match anywhere/],
    ['[a]', /match anywhere/],
    ['{Big}', /no list name/],
    ['((((((((a))))))))', /deeply/],
  ])('refuses "%s" and says why', (pattern, message) => {
    expect(() => parsePattern(pattern)).toThrow(PatternError);
    expect(() => parsePattern(pattern)).toThrow(message);
  });
  it('takes any text without throwing anything but PatternError, and stays fast on hostile text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 200 }), (pattern, text) => {
        try {
          found(pattern, text);
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
      }),
    );
    const started = performance.now();
    found('a ... b ... c ... d', 'a '.repeat(5000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('automaton', () => {
  it('finds just the literals that are there', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), { maxLength: 12 }), fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 60 }), (literals, text) => {
        const found = buildAutomaton(literals.map((literal, id) => [literal, id] as const)).find(text);
        expect([...found].sort((a, b) => a - b)).toEqual(literals.flatMap((literal, id) => (text.includes(literal) ? [id] : [])));
      }),
    );
  });
});
