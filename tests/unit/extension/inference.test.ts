import { describe, expect, it, vi } from 'vitest';
import { createOffscreenRoute, type OffscreenApi } from '../../../extension/background/inference-route.ts';
import { createInferenceEngine, type LoadedEngine } from '../../../extension/inference/engine.ts';
import { Cancelled, createQueue } from '../../../extension/inference/queue.ts';
import { createWorkerHost, type WorkerEnvelope, type WorkerLike } from '../../../extension/inference/worker-host.ts';
import type { InferenceRequest, ReviewJob } from '../../../extension/messages.ts';
import { job, review } from './samples.ts';

vi.mock('wxt/browser', () => ({ browser: {} }));

const ask = (id: string, visible = true, changed: Partial<ReviewJob> = {}): InferenceRequest => ({ to: 'inference', type: 'review', id, visible, job: { ...job, ...changed } });

describe('the queue', () => {
  it('does one job at a time, visible ones first, else in order', async () => {
    const queue = createQueue<string>();
    const done: string[] = [];
    let running = 0;
    const add = (id: string, visible: boolean) =>
      queue.add({
        id,
        visible,
        run: async () => {
          expect((running += 1)).toBe(1);
          await Promise.resolve();
          running -= 1;
          done.push(id);
          return id;
        },
      });
    await Promise.all([add('a', false), add('b', false), add('c', true), add('d', true)]);
    expect(done).toEqual(['c', 'd', 'a', 'b']);
  });

  it('joins a job that is sent twice, waiting or running', async () => {
    const queue = createQueue<number>();
    const run = vi.fn(async () => 1);
    const first = queue.add({ id: 'a', visible: false, run });
    const second = queue.add({ id: 'a', visible: true, run });
    expect(await Promise.all([first, second])).toEqual([1, 1]);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('cancels a waiting job without running it, and tells the running one', async () => {
    const queue = createQueue<number>();
    const never = vi.fn(async () => 1);
    const running = queue.add({ id: 'a', visible: true, run: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) });
    const waiting = queue.add({ id: 'b', visible: true, run: never });
    await Promise.resolve();
    queue.cancel('b');
    await expect(waiting).rejects.toThrow(Cancelled);
    queue.cancel('a');
    await expect(running).rejects.toThrow(Cancelled);
    expect(never).not.toHaveBeenCalled();
    expect(queue.size).toBe(0);
  });

  it('goes on after a job that failed', async () => {
    const queue = createQueue<number>();
    const bad = queue.add({ id: 'a', visible: true, run: () => Promise.reject(new Error('no')) });
    const good = queue.add({ id: 'b', visible: true, run: async () => 2 });
    await expect(bad).rejects.toThrow('no');
    expect(await good).toBe(2);
  });
});

function loaded(changed: Partial<LoadedEngine> = {}): LoadedEngine {
  return { review: async () => review, versions: 'v1', description: { audiences: [], packs: '', problems: [], classifier: { state: 'absent', reason: 'test' } }, ...changed };
}

describe('the engine', () => {
  it('remembers reviews by everything that can change them', async () => {
    const run = vi.fn(async () => review);
    const engine = createInferenceEngine(async () => loaded({ review: run }));
    await engine.handle(ask('1'));
    await engine.handle(ask('2'));
    expect(run).toHaveBeenCalledTimes(1);
    await engine.handle(ask('3', true, { audience: { locale: 'ja-JP' } }));
    await engine.handle(ask('4', true, { sensitivity: 'quiet' }));
    await engine.handle(ask('5', true, { uiLanguage: 'de' }));
    expect(run).toHaveBeenCalledTimes(4);
  });

  it('answers with the reason when a review fails, and goes on', async () => {
    let first = true;
    const engine = createInferenceEngine(async () =>
      loaded({
        review: async () => {
          if (!first) return review;
          first = false;
          throw new Error('bad passage');
        },
      }),
    );
    expect(await engine.handle(ask('1'))).toEqual({ ok: false, code: 'failed', message: 'bad passage' });
    expect(await engine.handle(ask('2'))).toEqual({ ok: true, review });
  });

  it('tries to load again after a failed load', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('disk')).mockResolvedValue(loaded());
    const engine = createInferenceEngine(load);
    expect(await engine.handle({ to: 'inference', type: 'describe', id: 'a' })).toMatchObject({ ok: false, message: 'disk' });
    expect(await engine.handle({ to: 'inference', type: 'describe', id: 'b' })).toMatchObject({ ok: true });
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('says that a cancelled review was cancelled', async () => {
    const engine = createInferenceEngine(async () => loaded());
    const reply = engine.handle(ask('1'));
    await engine.handle({ to: 'inference', type: 'cancel', id: '1' });
    expect(await reply).toMatchObject({ ok: false, code: 'cancelled' });
  });
});

class FakeWorker implements WorkerLike {
  readonly sent: WorkerEnvelope[] = [];
  readonly #listeners = new Map<string, (event: never) => void>();
  terminated = false;
  postMessage(message: unknown): void {
    this.sent.push(message as WorkerEnvelope);
  }
  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }
  terminate(): void {
    this.terminated = true;
  }
  fire(type: string, event: unknown): void {
    this.#listeners.get(type)?.(event as never);
  }
}

