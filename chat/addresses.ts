/** Addresses that stand in plain text: they are read, but they are no prose. Pure. */
import type { Block, Span } from '../review/types.ts';

/** Every repetition has an end and a fixed place to start: the text may be a megabyte of anything. */
const ADDRESSES =
  /\b(?:https?|ftp|mailto):\/{0,2}[^\s<>"”»）。，、]{1,2000}|\bwww\.[^\s<>"”»）。，、]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}/giu;

/** Adds masks for addresses in plain text. */
export function maskAddresses(text: string, blocks: readonly Block[]): readonly Block[] {
  if (!/:\/\/|www\.|@|mailto:/iu.test(text)) return blocks;
  return blocks.map((block) => {
    if (block.kind === 'code') return block;
    const found: Span[] = [];
    for (const match of text.slice(block.start, block.end).matchAll(ADDRESSES)) {
      const start = block.start + match.index;
      const address = match[0].replace(/[.,;:!?)\]'’]+$/u, '');
      found.push({ start, end: start + address.length });
    }
    return found.length === 0 ? block : { ...block, masks: mergeSpans([...block.masks, ...found]) };
  });
}

/** Sorts spans and joins those that touch. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ start: span.start, end: span.end });
  }
  return merged;
}
