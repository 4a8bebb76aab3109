/**
 * The front door of `chat/`: follows one chat page, has each finished answer reviewed, and keeps the marks on the right
 * words whatever the page does. It knows nothing of browsers' extension APIs; who reviews, and what is shown, comes in from
 * outside.
 *
 * The path of an answer, one look at the page after the other:
 *
 *   page-watcher, session/look-timer   something changed: a look, soon
 *   session/navigation                 is it still the same conversation?
 *   session/answer-list                one entry for each response node (session/entry)
 *   session/answer-follower            finished (stream-gate)? read it (reader); are the words new?
 *   session/reviewer                   the review remembered for them (review-cache), or a new one in its turn (review-queue)
 *   session/mark-placer                each finding at its words of now (anchored-review, anchors)
 *   session/display                    views for the UI, highlights on the page (mark-painter, highlights)
 *
 * Beside it: session/hit-test finds the marks under a point, session/page-health and drift notice that a site has changed.
 */
import { browserClock } from './clock.ts';
import { insertPrompt, type InsertResult } from './composer.ts';
import { DriftWatch } from './drift.ts';
import { PageWatcher } from './page-watcher.ts';
import { anyMatch } from './selectors.ts';
import { AnswerFollower } from './session/answer-follower.ts';
import { AnswerList } from './session/answer-list.ts';
import { Display } from './session/display.ts';
import { isDue, restOf } from './session/entry.ts';
import { marksAt } from './session/hit-test.ts';
import { LookTimer } from './session/look-timer.ts';
import { MarkPainter } from './session/mark-painter.ts';
import { MarkPlacer } from './session/mark-placer.ts';
import { Navigation } from './session/navigation.ts';
import { pageHealth } from './session/page-health.ts';
import { Reviewer } from './session/reviewer.ts';
import type { AnswerView, ChatSession, ChatSessionOptions, Mark } from './session/types.ts';
import type { Site } from './sites/index.ts';

export type { AnswerState, AnswerView, ChatSession, ChatSessionOptions, Mark, ReviewProvider, ReviewRequest } from './session/types.ts';

/** Follows a chat page until the signal aborts. */
export function startChatSession(options: ChatSessionOptions): ChatSession {
  return new Session(options);
}

/** A look just in case: navigation without a change of the page, a root that was replaced. */
const SAFETY_MS = 1000;

/** Joins the parts, and says in which order they work. */
class Session implements ChatSession {
  readonly site: Site;
  private readonly options: ChatSessionOptions;
  private readonly document: Document;
  private readonly navigation: Navigation;
  private readonly timer: LookTimer;
  private readonly watcher: PageWatcher;
  private readonly list: AnswerList;
  private readonly painter: MarkPainter;
  private readonly display: Display;
  private readonly placer: MarkPlacer;
  private readonly reviewer: Reviewer;
  private readonly follower: AnswerFollower;
  private readonly drift = new DriftWatch();

  constructor(options: ChatSessionOptions) {
    const { document, site, signal, clock = browserClock() } = options;
    this.options = options;
    this.site = site;
    this.document = document;
    const wake = (): void => this.timer.soon(0);
    const navigation = (this.navigation = new Navigation(document, site));
    const list = (this.list = new AnswerList(document, site));
    this.painter = new MarkPainter(options.highlights, () => list.entries.flatMap(({ marks }) => marks));
    const display = (this.display = new Display(list, this.painter, (views) => options.onChange(views)));
    const placer = (this.placer = new MarkPlacer(site, display, (finding) => options.isShown(finding, navigation.conversation)));
    const reviewer = (this.reviewer = new Reviewer(options, { navigation, list, display, placer, wake }));
    this.follower = new AnswerFollower({ site, clock, list, reviewer, display, placer });
    this.timer = new LookTimer(clock, signal, (now, timeLeft) => this.look(now, timeLeft));
    this.watcher = new PageWatcher(document, site, wake);
    this.listen(wake);
    wake();
  }

  get conversation(): string | null {
    return this.navigation.conversation;
  }

  answers(): readonly AnswerView[] {
    return this.display.views();
  }

  marksAt(x: number, y: number): readonly Mark[] {
    return marksAt(this.list.entries, x, y);
  }

  rerun(): void {
    this.reviewer.forgetAll();
    for (const entry of this.list.entries) {
      entry.anchored = null;
      if (entry.text && entry.gate.phase === 'settled' && entry.state.type !== 'skipped') this.reviewer.request(entry);
      this.placer.place(entry);
    }
    this.display.flush();
  }

  refresh(): void {
    for (const entry of this.list.entries) this.placer.place(entry);
    this.display.flush();
  }

  insertPrompt(text: string): InsertResult {
    return insertPrompt(this.site, this.document, text);
  }

  scrollTo(mark: Mark): void {
    const target = mark.range.startContainer.parentElement;
    if (!target?.isConnected) return;
    const still = this.document.defaultView?.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? false;
    target.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }

  setActive(mark: Mark | null): void {
    this.painter.setActive(mark);
  }

  private listen(wake: () => void): void {
    const { signal } = this.options;
    const window = this.document.defaultView;
    // Passive, and on the window only: the page's own nodes are left alone.
    window?.addEventListener('popstate', wake, { signal, passive: true });
    window?.addEventListener('hashchange', wake, { signal, passive: true });
    this.document.addEventListener('visibilitychange', wake, { signal, passive: true });
    if (signal.aborted) this.stop();
    else signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  private stop(): void {
    this.reviewer.forgetAll();
    this.watcher.stop();
    this.list.stop();
    this.display.stop();
  }

  /** One look at the page, for as long as `timeLeft` allows; what remains is done in the next. */
  private look(now: number, timeLeft: () => number): void {
    this.followNavigation();
    this.watcher.ensureRoot();
    const changes = this.watcher.take();
    if (changes.structure || changes.everything) this.collectAnswers(now);
    this.list.note(changes);
    const onPage = anyMatch(this.document, this.site.streaming.onPage);
    const rest = this.followAnswers(now, onPage, () => timeLeft() <= 0);
    this.watchForDrift(now, onPage);
    this.reviewer.start();
    this.display.flush();
    this.timer.soon(rest);
  }

  private followNavigation(): void {
    const move = this.navigation.look();
    if (move.type === 'none') return;
    this.display.noteChange();
    if (move.type === 'named') {
      this.reviewer.nameConversation(move.conversation);
      return;
    }
    this.reviewer.giveUpAll();
    for (const entry of this.list.entries) this.follower.forget(entry);
  }

  private collectAnswers(now: number): void {
    const { removed, changed } = this.list.collect(now);
    for (const entry of removed) {
      this.reviewer.giveUp(entry);
      this.display.noteRemoved(entry);
    }
    if (changed) this.display.noteChange();
  }

  /** Takes every answer a step further, in the order of the page; says how long the next look can wait. */
  private followAnswers(now: number, onPage: boolean, outOfTime: () => boolean): number {
    const { entries } = this.list;
    const last = entries.at(-1);
    let rest = SAFETY_MS;
    for (const entry of entries) {
      if (isDue(entry, now)) {
        if (outOfTime()) return 0;
        this.follower.follow(entry, { now, onPage, isLast: entry === last, outOfTime });
      }
      rest = Math.min(rest, restOf(entry, now));
    }
    return rest;
  }

  private watchForDrift(now: number, onPage: boolean): void {
    const { conversation } = this.navigation;
    const health = pageHealth(this.document, this.site, { now, conversation, isWriting: onPage, entries: this.list.entries });
    const reason = this.drift.look(health);
    if (reason) this.options.onDrift(reason);
  }
}
