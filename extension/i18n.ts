/**
 * UI strings. They live in `locales/<language>.json` (nested, `{name}` placeholders) and reach the browser's own message files through
 * `@wxt-dev/i18n`. Plurals go by `Intl.PluralRules`, with one entry for each category of the language (Arabic has six),
 * which the browser's messages and that module do not know.
 */
import { browser } from 'wxt/browser';
import type en from '../locales/en.json';

type Leaf<T, Prefix extends string> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : T[K] extends { other: string } ? never : Leaf<T[K], `${Prefix}${K}.`>;
}[keyof T & string];
type Plural<T, Prefix extends string> = {
  [K in keyof T & string]: T[K] extends string ? never : T[K] extends { other: string } ? `${Prefix}${K}` : Plural<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** Keys of plain messages, as dotted paths into `locales/en.json`. */
export type MessageKey = Leaf<typeof en, ''>;
/** Keys of messages that depend on a count. */
export type PluralKey = Plural<typeof en, ''>;
export type Values = Readonly<Record<string, string | number>>;

/** Where messages come from; tests put their own in. */
export interface MessageSource {
  readonly language: string;
  get(key: string): string;
}

const fromBrowser: MessageSource = {
  get language() {
    return browser.i18n.getUILanguage();
  },
  get: (key) => browser.i18n.getMessage(key.replaceAll('.', '_') as never),
};

let source: MessageSource = fromBrowser;

export function setMessageSource(other: MessageSource): void {
  source = other;
}

/**
 * The language the messages are really in: the browser's UI language if we have it, else the default.
 * `language.code` is a message of its own, so the browser's fallback decides and we need not repeat it.
 */
export function uiLanguage(): string {
  return source.get('language.code') || 'en';
}

export function uiDirection(): 'ltr' | 'rtl' {
  return source.get('language.direction') === 'rtl' ? 'rtl' : 'ltr';
}

/** One message with its `{name}` placeholders filled in. Numbers are written as the UI language writes them. */
export function message(key: MessageKey, values: Values = {}): string {
  return fill(source.get(key) || key, values);
}

/** A message that depends on a count; `{count}` is filled in. */
export function plural(key: PluralKey, count: number, values: Values = {}): string {
  const category = new Intl.PluralRules(uiLanguage()).select(count);
  const text = source.get(`${key}.${category}`) || source.get(`${key}.other`) || key;
  return fill(text, { count, ...values });
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(uiLanguage()).format(value) : value;
  });
}
