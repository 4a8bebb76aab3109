import '../extension/fake-browser.ts';
import { describe, expect, it } from 'vitest';
import { badgeLook } from '../../../components/page/Badge.tsx';
import { badgePosition, visibleBox, type Box } from '../../../components/page/badge-position.ts';
import { createStore, sameMark, stepMark } from '../../../components/page/store.ts';
import { colourOf } from '../../../components/page/theme.ts';
import { sureness } from '../../../components/words.ts';
import type { Mark } from '../../../chat/session.ts';
import { finding, review } from '../extension/samples.ts';

const mark = (start: number, answerKey = 'a'): Mark => ({ finding: { ...finding, start, end: start + 3 }, range: {} as Range, answerKey });

describe('going from mark to mark', () => {
  const marks = [mark(0), mark(5), mark(2, 'b')];

  it('goes round at both ends', () => {
    expect(stepMark(marks, marks[2] ?? null, 1)).toBe(marks[0]);
    expect(stepMark(marks, marks[0] ?? null, -1)).toBe(marks[2]);
    expect(stepMark(marks, marks[0] ?? null, 1)).toBe(marks[1]);
  });

  it('starts at the first, or backwards at the last', () => {
    expect(stepMark(marks, null, 1)).toBe(marks[0]);
    expect(stepMark(marks, null, -1)).toBe(marks[2]);
    expect(stepMark([], null, 1)).toBeNull();
  });

  it('knows a mark again after a new review, by answer, rule and place', () => {
    expect(sameMark(mark(5), mark(5))).toBe(true);
    expect(sameMark(mark(5), mark(6))).toBe(false);
    expect(sameMark(mark(5), mark(5, 'b'))).toBe(false);
  });
});

describe('what a badge shows', () => {
  it.each([
    ['marks, whatever the state', { marks: [mark(0)], state: { type: 'reviewing' } }, 'marks'],
    ['that a review is running', { marks: [], state: { type: 'reviewing' } }, 'reviewing'],
    ['that a review failed', { marks: [], state: { type: 'failed', message: '', retry: () => undefined } }, 'failed'],
    ['nothing for a good answer', { marks: [], state: { type: 'reviewed', review } }, 'none'],
    ['nothing while the chatbot writes', { marks: [], state: { type: 'generating' } }, 'none'],
  ] as const)('%s', (_what, answer, look) => {
    expect(badgeLook(answer)).toBe(look);
  });
});

describe('where a badge goes', () => {
  const view: Box = { left: 0, top: 0, right: 1000, bottom: 800 };
  const size = { width: 40, height: 24 };
  const answer: Box = { left: 200, top: 100, right: 800, bottom: 500 };

  it('beside the upper end corner where there is room', () => {
    expect(badgePosition(answer, view, size, 'ltr')).toEqual({ x: 808, y: 100 });
    expect(badgePosition(answer, view, size, 'rtl')).toEqual({ x: 152, y: 100 });
  });

  it('across the corner where there is none', () => {
    expect(badgePosition({ ...answer, left: 0, right: 1000 }, view, size, 'ltr')).toEqual({ x: 960, y: 88 });
    expect(badgePosition({ ...answer, left: 0, right: 1000 }, view, size, 'rtl')).toEqual({ x: 0, y: 88 });
  });

  it('at the top of what can be seen while the beginning is scrolled away', () => {
    expect(badgePosition({ ...answer, top: -300 }, view, size, 'ltr')).toEqual({ x: 808, y: 8 });
  });

  it('nowhere when the answer is out of view', () => {
    expect(badgePosition({ ...answer, top: 900, bottom: 1000 }, view, size, 'ltr')).toBeNull();
    expect(badgePosition({ ...answer, top: -500, bottom: -10 }, view, size, 'ltr')).toBeNull();
    expect(badgePosition({ ...answer, left: 1100, right: 1500 }, view, size, 'ltr')).toBeNull();
  });

  it('within what the page itself shows', () => {
    const scroller = { getBoundingClientRect: () => ({ left: 100, top: 50, right: 900, bottom: 700 }) } as Element;
    expect(visibleBox([scroller], view)).toEqual({ left: 100, top: 50, right: 900, bottom: 700 });
  });
});

it('says how sure it is in words', () => {
  expect([0.3, 0.59, 0.6, 0.79, 0.8, 1].map(sureness)).toEqual(['unsure', 'unsure', 'likely', 'likely', 'quite', 'quite']);
});

it('reads the colours that browsers compute', () => {
  expect(colourOf('rgb(33, 33, 33)')).toEqual([33, 33, 33]);
  expect(colourOf('rgba(255, 255, 255, 0.9)')).toEqual([255, 255, 255]);
  expect(colourOf('rgba(0, 0, 0, 0)')).toBeNull();
  expect(colourOf('oklch(0.2 0 0)')).toBeNull();
});

it('tells everybody who listens, and nobody who has stopped', () => {
  const store = createStore({ a: 1, b: 1 });
  let calls = 0;
  const stop = store.subscribe(() => (calls += 1));
  store.set({ a: 2 });
  stop();
  store.set({ a: 3 });
  expect([calls, store.get()]).toEqual([1, { a: 3, b: 1 }]);
});
