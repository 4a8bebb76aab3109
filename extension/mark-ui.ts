/**
 * Marks and the reader: what happens when marked words, a badge or a button is used. Shared by the chat pages and by a reviewed selection;
 * where answers and highlights come from is the source's business.
 */
import type { AnswerView, Mark } from '../chat/session.ts';
import type { PageActions } from '../components/page/actions.ts';
import { mountPageUi, type MountedUi } from '../components/page/mount.tsx';
import { allMarks, createStore, EMPTY_PAGE, sameMark, stepMark, type PageState } from '../components/page/store.ts';
import { pageTheme } from '../components/page/theme.ts';
import { followUpPrompt } from '../review/explain/follow-up.ts';
import type { Audience, Finding } from '../review/types.ts';
import { changeSettings, openFeedback, sendToBackground } from './background-client.ts';
import { HAS_COMMUNITY } from './feedback/built.ts';
import { answerSubject, missedSubject, verdictSubject } from './feedback/subject.ts';
import type { Subject } from '../feedback/record/record.ts';
import { message } from './i18n.ts';
import type { SettingsChange } from './messages.ts';
import { dismissalKey } from './storage.ts';

/** Where the marks live. */
export interface MarkSource {
  marksAt(x: number, y: number): readonly Mark[];
  setActive(mark: Mark | null): void;
  scrollTo(mark: Mark): void;
  /** Puts text into the chat's composer; false where there is none. */
  insert(text: string): boolean;
  canInsert(): boolean;
  /** Whether the side panel can list these marks. */
  readonly hasPanel: boolean;
  /** Id of the chat site's adapter; null elsewhere. */
  readonly site: string | null;
  /** Whom an answer is for. */
  audience(): Audience | null;
  /** The locale of the audience the answers are reviewed for. */
  locale(): string | null;
}

const THEME_EVERY_MS = 1_000;

export class MarkUi {
  readonly #store = createStore<PageState>(EMPTY_PAGE);
  readonly #source: MarkSource;
  readonly #actions: PageActions;
  #ui: MountedUi | null = null;
  #lastTheme: 'light' | 'dark' = 'light';
  #themeAt: number | null = null;

