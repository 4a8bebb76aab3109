/**
 * Everything Attune remembers, all of it in this browser (`storage.local`) and nowhere else. No answers are kept: the only text of a chat
 * that is stored is the beginning of a quote the reader dismissed, so that the list in the options can be understood and undone.
 */
import { storage } from '@wxt-dev/storage';
import * as z from 'zod/mini';
import { FINDING_KINDS, type Audience, type Finding, type Situation } from '../review/types.ts';
import { sensitivitySchema, type Sensitivity, type SettingsChange } from './messages.ts';
import { localeSchema, situationSchema, wishesSchema } from './schemas.ts';
import { defineSetting } from './setting.ts';
import { textKey } from './text-key.ts';

/** The reader: locales they are at home in (the first is the default audience) and what they wish for themselves. */
export const profileSchema = z.object({ locales: z.array(localeSchema).check(z.maxLength(20)), wishes: wishesSchema });
export type Profile = z.infer<typeof profileSchema>;

const mutedSchema = z.object({ rule: z.string(), kind: z.enum(FINDING_KINDS), at: z.number() });
export type MutedRule = z.infer<typeof mutedSchema>;

const dismissedSchema = z.object({ key: z.string(), rule: z.string(), kind: z.enum(FINDING_KINDS), quote: z.string(), at: z.number() });
export type DismissedFinding = z.infer<typeof dismissedSchema>;

const conversationSchema = z.object({ key: z.string(), locale: localeSchema, situation: z.exactOptional(situationSchema), at: z.number() });
export type ConversationAudience = z.infer<typeof conversationSchema>;

/** Sites where Attune is switched off, and further origins the reader switched it on for. */
const sitesSchema = z.object({ off: z.array(z.string()), extra: z.array(z.string()) });
export type SiteSwitches = z.infer<typeof sitesSchema>;

export const settings = {
  profile: defineSetting<Profile>({ key: 'local:profile', version: 1, schema: profileSchema, fallback: { locales: [], wishes: {} } }),
  sites: defineSetting<SiteSwitches>({ key: 'local:sites', version: 1, schema: sitesSchema, fallback: { off: [], extra: [] } }),
  sensitivity: defineSetting<Sensitivity>({ key: 'local:sensitivity', version: 1, schema: sensitivitySchema, fallback: 'balanced' }),
  muted: defineSetting<MutedRule[]>({ key: 'local:muted', version: 1, schema: z.array(mutedSchema), fallback: [] }),
  dismissed: defineSetting<DismissedFinding[]>({ key: 'local:dismissed', version: 1, schema: z.array(dismissedSchema), fallback: [] }),
  conversations: defineSetting<ConversationAudience[]>({ key: 'local:conversations', version: 1, schema: z.array(conversationSchema), fallback: [] }),
} as const;

export type SettingName = keyof typeof settings;
export const SETTING_NAMES = Object.keys(settings) as SettingName[];

const MAX_DISMISSED = 1_000;
const MAX_CONVERSATIONS = 500;
const MAX_STORED_QUOTE = 80;

/** The name under which a dismissal is remembered: this rule on these words, wherever they come up again. */
export function dismissalKey(finding: Pick<Finding, 'rule' | 'quote'>): string {
  return textKey(finding.rule, finding.quote.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase());
}

/**
 * The name under which a conversation's audience is remembered; the address itself is not stored.
 * Conversations without a name (new, temporary, or on a site that names none) share one per host.
 */
export function conversationKey(host: string, conversation: string | null): string {
  return textKey(host, conversation ?? '');
}

/** Makes one change that a page asked for. */
export async function applyChange(change: SettingsChange, now = Date.now()): Promise<void> {
  switch (change.change) {
    case 'mute':
      await settings.muted.update((rules) => {
        const others = rules.filter(({ rule }) => rule !== change.rule);
        return change.on ? [...others, { rule: change.rule, kind: change.kind, at: now }] : others;
      });
      return;
    case 'dismiss':
      await settings.dismissed.update((list) => {
        const others = list.filter(({ key }) => key !== change.key);
        if (!change.on) return others;
        const { key, rule, kind, quote } = change;
        return [...others, { key, rule, kind, quote: shorten(quote), at: now }].slice(-MAX_DISMISSED);
      });
      return;
    case 'conversation-audience':
      await settings.conversations.update((list) => {
        const others = list.filter(({ key }) => key !== change.conversation);
        if (!change.audience) return others;
        return [...others, { key: change.conversation, ...change.audience, at: now }].slice(-MAX_CONVERSATIONS);
      });
      return;
    case 'site':
      await settings.sites.update((sites) => {
        const off = sites.off.filter((host) => host !== change.host);
        return { ...sites, off: change.on ? off : [...off, change.host] };
      });
      return;
  }
}

