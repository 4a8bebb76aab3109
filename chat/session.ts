/**
 * The front door of `chat/`: follows one chat page, has each finished answer reviewed, and keeps the marks on the right
 * words whatever the page does. It knows nothing of browsers' extension APIs; who reviews, and what is shown, comes in from
 * outside.
 */
import { familyOf, type Answer, type Family, type Finding, type Review } from '../review/types.ts';
import { makeAnchor, resolveAnchor, type Anchor } from './anchors.ts';
import { browserClock, type Clock } from './clock.ts';
import { insertPrompt, type InsertResult } from './composer.ts';
import { DriftWatch, type DriftReason } from './drift.ts';
import { hashText } from './hash.ts';
import { highlightApi, HighlightPainter, type HighlightApi } from './highlights.ts';
import { Lru } from './lru.ts';
import { PageWatcher } from './page-watcher.ts';
import { promptFor, readAnswer, Reading, userTurns, type ReadAnswer, type ReadResult, type SkipReason } from './reader.ts';
import { ReviewQueue, type Job } from './review-queue.ts';
import { anyMatch, firstMatches } from './selectors.ts';
import { conversationOf } from './site.ts';
import type { Site } from './sites/index.ts';
import { firstSight, POLL_MS, stepGate, writingAgain, type GateState } from './stream-gate.ts';

export interface ReviewRequest {
  /** The answer's key in the views. */
  readonly key: string;
  readonly answer: Answer;
  readonly conversation: string | null;
  readonly visible: boolean;
}

export interface ReviewProvider {
  review(request: ReviewRequest, signal: AbortSignal): Promise<Review>;
}

/** A finding at its place in the page. */
export interface Mark {
  readonly finding: Finding;
  readonly range: Range;
  readonly answerKey: string;
}

export type AnswerState =
  | { readonly type: 'generating' }
  | { readonly type: 'reviewing' }
  | { readonly type: 'reviewed'; readonly review: Review }
  | { readonly type: 'skipped'; readonly reason: SkipReason }
  | { readonly type: 'failed'; readonly message: string; retry(): void };

/** One answer, as the page's own UI and the side panel show it. A new object whenever something about it changed. */
export interface AnswerView {
  /** Stable while the answer keeps its id; unique on the page. */
  readonly key: string;
  readonly element: Element;
  readonly state: AnswerState;
  readonly marks: readonly Mark[];
  /** Findings to be shown that have no place on the page any more. */
  readonly dropped: number;
  /** The text as it was reviewed; null until it was read. */
  readonly answer: ReadAnswer | null;
}

export interface ChatSession {
  readonly site: Site;
  readonly conversation: string | null;
  /** In the order of the page. */
  answers(): readonly AnswerView[];
  /** The marks under a point of the viewport, the smallest first. */
  marksAt(x: number, y: number): readonly Mark[];
  /** The audience or the settings changed: everything is reviewed again. */
  rerun(): void;
  /** Only what is shown changed (muted rules, off switches): no new review. */
  refresh(): void;
  insertPrompt(text: string): InsertResult;
  scrollTo(mark: Mark): void;
  setActive(mark: Mark | null): void;
}

export interface ChatSessionOptions {
  readonly document: Document;
  readonly site: Site;
  /** Ends the session and takes every mark away. */
  readonly signal: AbortSignal;
  readonly provider: ReviewProvider;
  isShown(finding: Finding, conversation: string | null): boolean;
  onChange(views: readonly AnswerView[]): void;
  onDrift(reason: DriftReason): void;
  readonly clock?: Clock;
  /** For tests; default: the browser's registry, and no marks where it has none. */
  readonly highlights?: HighlightApi;
}

/** Follows a chat page until the signal aborts. */
export function startChatSession(options: ChatSessionOptions): ChatSession {
  return new Session(options);
}

/** Changes come in bursts; one look for each burst, at most this often. */
const LOOK_EVERY_MS = 80;
/** A look just in case: navigation without a change of the page, a root that was replaced. */
const SAFETY_MS = 1000;
/** Reviews that are kept for answers that scroll out of a windowed list and come back. */
const CACHE_SIZE = 500;
/** Answers this near to the viewport count as visible. */
const NEAR_VIEWPORT = '200px';

