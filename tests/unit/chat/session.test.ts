// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../chat/clock.ts';
import type { DriftReason } from '../../../chat/drift.ts';
import { startChatSession, type AnswerView, type ChatSession, type ReviewRequest } from '../../../chat/session.ts';
import type { Answer, Finding, Review } from '../../../review/types.ts';
import { fakeHighlights, load, site } from './dom.ts';

/** A clock that stands still until it is moved. */
class HandClock implements Clock {
  private time = 0;
  private timers: { at: number; run: () => void }[] = [];
  now(): number {
    return this.time;
  }
  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => void (this.timers = this.timers.filter((each) => each !== timer));
  }
  idle(run: (timeLeft: () => number) => void): () => void {
    return this.after(0, () => run(() => 10));
  }
  /** Moves on, and lets promises and observers have their turn in between. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
      await settle();
    }
    this.time = until;
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
}

/** Finds the word "always" in everything. */
function reviewOf(answer: Answer): Review {
  const findings: Finding[] = [...answer.text.matchAll(/always/gu)].map(({ index }) => ({
    kind: 'stereotype.generalisation',
    start: index,
    end: index + 6,
    quote: 'always',
    severity: 2,
    confidence: 0.8,
    rule: 'test',
    message: '',
    why: '',
    evidence: [],
    suggestion: { text: '' },
  }));
  return {
    language: 'en',
    situation: 'casual',
    situationFrom: 'default',
    findings,
    more: [],
    classifier: { state: 'absent', reason: 'test' },
  };
}

let clock: HandClock;
let session: ChatSession;
let requests: ReviewRequest[];
let aborted: string[];
let drifts: DriftReason[];
let latest: readonly AnswerView[];
let end: AbortController;
let highlights: ReturnType<typeof fakeHighlights>;
let respond: (request: ReviewRequest) => Promise<Review>;
let hidden: Set<string>;

const log = (): Element => document.querySelector('#log')!;
const say = (text: string): void => log().insertAdjacentHTML('beforeend', `<div data-role="user">${text}</div>`);
function answer(id: string, html: string, streaming = false): Element {
  log().insertAdjacentHTML(
    'beforeend',
    `<div data-role="assistant" data-message-id="${id}" data-streaming="${streaming}"><div class="answer-text">${html}</div></div>`,
  );
  return log().lastElementChild!;
}
const rootOf = (element: Element): Element => element.querySelector('.answer-text')!;
const states = (): string[] => session.answers().map((view) => `${view.key} ${view.state.type} ${view.marks.length}`);

function start(): void {
  session = startChatSession({
    document,
    site: site('demo'),
    signal: end.signal,
    clock,
    highlights,
    provider: {
      review(request, signal) {
        requests.push(request);
        signal.addEventListener('abort', () => aborted.push(request.key));
        return respond(request);
      },
    },
    isShown: (finding) => !hidden.has(finding.rule),
    onChange: (views) => void (latest = views),
    onDrift: (reason) => drifts.push(reason),
  });
}

beforeEach(() => {
  load('<body><main data-attune-demo><div id="log"></div><textarea data-testid="composer"></textarea></main></body>');
  history.replaceState(null, '', '/');
  clock = new HandClock();
  end = new AbortController();
  highlights = fakeHighlights();
  requests = [];
  aborted = [];
  drifts = [];
  latest = [];
  hidden = new Set();
  respond = (request) => Promise.resolve(reviewOf(request.answer));
});

afterEach(() => end.abort());

describe('a page with old answers', () => {
  it('reviews them once they stand still, with their prompts, and marks them', async () => {
    say('What about Ulm?');
    answer('a', '<p>It is always nice.</p>');
    start();
    await clock.pass(500);
    expect(requests).toEqual([]);
    await clock.pass(700);
    expect(requests).toEqual([
      {
        key: 'demo:a',
        answer: expect.objectContaining({ text: 'It is always nice.', prompt: 'What about Ulm?' }),
        conversation: null,
        visible: expect.any(Boolean),
      },
    ]);
    expect(states()).toEqual(['demo:a reviewed 1']);
    expect(latest).toBe(session.answers());
    expect(latest[0]!.marks[0]!.range.toString()).toBe('always');
    expect(highlights.registry.get('attune-stereotype')!.size).toBe(1);
  });

  it('asks for one review at a time', async () => {
    answer('a', '<p>one</p>');
    answer('b', '<p>two</p>');
    const finish: (() => void)[] = [];
    respond = (request) => new Promise((resolve) => finish.push(() => resolve(reviewOf(request.answer))));
    start();
    await clock.pass(2000);
    expect(requests).toHaveLength(1);
    finish[0]!();
    await clock.pass(200);
    expect(requests).toHaveLength(2);
  });
});

