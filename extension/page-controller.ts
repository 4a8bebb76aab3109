/**
 * One chat page's Attune: starts and stops the chat session as the reader switches it, feeds the marks' UI, and answers the popup and
 * the side panel. Everything is torn down by one signal.
 */
import { browser } from 'wxt/browser';
import { startChatSession, type AnswerView, type ChatSession } from '../chat/session.ts';
import { siteWhenReady } from '../chat/site.ts';
import type { Site } from '../chat/sites/index.ts';
import type { Audience } from '../review/types.ts';
import { backgroundInference, changeSettings, reportMarks } from './background-client.ts';
import { message, plural } from './i18n.ts';
import { InferenceError } from './inference-client.ts';
import { MarkUi } from './mark-ui.ts';
import { pageRequestSchema, TAKEN, type SettingsChange } from './messages.ts';
import type { PageSnapshot, PanelCommand } from './page-port.ts';
import { servePagePort, type PagePort } from './page-port-server.ts';
import { findMark, panelAnswers, panelFinding } from './page-snapshot.ts';
import { createProvider } from './provider.ts';
import { SELECTION_KEY, SelectionReview } from './selection-review.ts';
import { audienceFor, conversationKey, isWanted, readSettings, watchSettings, type Settings } from './storage.ts';

export async function startPage(signal: AbortSignal): Promise<void> {
  const settings = await readSettings();
  if (signal.aborted) return;
  const page = new PageController(signal, settings);
  await page.start();
}

/** An engine that was asked this recently is still awake: it sleeps after ten minutes without work. */
const AWAKE_MS = 5 * 60_000;

class PageController {
  readonly #signal: AbortSignal;
  readonly #client = backgroundInference();
  readonly #ui: MarkUi;
  readonly #selection: SelectionReview;
  readonly #port: PagePort;
  #settings: Settings;
  #site: Site | null = null;
  #session: ChatSession | null = null;
  #sessionEnd: AbortController | null = null;
  #views: readonly AnswerView[] = [];
  #selected: AnswerView | null = null;
  /** The conversation's name when we last looked. `undefined`: not looked yet, so a page that opens with a name is no new chat. */
  #conversation: string | null | undefined;
  #drift = false;
  #wokenAt = -Infinity;
  #reported = '';

  constructor(signal: AbortSignal, settings: Settings) {
    this.#signal = signal;
    this.#settings = settings;
    const site = (): string | null => this.#site?.id ?? null;
    this.#ui = new MarkUi(
      {
        marksAt: (x, y) => [...(this.#session?.marksAt(x, y) ?? []), ...this.#selection.marksAt(x, y)],
        setActive: (mark) => {
          this.#session?.setActive(mark?.answerKey === SELECTION_KEY ? null : mark);
          this.#selection.setActive(mark);
        },
        scrollTo: (mark) => (mark.answerKey === SELECTION_KEY ? this.#selection : this.#session)?.scrollTo(mark),
        insert: (text) => this.#session?.insertPrompt(text).type === 'inserted',
        canInsert: () => this.#canInsert,
        // Firefox opens its sidebar only from a click in the extension's own pages: there the popup leads to it.
        hasPanel: !import.meta.env.FIREFOX,
        get site() {
          return site();
        },
        audience: () => this.#audience(),
        locale: () => this.#audience()?.locale ?? null,
      },
      signal,
    );
    this.#selection = new SelectionReview({
      client: this.#client,
      ui: () => this.#ui,
      settings: () => this.#settings,
      signal,
      onChange: (view) => {
        this.#selected = view;
        this.#show();
      },
    });
    this.#port = servePagePort({ signal, snapshot: () => this.#snapshot(), command: (command) => this.#obey(command) });
  }

