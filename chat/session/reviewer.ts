/**
 * Gets an answer its review: the one that is remembered for these words, else a new one, in its turn. It asks for reviews
 * and takes them in; who makes them is the provider's affair.
 */
import { promptFor, userTurns } from '../reader.ts';
import { ReviewQueue, type Job } from '../review-queue.ts';
import { anchorReview } from './anchored-review.ts';
import type { AnswerList } from './answer-list.ts';
import type { Display } from './display.ts';
import type { Entry } from './entry.ts';
import type { MarkPlacer } from './mark-placer.ts';
import type { Navigation } from './navigation.ts';
import { ReviewCache } from './review-cache.ts';
import type { ChatSessionOptions, ReviewRequest } from './types.ts';

/** What the reader can see goes before all else. */
const VISIBLE_FIRST = 1e9;

/** The parts of the session that a review touches. */
export interface ReviewerParts {
  readonly navigation: Navigation;
  readonly list: AnswerList;
  readonly display: Display;
  readonly placer: MarkPlacer;
  /** Asks for a look at the page, which starts what is waiting. */
  wake(): void;
}

export class Reviewer {
  private readonly options: ChatSessionOptions;
  private readonly parts: ReviewerParts;
  private readonly cache = new ReviewCache();
  private readonly queue: ReviewQueue<Entry>;
  /** What the reader asked, as of the last look: looking for it again for every answer would cost too much. */
  private turns: readonly Element[] | null = null;

  constructor(options: ChatSessionOptions, parts: ReviewerParts) {
    this.options = options;
    this.parts = parts;
    this.queue = new ReviewQueue<Entry>(
      (job) => this.review(job),
      (entry) => (entry.visible ? VISIBLE_FIRST : 0) + entry.position,
    );
  }

  /** Whether nothing at all is remembered, so that asking is in vain. */
  get remembersNothing(): boolean {
    return this.cache.isEmpty;
  }

  /** Whether words in this conversation were reviewed before. */
  remembers(hash: string): boolean {
    return this.cache.get(this.parts.navigation.conversation, hash) !== undefined;
  }

  /** Takes the remembered review of an entry's words, or asks for one. */
  request(entry: Entry): void {
    const { navigation, display, wake } = this.parts;
    const known = entry.text === null ? undefined : this.cache.get(navigation.conversation, entry.text.hash);
    if (known) {
      this.queue.remove(entry);
      entry.anchored = known;
      display.setState(entry, { type: 'reviewed', review: known.review });
      return;
    }
    display.setState(entry, { type: 'reviewing' });
    this.queue.add(entry);
    wake();
  }

  /** An entry's review is no longer wanted. */
  giveUp(entry: Entry): void {
    this.queue.remove(entry);
  }

  /** No review is wanted any more; those that were made are kept. */
  giveUpAll(): void {
    this.queue.clear();
  }

  /** Reviews made so far no longer hold. */
  forgetAll(): void {
    this.queue.clear();
    this.cache.clear();
  }

  nameConversation(conversation: string): void {
    this.cache.nameConversation(conversation);
  }

  /** Starts the next review, at the end of a look at the page. */
  start(): void {
    this.turns = null;
    this.queue.start();
  }

  private async review({ item: entry, signal }: Job<Entry>): Promise<void> {
    const { navigation, display, placer } = this.parts;
    const { text } = entry;
    if (!text) return;
    const { conversation } = navigation;
    const request: ReviewRequest = {
      key: entry.key,
      answer: text.answer.toAnswer(this.prompt(entry.element) ?? undefined),
      conversation,
      visible: entry.visible,
    };
    const isOver = (): boolean => signal.aborted || this.options.signal.aborted;
    try {
      const review = await this.options.provider.review(request, signal);
      if (isOver()) return;
      const anchored = anchorReview(review, text.answer.text, text.hash);
      // While it was reviewed a new chat may have got its address: the same conversation, now with a name.
      this.cache.set(conversation ?? navigation.conversation, text.hash, anchored);
      if (entry.text?.hash !== text.hash) return;
      entry.anchored = anchored;
      display.setState(entry, { type: 'reviewed', review });
    } catch (error) {
      if (isOver()) return;
      const message = error instanceof Error ? error.message : String(error);
      entry.anchored = null;
      display.setState(entry, { type: 'failed', message, retry: () => this.retry(entry) });
    }
    placer.place(entry);
    display.flush();
  }

  private retry(entry: Entry): void {
    if (this.options.signal.aborted || entry.state.type !== 'failed' || !this.parts.list.has(entry)) return;
    this.request(entry);
    this.parts.display.flush();
  }

  private prompt(element: Element): string | null {
    const { document, site } = this.options;
    this.turns ??= userTurns(document, site);
    return promptFor(element, site, this.turns);
  }
}