/** What is known about one response node. */
interface Entry {
  readonly element: Element;
  readonly serial: number;
  position: number;
  visible: boolean;
  gate: GateState;
  lookAt: number;
  key: string;
  /** Counts the changes inside the response. */
  version: number;
  seenVersion: number;
  /** A reading in progress; `afterWriting` when it is the first since the answer settled. */
  reading: { readonly run: Reading; readonly afterWriting: boolean } | null;
  isNew: boolean;
  answer: ReadAnswer | null;
  hash: string | null;
  anchored: AnchoredReview | null;
  state: AnswerState;
  marks: readonly Mark[];
  dropped: number;
  view: AnswerView | null;
}

/** A review with anchors, so that it can be shown on a text that changed a little. */
interface AnchoredReview {
  readonly review: Review;
  readonly anchors: ReadonlyMap<Finding, Anchor>;
}

class Session implements ChatSession {
  readonly site: Site;
  conversation: string | null;
  private readonly options: ChatSessionOptions;
  private readonly document: Document;
  private readonly clock: Clock;
  private readonly watcher: PageWatcher;
  private readonly painter: HighlightPainter | null;
  private readonly queue: ReviewQueue<Entry>;
  private readonly cache = new Lru<AnchoredReview>(CACHE_SIZE);
  private readonly drift = new DriftWatch();
  private readonly visibility: IntersectionObserver | null;
  private entries = new Map<Element, Entry>();
  private readonly keys = new Map<string, Entry>();
  private order: readonly Entry[] = [];
  private views: readonly AnswerView[] | null = null;
  private active: { readonly key: string; readonly finding: Finding } | null = null;
  private serial = 0;
  private href: string;
  private pending: { readonly at: number; readonly cancel: () => void } | null = null;
  private lastLook = Number.NEGATIVE_INFINITY;
  private changed = false;
  private repaint = false;
  private turns: readonly Element[] | null = null;
  private stopped = false;

  constructor(options: ChatSessionOptions) {
    this.options = options;
    this.site = options.site;
    this.document = options.document;
    this.clock = options.clock ?? browserClock();
    this.href = this.address().href;
    this.conversation = conversationOf(this.site, this.address());
    this.painter = makePainter(options.highlights);
    this.queue = new ReviewQueue<Entry>(
      (job) => this.review(job),
      (entry) => (entry.visible ? 1e9 : 0) + entry.position,
    );
    this.visibility =
      typeof IntersectionObserver === 'undefined'
        ? null
        : new IntersectionObserver((seen) => this.noteVisible(seen), { rootMargin: NEAR_VIEWPORT });
    this.watcher = new PageWatcher(this.document, this.site, () => this.soon(0));
    this.listen();
    this.soon(0);
  }

  answers(): readonly AnswerView[] {
    this.views ??= this.order.map(viewOf);
    return this.views;
  }

  marksAt(x: number, y: number): readonly Mark[] {
    const found: { readonly mark: Mark; readonly length: number }[] = [];
    for (const entry of this.order) {
      if (entry.marks.length === 0 || !contains(entry.element.getBoundingClientRect(), x, y)) continue;
      for (const mark of entry.marks) {
        const rects = [...mark.range.getClientRects()];
        if (rects.some((rect) => contains(rect, x, y))) found.push({ mark, length: mark.finding.end - mark.finding.start });
      }
    }
    return found.sort((a, b) => a.length - b.length).map(({ mark }) => mark);
  }

  rerun(): void {
    this.queue.clear();
    this.cache.clear();
    for (const entry of this.order) {
      entry.anchored = null;
      if (entry.answer && entry.gate.phase === 'settled' && entry.state.type !== 'skipped') this.request(entry);
      this.attach(entry);
    }
    this.finishLook();
  }

  refresh(): void {
    for (const entry of this.order) this.attach(entry);
    this.finishLook();
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
    this.active = mark && { key: mark.answerKey, finding: mark.finding };
    this.paintActive();
  }

  // Following the page ------------------------------------------------------------------------------------------------