  constructor(source: MarkSource, signal: AbortSignal) {
    this.#source = source;
    this.#actions = this.#makeActions();
    document.addEventListener('click', this.#onPageClick, { capture: true, passive: true, signal });
    window.addEventListener('keydown', this.#onPageKey, { capture: true, signal });
    signal.addEventListener('abort', () => this.#ui?.remove(), { once: true });
  }

  get answers(): readonly AnswerView[] {
    return this.#store.get().answers;
  }

  get marks(): Mark[] {
    return allMarks(this.answers);
  }

  setAnswers(answers: readonly AnswerView[], announcement = ''): void {
    const { open } = this.#store.get();
    const marks = allMarks(answers);
    // A review that runs again makes new marks; the open popover moves over to the same one, or closes with it.
    const stillOpen = open && marks.find((mark) => sameMark(mark, open.mark));
    if (open && !stillOpen) this.#source.setActive(null);
    this.#store.set({
      answers,
      open: open && stillOpen ? { ...open, mark: stillOpen } : null,
      ...(marks.length > 0 ? { theme: this.#theme() } : {}),
      locale: this.#source.locale(),
      canInsert: this.#source.canInsert(),
      announcement,
    });
    if (marks.length > 0 || answers.some(({ state }) => state.type === 'reviewing' || state.type === 'failed')) this.#ensureUi();
  }

  /** Opens a mark's popover, scrolling to it when it is out of view. */
  show(mark: Mark, returnTo: HTMLElement | null): void {
    this.#ensureUi();
    const before = this.#store.get().open;
    this.#source.setActive(mark);
    const rect = mark.range.getBoundingClientRect();
    const unseen = rect.bottom < 0 || rect.top > window.innerHeight || (rect.width === 0 && rect.height === 0);
    if (unseen) this.#source.scrollTo(mark);
    this.#store.set({ open: { mark, returnTo: before?.returnTo ?? returnTo }, theme: this.#theme() });
  }

  close(): void {
    const { open } = this.#store.get();
    if (!open) return;
    this.#source.setActive(null);
    this.#store.set({ open: null });
    if (open.returnTo?.isConnected) open.returnTo.focus({ preventScroll: true });
  }

  /** Opens the next (or previous) mark of the page. */
  step(by: 1 | -1): void {
    const next = stepMark(this.marks, this.#store.get().open?.mark ?? null, by);
    if (next) this.show(next, focusedElement());
  }

  notice(text: string, options: { problem?: boolean; undo?: () => void } = {}): void {
    this.#ensureUi();
    this.#store.set({ notice: { text, ...options } });
  }

  clearNotice(): void {
    this.#store.set({ notice: null });
  }

  promptFor(finding: Finding, answerKey: string): string {
    const answer = this.answers.find(({ key }) => key === answerKey);
    const language = answer?.state.type === 'reviewed' ? answer.state.review.language : 'und';
    return followUpPrompt(finding, language, this.#source.locale() ?? '');
  }

  /** Opens the feedback page about a mark. */
  giveFeedback({ finding, answerKey }: Pick<Mark, 'finding' | 'answerKey'>): void {
    this.#feedback(answerKey, (where) => verdictSubject(finding, where));
  }

  /** Opens the feedback page about a whole answer. */
  rate(answerKey: string): void {
    this.#feedback(answerKey, answerSubject);
  }

  /** Opens the feedback page about selected words; false when they are in no answer. */
  reportMissed(range: Range): boolean {
    for (const { answer, key } of this.answers) {
      const words = answer?.toSpan(range);
      if (!words) continue;
      this.#feedback(key, (where) => missedSubject(words, where));
      return true;
    }
    return false;
  }

  #feedback(answerKey: string, subjectOf: (where: Parameters<typeof answerSubject>[0]) => Subject): void {
    const view = this.answers.find(({ key }) => key === answerKey);
    const audience = this.#source.audience();
    if (!view?.answer || !audience) return;
    const language = view.state.type === 'reviewed' ? view.state.review.language : 'und';
    const subject = subjectOf({ answer: view.answer.text, language, audience, site: this.#source.site });
    void openFeedback(subject).catch((error: unknown) => this.notice(message('page.failed', { reason: error instanceof Error ? error.message : String(error) }), { problem: true }));
  }

  /** Looked at now and then only: it makes the browser compute styles, and a streaming answer changes many times a second. */
  #theme(): 'light' | 'dark' {
    const now = performance.now();
    if (this.#themeAt === null || now - this.#themeAt > THEME_EVERY_MS) {
      this.#themeAt = now;
      this.#lastTheme = pageTheme(document);
    }
    return this.#lastTheme;
  }

  #ensureUi(): void {
    this.#ui ??= mountPageUi(this.#store, this.#actions);
    this.#ui.ensure();
  }

  #change(change: SettingsChange): void {
    void changeSettings(change).catch((error: unknown) => {
      this.notice(message('common.notSaved', { reason: error instanceof Error ? error.message : String(error) }), { problem: true });
    });
  }

  #makeActions(): PageActions {
    return {
      open: (mark, returnTo) => this.show(mark, returnTo),
      close: () => this.close(),
      step: (by) => this.step(by),
      retry: ({ state }) => {
        if (state.type === 'failed') state.retry();
      },
      promptFor: (mark) => this.promptFor(mark.finding, mark.answerKey),
      copy: copyText,
      insert: (text) => this.#source.insert(text),
      mute: ({ rule, kind }) => {
        this.close();
        this.#change({ change: 'mute', rule, kind, on: true });
        this.notice(message('popover.muted'), { undo: () => this.#change({ change: 'mute', rule, kind, on: false }) });
      },
      dismiss: (finding) => {
        const { rule, kind, quote } = finding;
        const key = dismissalKey(finding);
        this.close();
        this.#change({ change: 'dismiss', key, rule, kind, quote, on: true });
        this.notice(message('popover.dismissed'), { undo: () => this.#change({ change: 'dismiss', key, rule, kind, quote, on: false }) });
      },
      ...(HAS_COMMUNITY ? { feedback: (mark: Mark) => this.giveFeedback(mark), rate: (key: string) => this.rate(key) } : {}),
      ...(this.#source.hasPanel ? { openPanel: () => void sendToBackground({ to: 'background', type: 'open-panel' }).catch(() => undefined) } : {}),
      dismissNotice: () => this.clearNotice(),
    };
  }

  /** A click on marked words opens them. The click itself stays the page's: links and buttons work as ever. */
  readonly #onPageClick = (event: MouseEvent): void => {
    if (event.button !== 0 || this.#isOurs(event)) return;
    const selection = getSelection();
    if (selection && !selection.isCollapsed) return;
    const [mark] = this.#source.marksAt(event.clientX, event.clientY);
    if (mark) this.show(mark, null);
    else this.close();
  };

  /** Escape closes from anywhere, and is then not the page's: many chats stop an answer with it. */
  readonly #onPageKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#store.get().open) return;
    event.stopPropagation();
    event.preventDefault();
    this.close();
  };

  #isOurs(event: Event): boolean {
    return this.#ui !== null && event.composedPath().includes(this.#ui.host);
  }
}

function focusedElement(): HTMLElement | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : null;
}

/** Copying can be refused (page policy, lost focus); then the popover shows the text itself. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
