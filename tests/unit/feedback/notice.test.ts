import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NOTICE_LANGUAGES, noticeLanguage, noticeParts, renderNotice } from '../../../feedback/notice/notice.ts';
import { noticeText } from '../../../feedback/schema/api.ts';
import { PURPOSES } from '../../../feedback/schema/taxonomy.ts';
import { SAMPLE_DRIVE } from './drive-sample.ts';

const LOCALES = join(import.meta.dirname, '../../../locales');

/** Where each text differs from the English one: missing or additional keys, and other `{places}`. */
function shape(value: unknown): unknown {
  if (typeof value === 'string') return (value.match(/\{\w+\}/g) ?? []).sort();
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, shape(inner)]));
}
const texts = (language: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, `../../../feedback/notice/texts/${language}.json`), 'utf8'));

it('is written in every language of the pages', () => {
  const pages = readdirSync(LOCALES).map((file) => (JSON.parse(readFileSync(join(LOCALES, file), 'utf8')) as { language: { code: string } }).language.code);
  expect([...NOTICE_LANGUAGES].sort()).toEqual(pages.sort());
});

describe.each(NOTICE_LANGUAGES)('in %s', (language) => {
  const notice = renderNotice(SAMPLE_DRIVE, language);

  it('says what the English one says, with the same facts', () => {
    expect(shape(texts(language))).toEqual(shape(texts('en')));
  });

  it('names controller, contact, law, retention, storage and age, and leaves no place empty', () => {
    const { controller, retentionDays, storageLocation, minimumAge, title } = SAMPLE_DRIVE;
    for (const fact of [title, ...Object.values(controller), String(retentionDays), storageLocation, String(minimumAge)]) expect(notice.text).toContain(fact);
    expect(notice.text).not.toMatch(/[{}]/);
  });

  it('explains every purpose by itself', () => {
    const explained = noticeParts(SAMPLE_DRIVE, language).parts.flatMap(({ topic }) => (typeof topic === 'object' ? [topic.purpose] : []));
    expect(explained).toEqual([...PURPOSES]);
  });

  it('is named by the hash of its bytes', () => {
    expect(noticeText.parse(notice)).toEqual(notice);
    expect(notice.sha256).toBe(createHash('sha256').update(notice.text, 'utf8').digest('hex'));
    expect(renderNotice(structuredClone(SAMPLE_DRIVE), language)).toEqual(notice);
  });
});

it('keeps the bytes of a published version: change NOTICE_VERSION when this fails', () => {
  const all = NOTICE_LANGUAGES.map((language) => renderNotice(SAMPLE_DRIVE, language).sha256).join('\n');
  expect(createHash('sha256').update(all).digest('hex')).toMatchInlineSnapshot(`"0f5f39b18c5cc9257dbba5e8f1758c5ae005cdb54026df047dfdd4bf3a86baeb"`);
});

it('leaves out what a drive does not ask for, whatever the order it names the rest in', () => {
  const few = renderNotice({ ...SAMPLE_DRIVE, purposes: ['publish-labels', 'evaluate'] }, 'en');
  expect(few.text).toContain('Publish my judgements');
  expect(few.text).not.toContain('Questions later');
  expect(renderNotice({ ...SAMPLE_DRIVE, purposes: ['evaluate', 'publish-labels'] }, 'en').sha256).toBe(few.sha256);
});

it('does not let a drive write paragraphs of its own', () => {
  const { text } = renderNotice({ ...SAMPLE_DRIVE, storageLocation: 'Here.\n\nYour rights\nNone.\u2028\u202E' }, 'en');
  expect(text).toContain('Place of storage: Here. Your rights None.');
  expect(text.match(/^Your rights$/gm)).toHaveLength(1);
  const titled = noticeParts({ ...SAMPLE_DRIVE, title: '{age}', controller: { ...SAMPLE_DRIVE.controller, name: '{contact}' } }, 'en');
  expect(titled.title).toBe('Before you give feedback: {age}');
});

it.each([
  ['de-AT', 'de'],
  ['pt', 'pt-BR'],
  ['pt_PT', 'pt-BR'],
  ['zh-TW', 'zh-CN'],
  ['PT-br', 'pt-BR'],
  ['fi', 'en'],
  ['', 'en'],
])('serves a reader of %j in %s', (language, served) => {
  expect(noticeLanguage(language)).toBe(served);
});
