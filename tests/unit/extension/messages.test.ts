import './fake-browser.ts';
import { describe, expect, it } from 'vitest';
import { backgroundRequestSchema, inferenceRequestSchema, pageRequestSchema, reviewReplySchema } from '../../../extension/messages.ts';
import { pageSnapshotSchema, panelCommandSchema } from '../../../extension/page-port.ts';
import { audienceSchema, localeSchema, MAX_ANSWER_LENGTH, reviewSchema } from '../../../extension/schemas.ts';
import { originPattern } from '../../../extension/sites.ts';
import { tabFromAddress } from '../../../extension/page-link.ts';
import { createLruCache } from '../../../extension/lru-cache.ts';
import { randomId, textKey } from '../../../extension/text-key.ts';
import { finding, job, review } from './samples.ts';

const request = { to: 'inference', type: 'review', id: 'a', visible: true, job };

describe('messages are taken only when they are what they say', () => {
  it('takes a review request and its reply as they are', () => {
    expect(inferenceRequestSchema.parse(request)).toEqual(request);
    expect(backgroundRequestSchema.parse({ to: 'background', type: 'inference', request })).toEqual({ to: 'background', type: 'inference', request });
    expect(reviewReplySchema.parse({ ok: true, review })).toEqual({ ok: true, review });
  });

  it.each([
    ['another addressee', { ...request, to: 'background' }],
    ['an unknown type', { ...request, type: 'run' }],
    ['no id', { ...request, id: '' }],
    ['an answer beyond all measure', { ...request, job: { ...job, answer: { text: 'x'.repeat(MAX_ANSWER_LENGTH + 1), blocks: [] } } }],
    ['a block that is no block', { ...request, job: { ...job, answer: { text: 'x', blocks: [{ kind: 'script', start: 0, end: 1, masks: [] }] } } }],
    ['an offset that is no offset', { ...request, job: { ...job, answer: { text: 'x', blocks: [{ kind: 'code', start: -1, end: 1.5, masks: [] }] } } }],
    ['a locale that is none', { ...request, job: { ...job, audience: { locale: '../../etc' } } }],
    ['a sensitivity that is none', { ...request, job: { ...job, sensitivity: 'loud' } }],
    ['nothing', undefined],
  ])('refuses %s', (_what, message) => {
    expect(inferenceRequestSchema.safeParse(message).success).toBe(false);
  });

  it.each([
    ['a confidence above 1', { ...finding, confidence: 1.2 }],
    ['an unknown kind', { ...finding, kind: 'tone.shouting' }],
    ['a severity of 0', { ...finding, severity: 0 }],
    ['evidence of no type', { ...finding, evidence: [{ type: 'hearsay' }] }],
  ])('refuses a review with %s', (_what, bad) => {
    expect(reviewSchema.safeParse({ ...review, findings: [bad] }).success).toBe(false);
  });

  it('drops what it does not know instead of passing it on', () => {
    expect(audienceSchema.parse({ locale: 'de-DE', secret: 1 })).toEqual({ locale: 'de-DE' });
  });

  it('knows the locales that packs have', () => {
    for (const locale of ['de-DE', 'es-419', 'zh-Hant-TW', 'sr-Latn', 'de']) expect(localeSchema.safeParse(locale).success, locale).toBe(true);
    for (const locale of ['DE', 'de_DE', 'de-de', '', 'english']) expect(localeSchema.safeParse(locale).success, locale).toBe(false);
  });

  it('takes only the two requests that pages know', () => {
    expect(pageRequestSchema.safeParse({ to: 'page', type: 'next-mark' }).success).toBe(true);
    expect(pageRequestSchema.safeParse({ to: 'page', type: 'eval', code: '1' }).success).toBe(false);
  });

  it('takes only known commands and whole snapshots over the port', () => {
    expect(panelCommandSchema.safeParse({ type: 'insert', text: 'x' }).success).toBe(true);
    expect(panelCommandSchema.safeParse({ type: 'send', text: 'x' }).success).toBe(false);
    expect(pageSnapshotSchema.safeParse({ host: 'x' }).success).toBe(false);
  });
});

describe('small helpers', () => {
  it('turn an address into a pattern for one origin, or say that it cannot be read', () => {
    expect(originPattern('https://chat.example.org:8443/c/1?q#h')).toBe('https://chat.example.org/*');
    expect(originPattern('http://192.168.1.4:3000/')).toBe('http://192.168.1.4/*');
    for (const url of ['chrome://settings', 'about:blank', 'file:///x', 'nonsense']) expect(originPattern(url)).toBeNull();
  });

  it('read the tab from an address', () => {
    expect(tabFromAddress('?tab=12')).toBe(12);
    expect(tabFromAddress('?tab=-1')).toBeNull();
    expect(tabFromAddress('')).toBeNull();
  });

  it('name texts: equal ones alike, others apart, and parts do not run together', () => {
    expect(textKey('a', 'b')).toBe(textKey('a', 'b'));
    expect(textKey('ab', 'c')).not.toBe(textKey('a', 'bc'));
    const keys = new Set(Array.from({ length: 20_000 }, (_, index) => textKey('rule', `quote ${index}`)));
    expect(keys.size).toBe(20_000);
    expect(randomId()).not.toBe(randomId());
  });

  it('forget the least recently used entry first', () => {
    const cache = createLruCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([1, undefined, 3, 2]);
  });
});