  private listen(): void {
    const { signal } = this.options;
    const window = this.document.defaultView;
    const wake = (): void => this.soon(0);
    // Passive, and on the window only: the page's own nodes are left alone.
    window?.addEventListener('popstate', wake, { signal, passive: true });
    window?.addEventListener('hashchange', wake, { signal, passive: true });
    this.document.addEventListener('visibilitychange', wake, { signal, passive: true });
    if (signal.aborted) this.stop();
    else signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  private stop(): void {
    this.stopped = true;
    this.pending?.cancel();
    this.pending = null;
    this.queue.clear();
    this.watcher.stop();
    this.visibility?.disconnect();
    this.painter?.clear();
    this.entries.clear();
    this.order = [];
    this.views = [];
    this.cache.clear();
  }

  /** Plans a look at the page, no earlier than the last one allows. */
  private soon(ms: number): void {
    if (this.stopped) return;
    const now = this.clock.now();
    const at = Math.max(now + ms, this.lastLook + LOOK_EVERY_MS);
    if (this.pending) {
      if (this.pending.at <= at) return;
      this.pending.cancel();
    }
    let cancelIdle = (): void => {};
    const cancelTimer = this.clock.after(at - now, () => {
      cancelIdle = this.clock.idle((timeLeft) => {
        this.pending = null;
        this.look(timeLeft);
      });
    });
    this.pending = {
      at,
      cancel: () => {
        cancelTimer();
        cancelIdle();
      },
    };
  }

  /** One look at the page, for as long as `timeLeft` allows; what remains is done in the next. */
  private look(timeLeft: () => number): void {
    if (this.stopped) return;
    const now = this.clock.now();
    this.lastLook = now;
    this.followAddress();
    this.watcher.ensureRoot();
    const changes = this.watcher.take();
    if (changes.structure || changes.everything) this.collect(now);
    if (changes.everything) for (const entry of this.order) entry.version += 1;
    else for (const node of changes.targets) this.noteChange(node);

    const onPage = anyMatch(this.document, this.site.streaming.onPage);
    const last = this.order.at(-1);
    let next = SAFETY_MS;
    for (const entry of this.order) {
      const due =
        entry.reading !== null || entry.version !== entry.seenVersion || (entry.gate.phase === 'generating' && now >= entry.lookAt);
      if (due) {
        if (timeLeft() <= 0) {
          next = 0;
          break;
        }
        this.tend(entry, now, onPage, entry === last, () => timeLeft() <= 0);
      }
      if (entry.reading !== null) next = 0;
      else if (entry.gate.phase === 'generating') next = Math.min(next, Math.max(entry.lookAt - now, 0));
    }
    this.turns = null;
    this.watchForDrift(now, onPage);
    this.queue.start();
    this.finishLook();
    this.soon(next);
  }

  private finishLook(): void {
    if (this.repaint) this.paint();
    if (!this.changed) return;
    this.changed = false;
    this.views = null;
    this.options.onChange(this.answers());
  }

  private address(): Location {
    return this.document.defaultView?.location ?? this.document.location;
  }

  private followAddress(): void {
    const location = this.address();
    if (location.href === this.href) return;
    this.href = location.href;
    const before = this.conversation;
    const now = conversationOf(this.site, location);
    if (now === before) return;
    this.conversation = now;
    this.changed = true;
    // A new chat gets its address with the first answer: the same conversation, so nothing is lost.
    if (before === null) {
      this.moveCache(null, now);
      return;
    }
    this.queue.clear();
    for (const entry of this.order) this.forget(entry);
  }

  /** Reviews depend on the conversation, because each can be for somebody else. */
  private cacheKey(hash: string, conversation = this.conversation): string {
    return `${conversation ?? ''}|${hash}`;
  }

  private moveCache(from: string | null, to: string | null): void {
    const prefix = this.cacheKey('', from);
    for (const key of this.cache.keys()) {
      const value = key.startsWith(prefix) ? this.cache.get(key) : undefined;
      if (value) this.cache.set(this.cacheKey(key.slice(prefix.length), to), value);
    }
  }

  /** Brings the entries in line with the responses on the page. */
  private collect(now: number): void {
    const found = firstMatches(this.document, this.site.required.response);
    const entries = new Map<Element, Entry>();
    const order: Entry[] = [];
    found.forEach((element, position) => {
      const entry = this.entries.get(element) ?? this.newEntry(element, now);
      entry.position = position;
      entries.set(element, entry);
      order.push(entry);
    });
    for (const [element, entry] of this.entries) if (!entries.has(element)) this.remove(entry);
    if (order.length !== this.order.length || order.some((entry, i) => entry !== this.order[i])) this.changed = true;
    this.entries = entries;
    this.order = order;
    for (const entry of order) if (entry.key === '') this.nameEntry(entry);
  }

  /**
   * An answer's key: the site's own id where it has one; else the text, which also survives being unmounted; else the
   * order of appearance. Two answers never have the same.
   */
  private nameEntry(entry: Entry): void {
    const id = messageIdOf(entry.element, this.site);
    const own = id ?? (entry.hash === null ? `#${entry.serial}` : `=${entry.hash}`);
    const wanted = `${this.site.id}:${own}`;
    const holder = this.keys.get(wanted);
    const key = holder === undefined || holder === entry ? wanted : `${wanted}~${entry.serial}`;
    if (key === entry.key) return;
    this.dropKey(entry);
    this.keys.set(key, entry);
    entry.key = key;
    entry.view = null;
    this.changed = true;
  }

  private newEntry(element: Element, now: number): Entry {
    this.visibility?.observe(element);
    return {
      element,
      serial: (this.serial += 1),
      position: 0,
      visible: this.visibility === null,
      gate: firstSight(now),
      lookAt: now,
      key: '',
      version: 1,
      seenVersion: 1,
      reading: null,
      isNew: true,
      answer: null,
      hash: null,
      anchored: null,
      state: { type: 'generating' },
      marks: [],
      dropped: 0,
      view: null,
    };
  }

  private dropKey(entry: Entry): void {
    if (this.keys.get(entry.key) === entry) this.keys.delete(entry.key);
  }

  private remove(entry: Entry): void {
    this.queue.remove(entry);
    this.visibility?.unobserve(entry.element);
    this.dropKey(entry);
    if (entry.marks.length > 0) this.repaint = true;
    this.changed = true;
  }

  /** Starts an entry anew: its node stays, what was said in it belongs to another conversation. */
  private forget(entry: Entry): void {
    this.setMarks(entry, [], 0);
    entry.gate = firstSight(this.clock.now());
    entry.lookAt = this.clock.now();
    entry.reading = null;
    entry.answer = null;
    entry.hash = null;
    entry.anchored = null;
    this.setState(entry, { type: 'generating' });
  }

  private noteChange(node: Node): void {
    for (let each: Node | null = node; each !== null; each = each.parentNode) {
      const entry = this.entries.get(each as Element);
      if (entry) {
        entry.version += 1;
        return;
      }
    }
  }

  private noteVisible(seen: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of seen) {
      const entry = this.entries.get(target);
      if (entry) entry.visible = isIntersecting;
    }
  }

