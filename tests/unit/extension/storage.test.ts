import { fakeBrowser } from './fake-browser.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyChange, audienceFor, changeAudience, conversationKey, deleteData, dismissalKey, exportData, isWanted, readSettings, SETTING_NAMES, settings, unreadableSettings } from '../../../extension/storage.ts';
import { finding } from './samples.ts';

beforeEach(() => fakeBrowser.reset());

const EXAMPLES = join(import.meta.dirname, 'examples');

describe('stored settings', () => {
  // One example for each version of each setting that was ever released. Never change an old one: readers have it on their disks.
  const examples = readdirSync(EXAMPLES).map((file) => {
    const [, name, version] = /^(\w+)\.v(\d+)\.json$/.exec(file) ?? [];
    return { file, name: name as keyof typeof settings, version: Number(version) };
  });

  it('have an example for every version', () => {
    for (const name of SETTING_NAMES) {
      const versions = examples.filter((example) => example.name === name).map(({ version }) => version);
      expect(versions.sort(), name).toEqual(Array.from({ length: settings[name].version }, (_, index) => index + 1));
    }
  });

  it.each(examples)('are read from $file', ({ file, name, version }) => {
    const data: unknown = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8'));
    expect(settings[name].decode({ v: version, data }).state).toBe('ok');
  });

  it('say which of them could not be read', async () => {
    await fakeBrowser.storage.local.set({ muted: 'nonsense' });
    expect(await unreadableSettings()).toEqual([{ name: 'muted', reason: 'It is damaged.' }]);
    expect((await readSettings()).muted).toEqual([]);
  });

  it('are exported and deleted as a whole', async () => {
    await settings.sensitivity.update(() => 'quiet');
    expect(await exportData()).toContain('"quiet"');
    await deleteData();
    expect(await fakeBrowser.storage.local.get()).toEqual({});
    expect((await readSettings()).sensitivity).toBe('balanced');
  });
});

describe('what the reader changes', () => {
  const mute = { change: 'mute', rule: finding.rule, kind: finding.kind } as const;

  it('mutes a rule once, and takes it back', async () => {
    await applyChange({ ...mute, on: true });
    await applyChange({ ...mute, on: true });
    expect((await readSettings()).muted).toHaveLength(1);
    expect(isWanted(await readSettings(), finding)).toBe(false);
    await applyChange({ ...mute, on: false });
    expect(isWanted(await readSettings(), finding)).toBe(true);
  });

  it('dismisses these words under this rule only, however they are spaced', async () => {
    const { rule, kind, quote } = finding;
    await applyChange({ change: 'dismiss', key: dismissalKey(finding), rule, kind, quote, on: true });
    const now = await readSettings();
    expect(isWanted(now, finding)).toBe(false);
    expect(isWanted(now, { ...finding, quote: ` ${quote.replace(' ', '\n')} ` })).toBe(false);
    expect(isWanted(now, { ...finding, quote: 'something else' })).toBe(true);
    expect(isWanted(now, { ...finding, rule: 'another.rule' })).toBe(true);
  });

  it('keeps only the beginning of a dismissed quote', async () => {
    const quote = 'ж'.repeat(500);
    await applyChange({ change: 'dismiss', key: 'k', rule: 'r', kind: finding.kind, quote, on: true });
    expect((await readSettings()).dismissed[0]?.quote.length).toBeLessThanOrEqual(80);
  });

  it('switches a site off and on', async () => {
    await applyChange({ change: 'site', host: 'chat.example', on: false });
    expect((await readSettings()).sites.off).toEqual(['chat.example']);
    await applyChange({ change: 'site', host: 'chat.example', on: true });
    expect((await readSettings()).sites.off).toEqual([]);
  });
});

describe('whom an answer is for', () => {
  const profile = { locales: ['de-AT', 'tr-TR'], wishes: { address: 'informal' } } as const;
  const base = { profile: { locales: [...profile.locales], wishes: profile.wishes }, conversations: [] };
  const key = conversationKey('chat.example', 'abc');

  it('is nobody before the reader has said where they are at home', () => {
    expect(audienceFor({ profile: { locales: [], wishes: {} }, conversations: [] }, key)).toBeNull();
  });

  it('is the first locale with the wishes of the reader', () => {
    expect(audienceFor(base, key)).toEqual({ locale: 'de-AT', wishes: profile.wishes });
  });

  it('is what was chosen for the conversation; wishes are for answers to the reader only', () => {
    const conversations = [{ key, locale: 'ja-JP', situation: 'work' as const, at: 1 }];
    expect(audienceFor({ ...base, conversations }, key)).toEqual({ locale: 'ja-JP', situation: 'work' });
    expect(audienceFor({ ...base, conversations }, conversationKey('chat.example', 'other'))).toEqual({ locale: 'de-AT', wishes: profile.wishes });
  });

  it('is changed part by part, however fast; the default leaves no entry', async () => {
    await settings.profile.update(() => ({ locales: ['de-AT'], wishes: {} }));
    await Promise.all([changeAudience(key, { locale: 'ja-JP' }), changeAudience(key, { situation: 'work' })]);
    expect((await readSettings()).conversations).toMatchObject([{ key, locale: 'ja-JP', situation: 'work' }]);
    await Promise.all([changeAudience(key, { situation: undefined }), changeAudience(key, { locale: 'de-AT' })]);
    expect((await readSettings()).conversations).toEqual([]);
  });

  it('is stored without the address of the conversation', async () => {
    await applyChange({ change: 'conversation-audience', conversation: conversationKey('chat.example', 'secret-id'), audience: { locale: 'ja-JP' } });
    expect(await exportData()).not.toMatch(/secret-id|chat\.example/);
    await applyChange({ change: 'conversation-audience', conversation: conversationKey('chat.example', 'secret-id'), audience: null });
    expect((await readSettings()).conversations).toEqual([]);
  });
});
