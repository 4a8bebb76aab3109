/** Cuts an answer into tokens and hands them out at a given speed. No DOM, no React. */

/** Roughly what tokenisers of language models make of prose: up to six characters with the space before them. */
const TOKEN = /\s*\S{1,6}|\s+$/gu;

export function tokenise(text: string): string[] {
  return text.match(TOKEN) ?? (text === '' ? [] : [text]);
}

const TICK_MS = 16;

export interface StreamOptions {
  /** `Infinity` gives the whole answer at once. */
  readonly tokensPerSecond: number;
  readonly signal: AbortSignal;
  /** Called with the text so far; at most once in 16 ms, with all tokens that are due by then. */
  readonly onText: (text: string, tokens: number) => void;
}

/** Resolves when all tokens were given or the signal aborted. */
export function stream(text: string, { tokensPerSecond, signal, onText }: StreamOptions): Promise<void> {
  const tokens = tokenise(text);
  const ends: number[] = [];
  let length = 0;
  for (const token of tokens) ends.push((length += token.length));

  return new Promise((resolve) => {
    const start = performance.now();
    let given = 0;
    const tick = () => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const due = ((performance.now() - start) / 1000) * tokensPerSecond;
      const next = Number.isFinite(due) ? Math.min(tokens.length, Math.floor(due) + 1) : tokens.length;
      if (next > given) {
        given = next;
        onText(text.slice(0, ends[given - 1]), given);
      }
      if (given >= tokens.length) resolve();
      else setTimeout(tick, TICK_MS);
    };
    tick();
  });
}
