/** The background script: it routes, and keeps nothing in memory that matters, because it may be stopped at any moment. */
import { browser } from 'wxt/browser';
import { message } from '../i18n.ts';
import { backgroundRequestSchema, TAKEN, type BackgroundRequest, type PageRequest, type SettingsReply } from '../messages.ts';
import { openPanel, setPanelOpener } from '../panel.ts';
import { registerExtraSites } from '../sites.ts';
import { missedSubject } from '../feedback/subject.ts';
import { applyChange, audienceFor, readSettings, settings } from '../storage.ts';
import { guessLocales } from '../locales.ts';
import { HAS_COMMUNITY } from '../feedback/built.ts';
import { keepSubject } from '../feedback/session.ts';
import type { Subject } from '../../feedback/record/record.ts';
import { startCourier, type Courier } from './courier.ts';
import type { InferenceRoute } from './inference-route.ts';

const SELECTION_MENU = 'review-selection';
const MISSED_MENU = 'missed';
const SELECTION_SCRIPT = '/content-scripts/selection.js';
const SELECTION_STYLES = '/content-scripts/selection.css';
const BADGE_COLOUR = '#0b6b66';
const DRIFT_COLOUR = '#8a5a00';

export function startBackground(inference: InferenceRoute): void {
  setPanelOpener();
  const courier = HAS_COMMUNITY ? startCourier() : null;

  browser.runtime.onMessage.addListener((raw: unknown, sender, sendResponse) => {
    if (sender.id !== browser.runtime.id) return undefined;
    const parsed = backgroundRequestSchema.safeParse(raw);
    if (!parsed.success) {
      if (isForBackground(raw)) sendResponse({ ok: false, code: 'invalid', message: parsed.error.issues[0]?.message ?? 'unreadable message' });
      return undefined;
    }
    return handle(parsed.data, sender.tab, { inference, courier }, sendResponse);
  });

  browser.runtime.onInstalled.addListener(({ reason }) => {
    void createMenus();
    void registerExtraSites();
    if (reason === 'install') void welcome();
  });
  browser.runtime.onStartup.addListener(() => void createMenus());

  browser.contextMenus.onClicked.addListener((info, tab) => {
    if (tab?.id === undefined) return;
    if (info.menuItemId === SELECTION_MENU) void reviewSelection(tab.id, info.frameId ?? 0);
    if (info.menuItemId === MISSED_MENU) void missed(tab, info.selectionText ?? '', info.frameId ?? 0);
  });

  browser.commands.onCommand.addListener((command, tab) => {
    if (command === 'next-mark') void nextMark(tab?.id);
  });
}

interface Parts {
  readonly inference: InferenceRoute;
  readonly courier: Courier | null;
}
type Tab = NonNullable<Parameters<Parameters<typeof browser.contextMenus.onClicked.addListener>[0]>[1]>;

function isForBackground(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && 'to' in raw && raw.to === 'background';
}

/** Returns `true` when the answer comes later, as `runtime.onMessage` wants it. */
function handle(request: BackgroundRequest, tab: Tab | undefined, { inference, courier }: Parts, respond: (reply: unknown) => void): true | undefined {
  const tabId = tab?.id;
  switch (request.type) {
    case 'inference':
      void inference.forward(request.request).then(respond);
      return true;
    case 'settings':
      void applyChange(request.change).then(
        () => respond({ ok: true } satisfies SettingsReply),
        (error: unknown) => respond({ ok: false, message: error instanceof Error ? error.message : String(error) } satisfies SettingsReply),
      );
      return true;
    case 'marks':
      if (tabId !== undefined) void showCount(tabId, request.count, request.drift);
      return undefined;
    case 'open-panel':
      if (tabId !== undefined) void openPanel(tabId);
      return undefined;
    case 'feedback':
      if (courier === null) return undefined;
      void openFeedbackPage(request.subject, tab?.index).then(
        () => respond({ ok: true } satisfies SettingsReply),
        (error: unknown) => respond({ ok: false, message: error instanceof Error ? error.message : String(error) } satisfies SettingsReply),
      );
      return true;
    case 'outbox':
      courier?.send();
      return undefined;
  }
}

/** A page of the extension's own origin, beside the chat: what is typed there no web page can see. */
async function openFeedbackPage(subject: Subject, index: number | undefined): Promise<void> {
  const id = await keepSubject(subject);
  await browser.tabs.create({ url: browser.runtime.getURL(`/feedback.html#${id}`), ...(index === undefined ? {} : { index: index + 1 }) });
}

/** A chat page knows the answer around the selection. On any other page there is just the selection. */
async function missed(tab: Tab, text: string, frameId: number): Promise<void> {
  if (tab.id === undefined || (await tell(tab.id, { to: 'page', type: 'missed' }, frameId))) return;
  const audience = audienceFor(await readSettings(), null);
  const words = text.trim();
  if (audience === null || words === '') return;
  await openFeedbackPage(missedSubject({ start: 0, end: words.length }, { answer: words, language: 'und', audience, site: null }), tab.index);
}

async function showCount(tabId: number, count: number, drift: boolean): Promise<void> {
  try {
    await browser.action.setBadgeBackgroundColor({ tabId, color: drift ? DRIFT_COLOUR : BADGE_COLOUR });
    await browser.action.setBadgeText({ tabId, text: count > 0 ? String(count) : drift ? '!' : '' });
  } catch {
    // The tab was closed in the meantime.
  }
}

async function createMenus(): Promise<void> {
  await browser.contextMenus.removeAll();
  browser.contextMenus.create({ id: SELECTION_MENU, title: message('menu.reviewSelection'), contexts: ['selection'] });
  if (HAS_COMMUNITY) browser.contextMenus.create({ id: MISSED_MENU, title: message('menu.missed'), contexts: ['selection'] });
}

async function welcome(): Promise<void> {
  const { locales } = await settings.profile.get();
  if (locales.length === 0) {
    // A first guess, so that Attune works even if the welcome page is closed unread; it is shown and changed there.
    const guessed = guessLocales(await browser.i18n.getAcceptLanguages());
    await settings.profile.update((profile) => (profile.locales.length > 0 ? profile : { ...profile, locales: guessed }));
  }
  await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
}

async function tell(tabId: number, request: PageRequest, frameId = 0): Promise<boolean> {
  try {
    return (await browser.tabs.sendMessage(tabId, request, { frameId })) === TAKEN;
  } catch {
    return false;
  }
}

/** A chat page reviews its selection itself; on any other page a script is put in for this one click (`activeTab`). */
async function reviewSelection(tabId: number, frameId: number): Promise<void> {
  if (await tell(tabId, { to: 'page', type: 'review-selection' }, frameId)) return;
  const target = { tabId, frameIds: [frameId] };
  try {
    await browser.scripting.insertCSS({ target, files: [SELECTION_STYLES] });
    await browser.scripting.executeScript({ target, files: [SELECTION_SCRIPT] });
  } catch (error) {
    // Browser pages and the extension stores allow no scripts at all.
    console.warn('Attune cannot read this page:', error);
  }
}

async function nextMark(tabId: number | undefined): Promise<void> {
  const id = tabId ?? (await browser.tabs.query({ active: true, lastFocusedWindow: true }))[0]?.id;
  if (id !== undefined) await tell(id, { to: 'page', type: 'next-mark' });
}
