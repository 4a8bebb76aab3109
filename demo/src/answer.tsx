/** One answer: its hidden label, the folded reasoning, the text and the buttons below it. */
import { memo, useRef, useState, type ReactElement } from 'react';
import { Block, splitBlocks, type Blocks } from './markdown.tsx';
import type { AssistantTurn, ChatStore } from './store.ts';

export interface AnswerProps {
  readonly turn: AssistantTurn;
  readonly store: ChatStore;
}

export const Answer = memo(function Answer({ turn, store }: AnswerProps): ReactElement {
  const finished = !turn.streaming;
  return (
    <article data-role="assistant" data-message-id={turn.id} data-streaming={String(turn.streaming)}>
      <h2 className="sr-only">Assistant said:</h2>
      {turn.reasoning && (
        <details className="reasoning">
          <summary>Thought for {turn.reasoning.seconds} s</summary>
          <p>{turn.reasoning.text}</p>
        </details>
      )}
      <AnswerText text={turn.text} lang={turn.lang} epoch={turn.epoch} />
      {finished && (
        <div className="actions">
          <CopyButton text={turn.text} />
          <button type="button" data-testid="regenerate" onClick={() => void store.regenerate(turn.id)}>
            Regenerate
          </button>
        </div>
      )}
    </article>
  );
});

interface AnswerTextProps {
  readonly text: string;
  readonly lang: string | undefined;
  readonly epoch: number;
}

function AnswerText({ text, lang, epoch }: AnswerTextProps): ReactElement {
  // The blocks of the text so far, to parse only what follows them. Reading a stale one is harmless: it is compared first.
  const [cache] = useState<{ blocks?: Blocks }>({});
  const blocks = splitBlocks(text, cache.blocks);
  cache.blocks = blocks;
  return (
    <div className="answer-text" dir="auto" lang={lang}>
      {blocks.starts.map((start, index) => (
        <Block key={`${String(epoch)}/${String(index)}`} source={text.slice(start, blocks.starts[index + 1]).trimEnd()} />
      ))}
    </div>
  );
}

const COPIED_MS = 1500;

function CopyButton({ text }: { readonly text: string }): ReactElement {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setCopied(false);
    }, COPIED_MS);
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}
