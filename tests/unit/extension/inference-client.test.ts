import { describe, expect, it } from 'vitest';
import { createInferenceClient, InferenceError } from '../../../extension/inference-client.ts';
import type { BackgroundRequest } from '../../../extension/messages.ts';
import { job, review } from './samples.ts';

const good = { ok: true, review };
const gone = (message: string) => ({ ok: false, code: 'unavailable', message });
type Step = unknown;

/** A background script that plays a script: values are answers, errors are rejections, 'silence' never answers. */
function client(steps: Step[], timeoutMs = 50) {
  const sent: BackgroundRequest[] = [];
  const made = createInferenceClient({
    delaysMs: [1, 1, 1],
    timeoutMs,
    newId: () => 'id-1',
    send: (message) => {
      sent.push(message);
      if (message.type === 'inference' && message.request.type === 'cancel') return Promise.resolve(null);
      const step = steps.shift();
      if (step === 'silence') return new Promise(() => undefined);
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
    },
  });
  const reviews = () => sent.filter((message) => message.type === 'inference' && message.request.type === 'review');
  const cancels = () => sent.filter((message) => message.type === 'inference' && message.request.type === 'cancel');
  return { made, reviews, cancels };
}

describe('the inference client', () => {
  it('gives back the review', async () => {
    const { made, reviews } = client([good]);
    expect(await made.review(job, { visible: true })).toEqual(review);
    expect(reviews()).toHaveLength(1);
  });

  it.each([
    ['the service worker died (no answer)', undefined],
    ['the service worker died (channel closed)', new Error('A listener indicated an asynchronous response … but the message channel closed')],
    ['nobody was there', new Error('Could not establish connection. Receiving end does not exist.')],
    ['the offscreen document was closed', gone('The review engine went away.')],
    ['the answer never came', 'silence'],
    ['the answer was nonsense', { ok: true, review: { findings: 7 } }],
  ])('asks again with the same id when %s', async (_what, first) => {
    const { made, reviews } = client([first, good]);
    expect(await made.review(job, { visible: true })).toEqual(review);
    expect(reviews()).toHaveLength(2);
    expect(new Set(reviews().map((message) => JSON.stringify(message))).size).toBe(1);
  });

  it('gives up after a bounded number of tries, with the last reason', async () => {
    const { made, reviews } = client([gone('one'), gone('two'), gone('three'), gone('four'), good]);
    await expect(made.review(job, { visible: true })).rejects.toMatchObject({ code: 'unavailable', message: 'four' });
    expect(reviews()).toHaveLength(4);
  });

  it('does not repeat what would fail again', async () => {
    const { made, reviews } = client([{ ok: false, code: 'failed', message: 'a fault in the engine' }, good]);
    await expect(made.review(job, { visible: true })).rejects.toMatchObject({ code: 'failed' });
    expect(reviews()).toHaveLength(1);
  });

  it('knows when the extension was updated under it', async () => {
    const { made, reviews } = client([new Error('Extension context invalidated.'), good]);
    await expect(made.review(job, { visible: true })).rejects.toMatchObject({ code: 'extension-updated' });
    expect(reviews()).toHaveLength(1);
  });

  it('cancels: nothing is waited for, and the host is told', async () => {
    const { made, cancels } = client(['silence'], 10_000);
    const abort = new AbortController();
    const promise = made.review(job, { visible: true, signal: abort.signal });
    abort.abort();
    await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
    expect(cancels()).toHaveLength(1);
  });

  it('cancels during a pause between two tries', async () => {
    const abort = new AbortController();
    const made = createInferenceClient({ delaysMs: [60_000], send: () => Promise.resolve(undefined) });
    const promise = made.review(job, { visible: true, signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(promise).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('describes the engine', async () => {
    const engine = { audiences: [{ locale: 'de-DE', name: { en: 'German (Germany)' } }], packs: 'de-DE@1.0.0', problems: [], classifier: { state: 'ready', model: 'm@1' } };
    const { made } = client([undefined, { ok: true, engine }]);
    expect(await made.describe()).toEqual(engine);
  });

  it('has an error that says what kind of failure it is', () => {
    expect(new InferenceError('failed', 'why')).toMatchObject({ name: 'InferenceError', code: 'failed', message: 'why' });
  });
});