describe('the owner of the Worker', () => {
  function host() {
    const workers: FakeWorker[] = [];
    const made = createWorkerHost(() => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    });
    return { made, workers };
  }

  it('pairs replies with requests, in any order', async () => {
    const { made, workers } = host();
    const first = made.ask(ask('1'));
    const second = made.ask({ to: 'inference', type: 'cancel', id: '1' });
    workers[0]?.fire('message', { data: { ticket: 2, reply: null } });
    workers[0]?.fire('message', { data: { ticket: 1, reply: { ok: true, review } } });
    expect(await second).toBeNull();
    expect(await first).toEqual({ ok: true, review });
    expect(made.pending).toBe(0);
  });

  it.each([
    ['crashes', 'error', { message: 'out of memory' }],
    ['talks nonsense', 'message', { data: 'nonsense' }],
  ])('starts a new Worker when one %s; whoever waited may ask again', async (_what, type, event) => {
    const { made, workers } = host();
    const lost = made.ask(ask('1'));
    workers[0]?.fire(type, event);
    expect(await lost).toMatchObject({ ok: false, code: 'unavailable' });
    expect(workers[0]?.terminated).toBe(true);
    const again = made.ask(ask('1'));
    expect(workers).toHaveLength(2);
    workers[1]?.fire('message', { data: { ticket: workers[1].sent[0]?.ticket, reply: { ok: true, review } } });
    expect(await again).toEqual({ ok: true, review });
  });

  it('says so when no Worker can be started', async () => {
    const made = createWorkerHost(() => {
      throw new Error('refused');
    });
    expect(await made.ask(ask('1'))).toMatchObject({ ok: false, code: 'unavailable', message: 'refused' });
  });
});

describe('the way to the offscreen document', () => {
  function api(changed: Partial<OffscreenApi> = {}) {
    let there = false;
    const made = {
      exists: vi.fn(async () => there),
      create: vi.fn(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (there) throw new Error('Only a single offscreen document may be created.');
        there = true;
      }),
      send: vi.fn(async (): Promise<unknown> => ({ ok: true, review })),
      ...changed,
    };
    return { made, close: () => (there = false) };
  }

  it('creates one document for many requests at once', async () => {
    const { made } = api();
    const route = createOffscreenRoute(made);
    await Promise.all(['1', '2', '3'].map((id) => route.forward(ask(id))));
    expect(made.create).toHaveBeenCalledTimes(1);
    expect(made.send).toHaveBeenCalledTimes(3);
  });

  it('makes a new one when the old one has closed itself', async () => {
    const { made, close } = api();
    const route = createOffscreenRoute(made);
    await route.forward(ask('1'));
    close();
    await route.forward(ask('2'));
    expect(made.create).toHaveBeenCalledTimes(2);
  });

  it('never rejects: what is lost is `unavailable`', async () => {
    const route = createOffscreenRoute(api({ send: async () => undefined }).made);
    expect(await route.forward(ask('1'))).toMatchObject({ ok: false, code: 'unavailable' });
    const broken = createOffscreenRoute(api({ create: () => Promise.reject(new Error('no')) }).made);
    expect(await broken.forward(ask('1'))).toMatchObject({ ok: false, code: 'unavailable', message: 'no' });
  });

  it('goes on when another life of the service worker has made the document meanwhile', async () => {
    let there = false;
    const { made } = api({
      exists: async () => there,
      create: async () => {
        there = true;
        throw new Error('Only a single offscreen document may be created.');
      },
    });
    expect(await createOffscreenRoute(made).forward(ask('1'))).toEqual({ ok: true, review });
  });

  it('does not create a document just to cancel', async () => {
    const { made } = api();
    expect(await createOffscreenRoute(made).forward({ to: 'inference', type: 'cancel', id: '1' })).toBeNull();
    expect(made.create).not.toHaveBeenCalled();
  });
});