function shorten(quote: string): string {
  const characters = [...quote];
  return characters.length <= MAX_STORED_QUOTE ? quote : `${characters.slice(0, MAX_STORED_QUOTE - 1).join('')}…`;
}

/**
 * Changes one part of a conversation's audience and leaves the other as it is stored, not as some page last saw it.
 * What the reader's first locale gives anyway needs no entry.
 */
export async function changeAudience(conversation: string, part: { readonly locale: string } | { readonly situation: Situation | undefined }, now = Date.now()): Promise<void> {
  const own = (await settings.profile.get()).locales[0];
  await settings.conversations.update((list) => {
    const others = list.filter(({ key }) => key !== conversation);
    const before = list.find(({ key }) => key === conversation);
    const locale = 'locale' in part ? part.locale : (before?.locale ?? own);
    const situation = 'situation' in part ? part.situation : before?.situation;
    if (locale === undefined || (locale === own && situation === undefined)) return others;
    return [...others, { key: conversation, locale, ...(situation ? { situation } : {}), at: now }].slice(-MAX_CONVERSATIONS);
  });
}

/** A picture of all settings at one moment; the page works with this and is handed a new one on every change. */
export interface Settings {
  readonly profile: Profile;
  readonly sites: SiteSwitches;
  readonly sensitivity: Sensitivity;
  readonly muted: readonly MutedRule[];
  readonly dismissed: readonly DismissedFinding[];
  readonly conversations: readonly ConversationAudience[];
}

export async function readSettings(): Promise<Settings> {
  const [profile, sites, sensitivity, muted, dismissed, conversations] = await Promise.all([
    settings.profile.get(),
    settings.sites.get(),
    settings.sensitivity.get(),
    settings.muted.get(),
    settings.dismissed.get(),
    settings.conversations.get(),
  ]);
  return { profile, sites, sensitivity, muted, dismissed, conversations };
}

/** Calls back with the whole picture after any change. Returns a function that stops it. */
export function watchSettings(listener: (settings: Settings) => void): () => void {
  const stops = SETTING_NAMES.map((name) => {
    const watch = settings[name].watch as (listener: () => void) => () => void;
    return watch(() => void readSettings().then(listener, () => undefined));
  });
  return () => stops.forEach((stop) => stop());
}

/** Which settings could not be read, and why; for a notice, not for logic. */
export async function unreadableSettings(): Promise<{ name: SettingName; reason: string }[]> {
  const all = await Promise.all(SETTING_NAMES.map(async (name) => ({ name, decoded: await settings[name].read() })));
  return all.flatMap(({ name, decoded }) => (decoded.state === 'unreadable' ? [{ name, reason: decoded.reason }] : []));
}

/** All stored data as JSON, for the reader's own use. */
export async function exportData(): Promise<string> {
  return JSON.stringify({ exported: new Date().toISOString(), data: await storage.snapshot('local') }, null, 2);
}

/** Deletes everything Attune has stored in this browser. */
export async function deleteData(): Promise<void> {
  await storage.clear('local');
  await storage.clear('session').catch(() => undefined);
}

/** Whom an answer in this conversation is for: the conversation's own choice, else the profile's first locale, else nobody we know. */
export function audienceFor(settings: Pick<Settings, 'profile' | 'conversations'>, conversation: string | null): Audience | null {
  const chosen = conversation === null ? undefined : settings.conversations.find(({ key }) => key === conversation);
  const own = settings.profile.locales[0];
  const locale = chosen?.locale ?? own;
  if (locale === undefined) return null;
  return {
    locale,
    ...(chosen?.situation ? { situation: chosen.situation } : {}),
    // The reader's wishes are about answers to the reader; for others the pack alone speaks.
    ...(settings.profile.locales.includes(locale) ? { wishes: settings.profile.wishes } : {}),
  };
}

/** Whether the reader wants to see this finding at all. */
export function isWanted(settings: Pick<Settings, 'muted' | 'dismissed'>, finding: Finding): boolean {
  if (settings.muted.some(({ rule }) => rule === finding.rule)) return false;
  if (settings.dismissed.length === 0) return true;
  const key = dismissalKey(finding);
  return !settings.dismissed.some((dismissed) => dismissed.key === key);
}
