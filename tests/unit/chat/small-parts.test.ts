// @vitest-environment happy-dom
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { insertPrompt } from '../../../chat/composer.ts';
import { DRIFT_AFTER_MS, DriftWatch, type PageHealth } from '../../../chat/drift.ts';
import { hashText } from '../../../chat/hash.ts';
import { HighlightPainter } from '../../../chat/highlights.ts';
import { Lru } from '../../../chat/lru.ts';
import { ReviewQueue } from '../../../chat/review-queue.ts';
import { readSelection } from '../../../chat/selection.ts';
import { fakeHighlights, load, site } from './dom.ts';

describe('highlights', () => {
  const rangeIn = (element: Element): Range => {
    const range = document.createRange();
    range.setStart(element.firstChild!, 0);
    range.setEnd(element.firstChild!, 3);
    return range;
  };

  beforeEach(() => void load('<body><p>one two three</p></body>'));

  it('never keeps a dead range, however often it paints', () => {
    const api = fakeHighlights();
    const painter = new HighlightPainter(api);
    for (let turn = 0; turn < 100; turn += 1) {
      const paragraph = document.querySelector('p')!;
      paragraph.textContent = `one two three ${turn}`;
      painter.paint(new Map([['tone', [rangeIn(paragraph)]]]));
    }
    expect(api.registry.get('attune-tone')!.size).toBe(1);
    const gone = rangeIn(document.querySelector('p')!);
    document.querySelector('p')!.remove();
    painter.paint(new Map([['tone', [gone]]]));
    expect([...api.registry.keys()]).toEqual([]);
  });

  it('puts the open mark above the others and takes everything away at the end', () => {
    const api = fakeHighlights();
    const painter = new HighlightPainter(api);
    const range = rangeIn(document.querySelector('p')!);
    painter.paint(
      new Map([
        ['norm', [range]],
        ['tone', [range]],
      ]),
    );
    painter.paintActive(range);
    const priority = (name: string): number => api.registry.get(name)!.priority;
    expect(priority('attune-active')).toBeGreaterThan(Math.max(priority('attune-norm'), priority('attune-tone')));
    painter.clear();
    expect(api.registry.size).toBe(0);
  });
});

describe('composer', () => {
  it('appends to a textarea and tells the page', () => {
    load('<body><textarea data-testid="composer">Hello </textarea></body>');
    const field = document.querySelector('textarea')!;
    const heard = vi.fn();
    document.body.addEventListener('input', heard);
    expect(insertPrompt(site('demo'), document, 'Please use “Sie”.')).toEqual({ type: 'inserted' });
    expect(field.value).toBe('Hello\n\nPlease use “Sie”.');
    expect(heard).toHaveBeenCalledOnce();
  });

  it('goes past a setter that a framework put on the field', () => {
    load('<body><textarea data-testid="composer"></textarea></body>');
    const field = document.querySelector('textarea')!;
    const own = vi.fn();
    Object.defineProperty(field, 'value', {
      set: own,
      get: () => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field) as object, 'value')!.get!.call(field) as string,
      configurable: true,
    });
    expect(insertPrompt(site('demo'), document, 'x').type).toBe('inserted');
    expect(own).not.toHaveBeenCalled();
  });

  it('never sends: no form, no key, no click', () => {
    load('<body><form><textarea data-testid="composer"></textarea><button>Send</button></form></body>');
    const sent = vi.fn();
    for (const type of ['submit', 'keydown', 'keypress', 'click']) document.body.addEventListener(type, sent);
    insertPrompt(site('demo'), document, 'one\ntwo\n');
    expect(sent).not.toHaveBeenCalled();
  });

  it('says why when it cannot', () => {
    load('<body></body>');
    expect(insertPrompt(site('demo'), document, 'x')).toEqual({ type: 'unavailable', reason: 'no-composer' });
    load('<body><textarea data-testid="composer" disabled></textarea></body>');
    expect(insertPrompt(site('demo'), document, 'x')).toEqual({ type: 'unavailable', reason: 'disabled' });
    load('<body><div id="prompt-textarea" contenteditable="true"><p></p></div></body>');
    expect(insertPrompt(site('chatgpt'), document, 'x')).toEqual({ type: 'unavailable', reason: 'refused' });
  });
});

