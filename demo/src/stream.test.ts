import { expect, it } from 'vitest';
import { stream, tokenise } from './stream.ts';

it.each(['', 'Hello', ' lead and trail \n', 'お世話になっております。', 'a 👨‍👩‍👧 b', 'half \uD83D and \uDE00', '\n\n', 'x'.repeat(100)])(
  'cuts %j without losing a character',
  (text) => {
    expect(tokenise(text).join('')).toBe(text);
  },
);

it('does not cut a surrogate pair', () => {
  for (const token of tokenise('😀'.repeat(20))) expect(token.isWellFormed()).toBe(true);
});

it('gives growing beginnings of the text and ends with all of it', async () => {
  const seen: string[] = [];
  const text = 'One two three four five six seven.';
  await stream(text, { tokensPerSecond: 300, signal: new AbortController().signal, onText: (soFar) => seen.push(soFar) });
  expect(seen.length).toBeGreaterThan(1);
  for (const soFar of seen) expect(text.startsWith(soFar)).toBe(true);
  expect(seen.at(-1)).toBe(text);
});

it('stops when it is told to', async () => {
  const controller = new AbortController();
  let last = '';
  const done = stream('word '.repeat(500), { tokensPerSecond: 50, signal: controller.signal, onText: (text) => (last = text) });
  controller.abort();
  await done;
  expect(last.length).toBeLessThan(100);
});

it('gives everything at once at infinite speed', async () => {
  let calls = 0;
  await stream('word '.repeat(500), { tokensPerSecond: Infinity, signal: new AbortController().signal, onText: () => calls++ });
  expect(calls).toBe(1);
});
