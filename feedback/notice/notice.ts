/**
 * The notice: what a person is told before they agree. Its exact text is named by its hash in every consent, so the same
 * drive and language must give the same bytes in the extension and in the collector, today and in a year. Change a word
 * of a published version only together with `NOTICE_VERSION`: everyone is then asked again.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DriveInfo, NoticeText } from '../schema/api.ts';
import { PURPOSES, type Purpose } from '../schema/taxonomy.ts';
import ar from './texts/ar.json' with { type: 'json' };
import de from './texts/de.json' with { type: 'json' };
import en from './texts/en.json' with { type: 'json' };
import es from './texts/es.json' with { type: 'json' };
import fr from './texts/fr.json' with { type: 'json' };
import hi from './texts/hi.json' with { type: 'json' };
import it from './texts/it.json' with { type: 'json' };
import ja from './texts/ja.json' with { type: 'json' };
import ko from './texts/ko.json' with { type: 'json' };
import ptBR from './texts/pt-BR.json' with { type: 'json' };
import tr from './texts/tr.json' with { type: 'json' };
import zhCN from './texts/zh-CN.json' with { type: 'json' };

export const NOTICE_VERSION = '1.0.0';

type Texts = typeof en;
const TEXTS = { ar, de, en, es, fr, hi, it, ja, ko, 'pt-BR': ptBR, tr, 'zh-CN': zhCN } as const satisfies Record<string, Texts>;

/** The languages that the notice is written in: those of the extension's own pages. */
export const NOTICE_LANGUAGES = Object.keys(TEXTS) as readonly NoticeLanguage[];
export type NoticeLanguage = keyof typeof TEXTS;

/** The language of the notice for somebody who reads `language`: `pt` and `pt-PT` get `pt-BR`, unknown ones English. */
export function noticeLanguage(language: string): NoticeLanguage {
  const wanted = language.replaceAll('_', '-').toLowerCase();
  const base = wanted.split('-')[0]!;
  return NOTICE_LANGUAGES.find((own) => own.toLowerCase() === wanted) ?? NOTICE_LANGUAGES.find((own) => own.split('-')[0] === base) ?? 'en';
}

/** What a part of the notice is about: `purpose` parts carry the tick of that purpose. */
export type NoticeTopic = 'lead' | 'sent' | 'purposes' | 'controller' | 'retention' | 'withdrawal' | 'rights' | 'age' | { readonly purpose: Purpose };
export interface NoticePart {
  readonly topic: NoticeTopic;
  readonly heading: string | null;
  readonly paragraphs: readonly string[];
}
export interface NoticeParts {
  readonly title: string;
  readonly parts: readonly NoticePart[];
}

/**
 * The notice in parts, for a page that sets it out. `renderNotice` joins exactly these.
 * @param info the drive's own facts; line breaks and invisible characters in them cannot pose as text of the notice
 * @param language any BCP-47 tag; see {@link noticeLanguage}
 */
export function noticeParts(info: DriveInfo, language: string): NoticeParts {
  const texts = TEXTS[noticeLanguage(language)];
  const { sent, purposes, controller, retention, withdrawal, rights, age } = texts;
  const fact = (text: string, values: Readonly<Record<string, string | number>>): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? oneLine(String(values[name])) : whole));
  // In the order of the taxonomy, so that a drive's own order changes nothing.
  const asked = PURPOSES.filter((purpose) => info.purposes.includes(purpose));
  return {
    title: fact(texts.title, { drive: info.title }),
    parts: [
      { topic: 'lead', heading: null, paragraphs: [texts.lead] },
      { topic: 'sent', heading: sent.heading, paragraphs: [sent.text, sent.never] },
      { topic: 'purposes', heading: purposes.heading, paragraphs: [purposes.text] },
      ...asked.map((purpose): NoticePart => ({ topic: { purpose }, heading: purposes[purpose].label, paragraphs: [purposes[purpose].text] })),
      { topic: 'controller', heading: controller.heading, paragraphs: [fact(controller.text, info.controller)] },
      { topic: 'retention', heading: retention.heading, paragraphs: [fact(retention.text, { days: info.retentionDays, storage: info.storageLocation }), retention.proof] },
      { topic: 'withdrawal', heading: withdrawal.heading, paragraphs: [withdrawal.text, withdrawal.limits, withdrawal.key] },
      { topic: 'rights', heading: rights.heading, paragraphs: [rights.text] },
      { topic: 'age', heading: age.heading, paragraphs: [fact(age.text, { age: info.minimumAge })] },
    ],
  };
}

/** The notice as one text, with the SHA-256 of its UTF-8 bytes. Equal drives and languages give equal bytes. */
export function renderNotice(info: DriveInfo, language: string): NoticeText {
  const { title, parts } = noticeParts(info, language);
  const text = `${[title, ...parts.map(({ heading, paragraphs }) => [...(heading === null ? [] : [heading]), ...paragraphs].join('\n'))].join('\n\n')}\n`;
  return { version: NOTICE_VERSION, language: noticeLanguage(language), text, sha256: bytesToHex(sha256(utf8ToBytes(text))) };
}

/** A drive's own words on one line, without control and direction characters. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\p{Cf}/gu, '').trim();
}