  // One answer --------------------------------------------------------------------------------------------------------

  private tend(entry: Entry, now: number, onPage: boolean, isLast: boolean, outOfTime: () => boolean): void {
    if (entry.isNew) {
      entry.isNew = false;
      this.recognise(entry, now, outOfTime);
    }
    const changed = entry.version !== entry.seenVersion;
    entry.seenVersion = entry.version;
    const onNode = this.isWriting(entry.element);
    const wasSettled = entry.gate.phase === 'settled';
    const step = stepGate(entry.gate, { now, onNode, onPage, isLast, isDone: !onNode && this.isDone(entry.element), changed }, this.site);
    entry.gate = step.state;
    entry.lookAt = now + (step.lookAgainIn ?? SAFETY_MS);
    if (entry.gate.phase === 'generating') {
      entry.reading = null;
      if (wasSettled) this.writesAgain(entry);
      return;
    }
    // Newly settled, or settled and redrawn: read it. Only the text tells whether anything is new.
    if (!wasSettled || changed) {
      entry.reading = { run: new Reading(entry.element, this.site), afterWriting: !wasSettled || (entry.reading?.afterWriting ?? false) };
    }
    this.continueReading(entry, outOfTime);
  }

  /** An answer that was reviewed before and comes back (windowed lists unmount what is out of sight) need not wait. */
  private recognise(entry: Entry, now: number, outOfTime: () => boolean): void {
    if (this.cache.size === 0 || this.isWriting(entry.element)) return;
    const result = new Reading(entry.element, this.site).run(outOfTime);
    if (result?.type !== 'answer' || !this.cache.get(this.cacheKey(hashText(result.answer.text)))) return;
    entry.gate = { phase: 'settled', at: now, why: 'stable' };
    this.takeReading(entry, result, true);
  }

  private isWriting(element: Element): boolean {
    const { onNode } = this.site.streaming;
    if (onNode.length === 0) return false;
    const selector = onNode.join(',');
    return element.matches(selector) || element.querySelector(selector) !== null;
  }