  async start(): Promise<void> {
    const stop = watchSettings((settings) => this.#settingsChanged(settings));
    browser.runtime.onMessage.addListener(this.#onMessage);
    this.#signal.addEventListener(
      'abort',
      () => {
        stop();
        // In a script orphaned by an update `runtime` is gone, and with it the listener.
        browser.runtime?.onMessage?.removeListener(this.#onMessage);
      },
      { once: true },
    );
    const match = await siteWhenReady(location, document, this.#signal);
    if (this.#signal.aborted || match.type === 'none') return;
    this.#site = match.site;
    this.#startSession();
    this.#port.push();
  }

  get #isOff(): boolean {
    return this.#settings.sites.off.includes(location.hostname);
  }

  get #canInsert(): boolean {
    return (this.#site?.optional.composer.length ?? 0) > 0;
  }

  #audience(conversation: string | null = this.#session?.conversation ?? null): Audience | null {
    return audienceFor(this.#settings, conversationKey(location.hostname, conversation));
  }

  #settingsChanged(settings: Settings): void {
    const before = JSON.stringify([this.#audience(), this.#settings.sensitivity]);
    this.#settings = settings;
    if (this.#isOff) this.#stopSession();
    else if (!this.#session) this.#startSession();
    else if (before !== JSON.stringify([this.#audience(), settings.sensitivity])) this.#session.rerun();
    else this.#session.refresh();
    this.#selection.refresh();
    this.#show();
  }

  #startSession(): void {
    if (!this.#site || this.#session || this.#isOff) return;
    const end = (this.#sessionEnd = new AbortController());
    const provider = createProvider(this.#client, {
      audience: (conversation) => this.#audience(conversation),
      sensitivity: () => this.#settings.sensitivity,
    });
    this.#drift = false;
    this.#session = startChatSession({
      document,
      site: this.#site,
      signal: AbortSignal.any([this.#signal, end.signal]),
      provider: {
        review: async (request, signal) => {
          try {
            return await provider.review(request, signal);
          } catch (error) {
            if (error instanceof InferenceError && error.code === 'extension-updated') this.#ui.notice(message('page.updated'), { problem: true });
            throw error;
          }
        },
      },
      isShown: (finding) => isWanted(this.#settings, finding),
      onChange: (views) => {
        this.#views = views;
        if (views.some(({ state }) => state.type === 'generating')) this.#wakeEngine();
        this.#followConversation();
        this.#show();
      },
      onDrift: () => {
        this.#drift = true;
        this.#show();
      },
    });
  }

  /** A new chat gets its name with the first answer; the audience chosen before goes with it. */
  #followConversation(): void {
    const now = this.#session?.conversation ?? null;
    const before = this.#conversation;
    this.#conversation = now;
    if (before !== null || now === null) return;
    const unnamed = conversationKey(location.hostname, null);
    const chosen = this.#settings.conversations.find(({ key }) => key === unnamed);
    if (!chosen) return;
    const { locale, situation } = chosen;
    const named: SettingsChange = { change: 'conversation-audience', conversation: conversationKey(location.hostname, now), audience: { locale, ...(situation ? { situation } : {}) } };
    const forgotten: SettingsChange = { change: 'conversation-audience', conversation: unnamed, audience: null };
    void changeSettings(named).then(() => changeSettings(forgotten)).catch(() => undefined);
  }

  /** Loading packs and model takes about as long as an answer takes to be written: the first mark need not wait for it. */
  #wakeEngine(): void {
    const now = performance.now();
    if (now - this.#wokenAt < AWAKE_MS) return;
    this.#wokenAt = now;
    // Only a head start: when it fails, the review itself will say why.
    void this.#client.describe(this.#signal).catch(() => undefined);
  }

  #stopSession(): void {
    this.#sessionEnd?.abort();
    this.#session = null;
    this.#views = [];
  }

  /** Brings UI, toolbar and panels up to date. */
  #show(): void {
    this.#ui.setAnswers(this.#selected ? [...this.#views, this.#selected] : this.#views, this.#announcement());
    const count = this.#ui.marks.length;
    const report = `${count} ${this.#drift}`;
    if (report !== this.#reported) {
      this.#reported = report;
      reportMarks(count, this.#drift);
    }
    this.#port.push();
  }

  /** For screen readers, which do not see highlights. Only the newest answer: the rest can be read from badges and list. */
  #announcement(): string {
    const newest = this.#views.at(-1);
    return newest?.state.type === 'reviewed' && newest.marks.length > 0 ? plural('page.newMarks', newest.marks.length) : '';
  }

  #obey(command: PanelCommand): void {
    switch (command.type) {
      case 'go': {
        const mark = findMark(this.#ui.answers, command.id);
        if (mark) this.#ui.show(mark, null);
        return;
      }
      case 'retry': {
        const answer = this.#ui.answers.find(({ key }) => key === command.key);
        if (answer?.state.type === 'failed') answer.state.retry();
        return;
      }
      case 'feedback': {
        const answer = panelFinding(this.#ui.answers, command.id);
        if (answer) this.#ui.giveFeedback(answer);
        return;
      }
      case 'rate':
        this.#ui.rate(command.key);
        return;
      case 'insert':
        this.#session?.insertPrompt(command.text);
        return;
    }
  }

  readonly #onMessage = (raw: unknown, _sender: unknown, respond: (reply: unknown) => void): undefined => {
    const parsed = pageRequestSchema.safeParse(raw);
    if (!parsed.success) return;
    respond(TAKEN);
    if (parsed.data.type === 'next-mark') this.#ui.step(1);
    else if (parsed.data.type === 'missed') this.#missed();
    else void this.#selection.run();
  };

  #missed(): void {
    const selection = getSelection();
    const inAnswer = selection !== null && selection.rangeCount > 0 && !selection.isCollapsed && this.#ui.reportMissed(selection.getRangeAt(0));
    if (!inAnswer) this.#ui.notice(message('page.missedNowhere'), { problem: true });
  }


  #snapshot(): PageSnapshot {
    const { answers } = this.#ui;
    return {
      host: location.hostname,
      site: this.#site?.name ?? null,
      enabled: !this.#isOff,
      conversation: conversationKey(location.hostname, this.#session?.conversation ?? null),
      audience: this.#audience(),
      drift: this.#drift,
      canInsert: this.#canInsert,
      withoutClassifier: answers.some(({ state }) => state.type === 'reviewed' && state.review.classifier.state === 'failed'),
      answers: panelAnswers(answers, this.#settings, (finding, key) => this.#ui.promptFor(finding, key)),
    };
  }
}
