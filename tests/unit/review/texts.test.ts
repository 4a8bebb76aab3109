import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followUpPrompt } from '../../../review/explain/follow-up.ts';
import { followUpTexts, pick, regionName, say, TEXT_LANGUAGES, textLanguage } from '../../../review/explain/texts.ts';
import { FINDING_KINDS, type Finding } from '../../../review/types.ts';

const FOLDER = new URL('../../../review/explain/texts/', import.meta.url);
const UI_LANGUAGES = readdirSync(new URL('../../../locales/', import.meta.url)).map((file) => file.replace(/\.json$/, ''));

type Texts = Record<'findings' | 'followUp', Record<string, string>>;
const read = (language: string) => JSON.parse(readFileSync(new URL(`${language}.json`, FOLDER), 'utf8')) as Texts;
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([whole]) => whole).sort();
const shape = ({ findings, followUp }: Texts) =>
  Object.fromEntries(Object.entries({ ...findings, ...followUp }).map(([key, text]) => [key, placeholders(text)]));

const finding = (quote: string, kind: Finding['kind'] = 'tone.blunt') => ({ kind, quote }) as Finding;

describe('texts', () => {
  it('are all registered', () => {
    expect(readdirSync(FOLDER).map((file) => file.replace(/\.json$/, '')).sort()).toEqual([...TEXT_LANGUAGES].sort());
  });

  describe.each(TEXT_LANGUAGES)('in %s', (language) => {
    const texts = read(language);
    it('have the keys and placeholders of the English ones', () => expect(shape(texts)).toEqual(shape(read('en'))));
    it('have a follow-up for every kind of finding', () => {
      expect(Object.keys(followUpTexts(language)).sort()).toEqual(['frame', ...FINDING_KINDS].sort());
    });
    it('are not empty, nor padded', () => {
      for (const text of [...Object.values(texts.findings), ...Object.values(texts.followUp)]) expect(text).toMatch(/^\S(.*\S)?$/u);
    });
    it('quote before they ask, so that the chatbot knows what is meant', () => {
      expect(texts.followUp['frame']).toMatch(/\{quote\}.*\{ask\}/u);
    });
  });

  it.each(UI_LANGUAGES)('serve the UI language %s', (language) => {
    for (const written of [language, language.replace('_', '-')]) {
      expect(textLanguage(written)).toBe(language.slice(0, 2));
      expect(say(written, 'idiom.suggestion')).toBe(read(language.slice(0, 2)).findings['idiom.suggestion']);
    }
  });

  it('are English where there are none, and when the language is not known', () => {
    for (const language of ['nl', 'und', '', 'constructor']) expect(textLanguage(language)).toBe('en');
  });

  it('are picked by the whole tag first', () => {
    const localised = { en: 'colour', pt: 'cor', 'zh-Hant': '顏色', zh: '颜色' };
    expect(['pt-BR', 'pt_BR', 'zh-Hant', 'zh-CN', 'nl'].map((language) => pick(localised, language))).toEqual(['cor', 'cor', '顏色', '颜色', 'colour']);
  });

  it('name regions in any way a language is written', () => {
    expect(regionName('DE', 'pt_BR')).toBe('Alemanha');
    expect(regionName('US', 'en')).toBe('the United States');
  });
});

describe('followUpPrompt', () => {
  /** Quotes as pages have them, and as a hostile page might. */
  const anyQuote = fc.string({
    unit: fc.oneof(
      fc.constantFrom('{quote}', '{ask}', '{audience}', '{', '}', '$&', '$1', ' ', '\n', '\t', '\u00A0', '“', '”', '«', '」', '👩‍👩‍👧', '😀', 'word ', '日本語', 'مرحبا'),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    ),
    maxLength: 250,
  });

  it('repeats the quote as it is, and fills in all of its own places', () => {
    fc.assert(
      fc.property(
        anyQuote,
        fc.constantFrom(...FINDING_KINDS),
        fc.constantFrom(...TEXT_LANGUAGES, 'pt-BR', 'zh-CN', 'nl', 'und'),
        fc.constantFrom('de-DE', 'en-US', 'ja-JP', 'ko-KR', 'pt-BR', 'zh-Hant-TW'),
        (quote, kind, language, audience) => {
          const prompt = followUpPrompt(finding(quote, kind), language, audience);
          const said = quote.replace(/\s+/g, ' ').trim();
          const start = followUpTexts(language).frame.indexOf('{quote}');
          // What fits is there whole; of the rest at least nearly 300 units, as no character and no trailing space is left halved.
          const kept = said.length <= 300 ? said : said.slice(0, 299).trimEnd();
          expect(prompt.slice(start)).toSatisfy((rest: string) => rest.startsWith(kept));
          expect(prompt).not.toMatch(/[\r\n]/);

          const end = said.length <= 300 ? start + said.length : prompt.indexOf('…', start + kept.length) + 1;
          expect(end - start).toBeLessThanOrEqual(301);
          expect(prompt.slice(0, start) + prompt.slice(end)).not.toMatch(/\{\w+\}/);
        },
      ),
    );
  });

  it('cuts a long quote, but no character in two', () => {
    expect(followUpPrompt(finding('a'.repeat(301)), 'en', 'en-US')).toContain(`“${'a'.repeat(300)}…”`);
    expect(followUpPrompt(finding(`${'a'.repeat(299)}😀`), 'en', 'en-US')).toContain(`“${'a'.repeat(299)}…”`);
    // Space that is not repeated does not count.
    expect(followUpPrompt(finding(`${'a'.repeat(200)}${' \n'.repeat(100)}b`), 'en', 'en-US')).toContain(`“${'a'.repeat(200)} b”`);
  });

  it('names the place in the language that it speaks', () => {
    expect(followUpPrompt(finding('call 911', 'assumption.institution'), 'nl', 'de-DE')).toContain('I am in Germany');
    expect(followUpPrompt(finding('119', 'assumption.institution'), 'zh-CN', 'de-DE')).toContain('我在德国');
  });
});