  private isDone(element: Element): boolean {
    const { done, turn } = this.site.optional;
    if (done.length === 0) return false;
    const whole = turn.length === 0 ? element : (element.closest(turn.join(',')) ?? element);
    return element.matches(done.join(',')) || anyMatch(whole, done);
  }

  private writesAgain(entry: Entry): void {
    this.queue.remove(entry);
    this.setMarks(entry, [], 0);
    this.setState(entry, { type: 'generating' });
  }

  private continueReading(entry: Entry, outOfTime: () => boolean): void {
    if (!entry.reading) return;
    const { run, afterWriting } = entry.reading;
    const result = run.run(outOfTime);
    if (result === null) return;
    entry.reading = null;
    this.takeReading(entry, result, afterWriting);
  }

  private takeReading(entry: Entry, result: ReadResult, afterWriting: boolean): void {
    if (result.type === 'skip') {
      if (result.reason === 'changed-while-reading') {
        entry.reading = { run: new Reading(entry.element, this.site), afterWriting };
        return;
      }
      this.queue.remove(entry);
      entry.answer = null;
      entry.hash = null;
      entry.anchored = null;
      this.setMarks(entry, [], 0);
      this.setState(entry, { type: 'skipped', reason: result.reason });
      return;
    }
    const hash = hashText(result.answer.text);
    const isNew = hash !== entry.hash;
    if (isNew && !afterWriting && entry.hash !== null && !this.cache.get(this.cacheKey(hash))) {
      // A settled answer whose words changed is being written again; wait until it stands still.
      const now = this.clock.now();
      entry.gate = writingAgain(now);
      entry.lookAt = now + POLL_MS;
      this.writesAgain(entry);
      return;
    }
    entry.answer = result.answer;
    entry.hash = hash;
    entry.view = null;
    this.nameEntry(entry);
    if (isNew || entry.state.type === 'generating' || entry.state.type === 'skipped') this.request(entry);
    this.attach(entry);
  }

  /** Takes the review from the cache, or asks for one. */
  private request(entry: Entry): void {
    const cached = entry.hash === null ? undefined : this.cache.get(this.cacheKey(entry.hash));
    if (cached) {
      this.queue.remove(entry);
      entry.anchored = cached;
      this.setState(entry, { type: 'reviewed', review: cached.review });
      return;
    }
    this.setState(entry, { type: 'reviewing' });
    this.queue.add(entry);
    this.soon(0);
  }

  private async review({ item: entry, signal }: Job<Entry>): Promise<void> {
    const { answer, hash } = entry;
    if (!answer || hash === null) return;
    const cacheKey = this.cacheKey(hash);
    const request: ReviewRequest = {
      key: entry.key,
      answer: answer.toAnswer(this.prompt(entry.element) ?? undefined),
      conversation: this.conversation,
      visible: entry.visible,
    };
    try {
      const review = await this.options.provider.review(request, signal);
      if (signal.aborted || this.stopped) return;
      const anchored = anchor(review, answer.text, hash);
      // While it was reviewed a new chat may have got its address: same conversation, new key.
      const key = cacheKey.startsWith('|') ? this.cacheKey(hash) : cacheKey;
      this.cache.set(key, anchored);
      if (entry.hash !== hash) return;
      entry.anchored = anchored;
      this.setState(entry, { type: 'reviewed', review });
    } catch (error) {
      if (signal.aborted || this.stopped) return;
      const message = error instanceof Error ? error.message : String(error);
      entry.anchored = null;
      this.setState(entry, { type: 'failed', message, retry: () => this.retry(entry) });
    }
    this.attach(entry);
    this.finishLook();
  }

  private retry(entry: Entry): void {
    if (this.stopped || entry.state.type !== 'failed' || !this.entries.has(entry.element)) return;
    this.request(entry);
    this.finishLook();
  }

  private prompt(element: Element): string | null {
    this.turns ??= userTurns(this.document, this.site);
    return promptFor(element, this.site, this.turns);
  }

  // Marks -------------------------------------------------------------------------------------------------------------

