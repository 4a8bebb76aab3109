import { Tokenizer } from '@huggingface/tokenizers';
import { ModelError } from './config.ts';
import { pieceRanges, type Range } from './offsets.ts';

export interface Pieces {
  /** With `<s>` and `</s>`. */
  readonly ids: readonly number[];
  /** One range for each id between `<s>` and `</s>`. */
  readonly ranges: readonly Range[];
}

export type Encode = (text: string) => Pieces;

/** A piece is at most 16 characters, so this many UTF-16 units per piece always fill a sequence. */
const UNITS_PER_PIECE = 32;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** What the tokenizer sees of a passage: the beginning, without lone surrogates. Offsets stay as they are. */
export function readable(text: string, maxTokens: number): string {
  let end = Math.min(text.length, maxTokens * UNITS_PER_PIECE);
  const last = text.charCodeAt(end - 1);
  if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
  return text.slice(0, end).replace(LONE_SURROGATE, '\uFFFD');
}

/** Cuts text into at most `maxTokens` pieces, `<s>` and `</s>` included. */
export function createEncoder(tokenizerJson: unknown, tokenizerConfig: unknown, maxTokens: number): Encode {
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(tokenizerJson as object, tokenizerConfig as object);
  } catch (error) {
    throw new ModelError(
      `tokenizer.json cannot be read (${error instanceof Error ? error.message : String(error)}). ` +
        'Restore the model folder, or rebuild it with models/training/build.py.',
    );
  }
  const begin = tokenizer.token_to_id('<s>');
  const end = tokenizer.token_to_id('</s>');
  if (begin === undefined || end === undefined) {
    throw new ModelError('tokenizer.json has no <s> and </s>, so it belongs to another model. Use the one beside the model file.');
  }
  return (text) => {
    const prepared = readable(text, maxTokens);
    // The JavaScript tokenizer prepends "▁" to an empty text, the Python one does not.
    if (prepared === '') return { ids: [begin, end], ranges: [] };
    const encoding = tokenizer.encode(prepared, { add_special_tokens: false });
    return {
      ids: [begin, ...encoding.ids.slice(0, maxTokens - 2), end],
      ranges: pieceRanges(encoding.tokens.slice(0, maxTokens - 2)),
    };
  };
}
