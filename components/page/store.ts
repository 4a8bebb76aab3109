/** The state of our UI on a page: one immutable picture, replaced on every change. */
import type { AnswerView, Mark } from '../../chat/session.ts';

/** The mark whose popover is open. */
export interface OpenMark {
  readonly mark: Mark;
  /** Where focus goes when it closes. */
  readonly returnTo: HTMLElement | null;
}

export interface Notice {
  readonly text: string;
  readonly problem?: boolean;
  readonly undo?: () => void;
}

export interface PageState {
  readonly answers: readonly AnswerView[];
  readonly open: OpenMark | null;
  readonly notice: Notice | null;
  /** The audience's locale, for "for readers in …". */
  readonly locale: string | null;
  readonly theme: 'light' | 'dark';
  readonly canInsert: boolean;
  /** Said to screen readers when the newest answer got marks. */
  readonly announcement: string;
}

export const EMPTY_PAGE: PageState = { answers: [], open: null, notice: null, locale: null, theme: 'light', canInsert: false, announcement: '' };

export interface Store<T> {
  readonly get: () => T;
  readonly set: (change: Partial<T>) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore<T extends object>(initial: T): Store<T> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** All marks of the conversation in reading order. */
export function allMarks(answers: readonly AnswerView[]): Mark[] {
  return answers.flatMap(({ marks }) => marks);
}

/** Marks are made anew with every review; the same place and rule is the same mark to a reader. */
export function sameMark(a: Mark, b: Mark): boolean {
  return a.answerKey === b.answerKey && a.finding.rule === b.finding.rule && a.finding.start === b.finding.start && a.finding.end === b.finding.end;
}

/** The mark `by` steps away, going round at the ends; the first (or last) one when none is open. */
export function stepMark(marks: readonly Mark[], from: Mark | null, by: 1 | -1): Mark | null {
  if (marks.length === 0) return null;
  const at = from ? marks.findIndex((mark) => sameMark(mark, from)) : -1;
  const next = at === -1 ? (by === 1 ? 0 : marks.length - 1) : (at + by + marks.length) % marks.length;
  return marks[next] ?? null;
}