  /** Puts an entry's findings at their places in the text of now. */
  private attach(entry: Entry): void {
    let { answer } = entry;
    const { anchored, hash } = entry;
    if (!answer || hash === null || !anchored || entry.gate.phase !== 'settled') {
      this.setMarks(entry, [], 0);
      return;
    }
    // The page may have redrawn the answer since it was read; a change we have not looked at yet brings us back here.
    if (!answer.map.isAttached()) {
      const again = readAnswer(entry.element, this.site);
      if (again.type === 'answer' && hashText(again.answer.text) === hash) entry.answer = answer = again.answer;
    }
    const marks: Mark[] = [];
    let dropped = 0;
    for (const finding of anchored.review.findings) {
      if (!this.options.isShown(finding, this.conversation)) continue;
      const place = anchored.anchors.get(finding);
      const resolution = place && resolveAnchor(place, answer.text, hash);
      const range = resolution?.type === 'found' ? answer.toRange(resolution.span) : null;
      if (range) marks.push({ finding, range, answerKey: entry.key });
      else dropped += 1;
    }
    // Until the new review is there, marks of the last one are kept where their words are; the rest is not a loss yet.
    this.setMarks(entry, marks, entry.state.type === 'reviewed' ? dropped : 0);
  }

  private setMarks(entry: Entry, marks: readonly Mark[], dropped: number): void {
    if (marks.length === 0 && entry.marks.length === 0 && dropped === entry.dropped) return;
    entry.marks = marks;
    entry.dropped = dropped;
    entry.view = null;
    this.changed = true;
    this.repaint = true;
  }

  private setState(entry: Entry, state: AnswerState): void {
    if (state.type === 'generating' && entry.state.type === 'generating') return;
    entry.state = state;
    entry.view = null;
    this.changed = true;
  }

  private paint(): void {
    this.repaint = false;
    if (!this.painter) return;
    const ranges = new Map<Family, Range[]>();
    for (const entry of this.order) {
      for (const { finding, range } of entry.marks) {
        const family = familyOf(finding.kind);
        const list = ranges.get(family);
        if (list) list.push(range);
        else ranges.set(family, [range]);
      }
    }
    this.painter.paint(ranges);
    this.paintActive();
  }

  private paintActive(): void {
    const { active } = this;
    const marks = active ? this.order.flatMap((entry) => entry.marks) : [];
    this.painter?.paintActive(marks.find((mark) => mark.finding === active?.finding && mark.answerKey === active.key)?.range ?? null);
  }

  // Drift -------------------------------------------------------------------------------------------------------------

  private watchForDrift(now: number, onPage: boolean): void {
    const responses = this.order.length;
    const hasUserTurn = responses === 0 && firstMatches(this.document, this.site.optional.user).length > 0;
    const reason = this.drift.look({
      now,
      conversation: this.conversation,
      responses,
      withoutContent: this.order.filter(({ state }) => state.type === 'skipped' && state.reason === 'no-content').length,
      hasUserTurn,
      hasComposer: responses === 0 && firstMatches(this.document, this.site.optional.composer).length > 0,
      hasWordlessTurn: responses === 0 && this.hasWordlessTurn(),
      isWriting: onPage,
    });
    if (reason) this.options.onDrift(reason);
  }

  /** Image turns have a wrapper and no answer: nothing is wrong with such a page. */
  private hasWordlessTurn(): boolean {
    return firstMatches(this.document, this.site.optional.turn).some((turn) => turn.querySelector('img, canvas, video, iframe') !== null);
  }
}

function makePainter(injected: HighlightApi | undefined): HighlightPainter | null {
  if (injected) return new HighlightPainter(injected);
  const found = highlightApi();
  return found.type === 'api' ? new HighlightPainter(found.api) : null;
}

function anchor(review: Review, text: string, hash: string): AnchoredReview {
  const anchors = new Map<Finding, Anchor>();
  for (const finding of review.findings) {
    const made = makeAnchor(text, finding, hash);
    if (made) anchors.set(finding, made);
  }
  return { review, anchors };
}

function viewOf(entry: Entry): AnswerView {
  const { key, element, state, marks, dropped, answer } = entry;
  entry.view ??= { key, element, state, marks, dropped, answer };
  return entry.view;
}

function messageIdOf(element: Element, site: Site): string | null {
  const { messageId } = site.optional;
  if (messageId === null) return null;
  const holder = element.closest(messageId.selector) ?? element.querySelector(messageId.selector);
  return holder?.getAttribute(messageId.attribute) || null;
}

/** A point on the border counts: fingers and lines of text are not exact. */
function contains(rect: DOMRect, x: number, y: number): boolean {
  const slack = 1;
  return x >= rect.left - slack && x <= rect.right + slack && y >= rect.top - slack && y <= rect.bottom + slack;
}