describe('selection', () => {
  const select = (start: Node, from: number, end: Node, to: number): void => {
    const range = document.createRange();
    range.setStart(start, from);
    range.setEnd(end, to);
    const selection = document.getSelection()!;
    selection.removeAllRanges();
    selection.addRange(range);
  };

  it('reads just what is selected, with the way back', () => {
    load('<body><article><p id="a">One two <b>three</b>.</p><ul><li id="b">four five</li></ul><p>six</p></article></body>');
    select(document.querySelector('#a')!.firstChild!, 4, document.querySelector('#b')!.firstChild!, 4);
    const result = readSelection(document);
    if (result.type !== 'answer') throw new Error(result.reason);
    expect(result.answer.text).toBe('two three.\nfour');
    expect(result.answer.blocks.map(({ kind }) => kind)).toEqual(['paragraph', 'list']);
    expect(result.answer.toRange({ start: 4, end: 9 })?.toString()).toBe('three');
  });

  it('knows that it is in the middle of code', () => {
    load('<body><pre><span id="a">let x = 1</span></pre></body>');
    const text = document.querySelector('#a')!.firstChild!;
    select(text, 0, text, 5);
    const result = readSelection(document);
    expect(result.type === 'answer' && result.answer.blocks[0]!.kind).toBe('code');
  });

  it('says why there is nothing to read', () => {
    load('<body><p>x</p><div contenteditable="true"><p id="e">my own words</p></div><textarea>typed</textarea></body>');
    document.getSelection()!.removeAllRanges();
    expect(readSelection(document)).toEqual({ type: 'none', reason: 'nothing-selected' });
    const own = document.querySelector('#e')!.firstChild!;
    select(own, 0, own, 5);
    expect(readSelection(document)).toEqual({ type: 'none', reason: 'in-editor' });
    const field = document.querySelector('textarea')!;
    field.focus();
    field.setSelectionRange(0, 3);
    expect(readSelection(document)).toEqual({ type: 'none', reason: 'in-form-field' });
  });
});

describe('drift', () => {
  const fine: PageHealth = {
    now: 0,
    conversation: 'c',
    responses: 1,
    withoutContent: 0,
    hasUserTurn: false,
    hasComposer: true,
    hasWordlessTurn: false,
    isWriting: false,
  };
  const looks = (...health: readonly Partial<PageHealth>[]): unknown[] => {
    const watch = new DriftWatch();
    return health.map((each) => watch.look({ ...fine, ...each }));
  };

  it('speaks up once, after the page had its time', () => {
    const broken = { responses: 0, hasUserTurn: true };
    expect(
      looks(broken, { ...broken, now: DRIFT_AFTER_MS - 1 }, { ...broken, now: DRIFT_AFTER_MS }, { ...broken, now: 2 * DRIFT_AFTER_MS }),
    ).toEqual([null, null, { type: 'no-response', seen: 'user-turn' }, null]);
  });
  it('keeps quiet about new chats, images and answers that are on their way', () => {
    for (const quiet of [
      { conversation: null, responses: 0 },
      { responses: 0, hasWordlessTurn: true, hasUserTurn: true },
      { responses: 0, hasUserTurn: true, isWriting: true },
      {},
    ]) {
      expect(looks(quiet, { ...quiet, now: 3 * DRIFT_AFTER_MS })).toEqual([null, null]);
    }
  });
  it('notices text roots that are gone', () => {
    const broken = { responses: 2, withoutContent: 2 };
    expect(looks(broken, { ...broken, now: DRIFT_AFTER_MS })[1]).toEqual({ type: 'no-content', responses: 2 });
    expect(looks({ ...broken, withoutContent: 1 }, { ...broken, withoutContent: 1, now: DRIFT_AFTER_MS })[1]).toBeNull();
  });
});

describe('queue', () => {
  interface Item {
    readonly name: string;
    readonly rank: number;
  }
  const setUp = (): { queue: ReviewQueue<Item>; started: { name: string; signal: AbortSignal; finish: () => void }[] } => {
    const started: { name: string; signal: AbortSignal; finish: () => void }[] = [];
    const queue = new ReviewQueue<Item>(
      ({ item, signal }) => new Promise((resolve) => started.push({ name: item.name, signal, finish: resolve })),
      ({ rank }) => rank,
    );
    return { queue, started };
  };
  const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

  it('has one job at a time, the highest first', async () => {
    const { queue, started } = setUp();
    queue.add({ name: 'far', rank: 1 });
    queue.add({ name: 'near', rank: 2 });
    queue.start();
    queue.start();
    expect(started.map(({ name }) => name)).toEqual(['near']);
    started[0]!.finish();
    await tick();
    expect(started.map(({ name }) => name)).toEqual(['near', 'far']);
  });

  it('gives up what is not wanted, and goes on with the rest', async () => {
    const { queue, started } = setUp();
    const first = { name: 'first', rank: 2 };
    queue.add(first);
    queue.add({ name: 'second', rank: 1 });
    queue.start();
    queue.remove(first);
    expect(started[0]!.signal.aborted).toBe(true);
    queue.start();
    started[0]!.finish();
    await tick();
    expect(started.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(started[1]!.signal.aborted).toBe(false);
  });
});

describe('small tools', () => {
  it('hash tells texts apart and says the same twice', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => (hashText(a) === hashText(b)) === (a === b)));
  });
  it('forgets what was used longest ago', () => {
    const lru = new Lru<number>(2);
    lru.set('a', 1);
    lru.set('b', 2);
    lru.get('a');
    lru.set('c', 3);
    expect(lru.keys()).toEqual(['a', 'c']);
  });
});
