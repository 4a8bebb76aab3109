/** What the session says to the outside: answers and marks as they are shown, and what it needs from whoever starts it. */
import type { Answer, Finding, Review } from '../../review/types.ts';
import type { Clock } from '../clock.ts';
import type { InsertResult } from '../composer.ts';
import type { DriftReason } from '../drift.ts';
import type { HighlightApi } from '../highlights.ts';
import type { ReadAnswer, SkipReason } from '../reader.ts';
import type { Site } from '../sites/index.ts';

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
