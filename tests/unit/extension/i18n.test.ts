import './fake-browser.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { message, plural, setMessageSource, uiDirection, uiLanguage } from '../../../extension/i18n.ts';
import { guessLocales, localeName, regionName } from '../../../extension/locales.ts';

function use(language: string, texts: Record<string, string>): void {
  const all: Record<string, string> = { 'language.code': language, 'language.direction': language === 'ar' ? 'rtl' : 'ltr', ...texts };
  setMessageSource({ language, get: (key) => all[key] ?? '' });
}

describe('messages', () => {
  beforeEach(() => use('en', { 'popover.position': '{index} of {total}', 'badge.marks.one': '{count} mark', 'badge.marks.other': '{count} marks' }));

  it('fill in their placeholders; unknown ones stay', () => {
    expect(message('popover.position', { index: 2, total: '{index}' })).toBe('2 of {index}');
    expect(message('popover.position', { index: 1 })).toBe('1 of {total}');
  });

  it('count as English does', () => {
    expect(plural('badge.marks', 1)).toBe('1 mark');
    expect(plural('badge.marks', 0)).toBe('0 marks');
    expect(plural('badge.marks', 1234)).toBe('1,234 marks');
  });

  it('count as Arabic does, which has six forms', () => {
    use('ar', { 'badge.marks.two': 'علامتان', 'badge.marks.few': '{count} علامات', 'badge.marks.other': '{count} علامة' });
    expect(plural('badge.marks', 2)).toBe('علامتان');
    expect(plural('badge.marks', 3)).toMatch(/علامات$/);
    expect(plural('badge.marks', 100)).toMatch(/علامة$/);
    expect(uiDirection()).toBe('rtl');
    expect(uiLanguage()).toBe('ar');
  });

  it('show their key when they are missing, so that the fault is seen', () => {
    expect(message('common.close')).toBe('common.close');
  });
});

describe('locales', () => {
  it.each([
    [['de'], ['de-DE']],
    [['de-AT', 'de', 'en'], ['de-AT', 'en-US']],
    [['pt-BR', 'pt', 'en-US', 'en'], ['pt-BR', 'en-US']],
    [['zh-Hant-TW'], ['zh-TW']],
    [['not a tag', 'fr-CH'], ['fr-CH']],
    [[], []],
  ])('are guessed from the browser: %j → %j', (languages, guess) => {
    expect(guessLocales(languages)).toEqual(guess);
  });

  it('are named place first, in the language of the UI', () => {
    expect(localeName('de-AT', 'en')).toBe('Austria (German)');
    expect(localeName('ja-JP', 'de')).toBe('Japan (Japanisch)');
    expect(localeName('no such thing', 'en')).toBe('no such thing');
    expect(regionName('en-US', 'en')).toBe('the United States');
    expect(regionName('xx', 'en')).toBe('xx');
  });
});