describe('while an answer is written', () => {
  it('waits for its end, and reviews it once', async () => {
    start();
    const element = answer('a', '', true);
    for (let i = 0; i < 20; i += 1) {
      rootOf(element).append(`always ${i} `);
      await clock.pass(150);
    }
    await clock.pass(5000);
    expect(states()).toEqual(['demo:a generating 0']);
    element.setAttribute('data-streaming', 'false');
    await clock.pass(2000);
    expect(requests).toHaveLength(1);
    expect(states()).toEqual(['demo:a reviewed 20']);
  });

  it('starts over when it is written again, and shows no marks meanwhile', async () => {
    const element = answer('a', '<p>It is always nice.</p>');
    start();
    await clock.pass(1500);
    rootOf(element).innerHTML = '<p>It is often';
    await clock.pass(200);
    expect(states()).toEqual(['demo:a generating 0']);
    rootOf(element).innerHTML = '<p>It is often nice.</p>';
    await clock.pass(1500);
    expect(states()).toEqual(['demo:a reviewed 0']);
    expect(requests).toHaveLength(2);
    expect(highlights.registry.size).toBe(0);
  });

  it('keeps marks whose words are still there until the new review comes', async () => {
    const element = answer('a', '<p>It is always nice, they say, and always was.</p>');
    start();
    await clock.pass(1500);
    respond = () => new Promise(() => {});
    rootOf(element).innerHTML = '<p>Well: it is always nice, they say, and never was.</p>';
    await clock.pass(1500);
    expect(states()).toEqual(['demo:a reviewing 1']);
    expect(session.answers()[0]!.marks[0]!.range.toString()).toBe('always');
  });
});

describe('whatever the page does', () => {
  beforeEach(async () => {
    say('Q');
    answer('a', '<p>It is always nice.</p>');
    start();
    await clock.pass(1500);
    expect(states()).toEqual(['demo:a reviewed 1']);
  });

  it('marks a redrawn answer again at once, without a new review', async () => {
    const root = rootOf(document.querySelector('[data-message-id="a"]')!);
    root.innerHTML = '<p>It <em>is</em> always nice.</p>';
    await clock.pass(200);
    expect(states()).toEqual(['demo:a reviewed 1']);
    expect(session.answers()[0]!.marks[0]!.range.startContainer.isConnected).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it('knows an answer that was unmounted and comes back', async () => {
    const element = document.querySelector('[data-message-id="a"]')!;
    const copy = element.cloneNode(true);
    element.remove();
    await clock.pass(200);
    expect(states()).toEqual([]);
    expect(highlights.registry.size).toBe(0);
    log().append(copy);
    await clock.pass(200);
    expect(states()).toEqual(['demo:a reviewed 1']);
    expect(requests).toHaveLength(1);
  });

  it('loses nothing when a new chat gets its address', async () => {
    history.pushState(null, '', '/c/new-one');
    await clock.pass(1200);
    expect(session.conversation).toBe('new-one');
    expect(states()).toEqual(['demo:a reviewed 1']);
    const copy = document.querySelector('[data-message-id="a"]')!.cloneNode(true);
    log().innerHTML = '';
    log().append(copy);
    await clock.pass(300);
    expect(states()).toEqual(['demo:a reviewed 1']);
    expect(requests).toHaveLength(1);
  });

  it('starts anew in another conversation, and gives up what it was doing', async () => {
    history.pushState(null, '', '/c/one');
    await clock.pass(1200);
    respond = () => new Promise(() => {});
    answer('b', '<p>unfinished business</p>');
    await clock.pass(1500);
    expect(requests.at(-1)!.key).toBe('demo:b');
    history.pushState(null, '', '/c/two');
    log().innerHTML = '';
    answer('c', '<p>other</p>');
    await clock.pass(1500);
    expect(aborted).toEqual(['demo:b']);
    expect(requests.at(-1)).toMatchObject({ key: 'demo:c', conversation: 'two' });
  });

  it('gives up a review when the page puts another conversation into the same node', async () => {
    history.pushState(null, '', '/c/one');
    await clock.pass(1200);
    respond = () => new Promise(() => {});
    const reused = answer('b', '<p>unfinished business</p>');
    await clock.pass(1500);
    history.pushState(null, '', '/c/two');
    window.dispatchEvent(new Event('popstate'));
    await clock.pass(200);
    expect(aborted).toEqual(['demo:b']);
    await clock.pass(1000);
    expect(reused.isConnected).toBe(true);
    expect(requests.at(-1)).toMatchObject({ conversation: 'two' });
  });

  it('reviews everything again when the audience changes, and only looks again when a rule is muted', async () => {
    hidden.add('test');
    session.refresh();
    expect(states()).toEqual(['demo:a reviewed 0']);
    expect(requests).toHaveLength(1);
    hidden.clear();
    session.rerun();
    await clock.pass(300);
    expect(states()).toEqual(['demo:a reviewed 1']);
    expect(requests).toHaveLength(2);
  });

  it('leaves the page as it was, and nothing behind at the end', () => {
    expect(document.documentElement.outerHTML).not.toMatch(/attune-(?!demo)/u);
    end.abort();
    expect(highlights.registry.size).toBe(0);
    expect(session.answers()).toEqual([]);
  });

  it('follows the open mark through a redraw', async () => {
    session.setActive(session.answers()[0]!.marks[0]!);
    expect(highlights.registry.get('attune-active')!.size).toBe(1);
    rootOf(document.querySelector('[data-message-id="a"]')!).innerHTML = '<p>It is <b>always</b> nice.</p>';
    await clock.pass(200);
    const [range] = highlights.registry.get('attune-active')!.ranges;
    expect(range!.startContainer.isConnected).toBe(true);
    session.setActive(null);
    expect(highlights.registry.has('attune-active')).toBe(false);
  });
});

describe('when something is wrong', () => {
  it('says why a review failed, does not remember it, and tries again when asked', async () => {
    answer('a', '<p>always</p>');
    respond = () => Promise.reject(new Error('no model'));
    start();
    await clock.pass(1500);
    const { state } = session.answers()[0]!;
    expect(state).toMatchObject({ type: 'failed', message: 'no model' });
    respond = (request) => Promise.resolve(reviewOf(request.answer));
    if (state.type === 'failed') state.retry();
    await clock.pass(200);
    expect(states()).toEqual(['demo:a reviewed 1']);
  });

  it('skips an answer without a text root and reports the drift, once', async () => {
    say('Q');
    log().insertAdjacentHTML('beforeend', '<div data-role="assistant" data-message-id="a"><div class="renamed">Demo said: hi</div></div>');
    start();
    await clock.pass(25_000);
    expect(session.answers()[0]!.state).toEqual({ type: 'skipped', reason: 'no-content' });
    expect(requests).toEqual([]);
    expect(drifts).toEqual([{ type: 'no-content', responses: 1 }]);
  });

  it('reports a page whose answers it cannot find', async () => {
    say('Q');
    log().insertAdjacentHTML('beforeend', '<div data-renamed="assistant"><div class="answer-text">hi</div></div>');
    start();
    await clock.pass(25_000);
    expect(drifts).toEqual([{ type: 'no-response', seen: 'user-turn' }]);
  });

  it('gives two answers with the same text and no id different keys', async () => {
    log().insertAdjacentHTML('beforeend', '<div data-role="assistant"><div class="answer-text">same</div></div>'.repeat(2));
    start();
    await clock.pass(1500);
    const keys = session.answers().map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    // The same words in the same conversation are the same review.
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it('sees a root that the page replaced', async () => {
    start();
    await clock.pass(200);
    document.querySelector('main')!.remove();
    document.body.insertAdjacentHTML('beforeend', '<main data-attune-demo><div id="log"></div></main>');
    await clock.pass(1200);
    answer('z', '<p>always</p>');
    await clock.pass(2500);
    expect(states()).toEqual(['demo:z reviewed 1']);
  });
});
