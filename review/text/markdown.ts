/** Reads the Markdown of a raw answer into blocks with offsets into the original (GitHub flavour, by @lezer/markdown). */
import { GFM, parser as commonmark } from '@lezer/markdown';
import type { Answer, Block, BlockKind, Span } from '../types.ts';

const parser = commonmark.configure(GFM);

/** Leaf blocks of the Markdown tree. Their kind can be overruled by what they lie in (a paragraph in a list item). */
const LEAVES: Readonly<Record<string, BlockKind>> = {
  Paragraph: 'paragraph',
  Task: 'list',
  ATXHeading1: 'heading',
  ATXHeading2: 'heading',
  ATXHeading3: 'heading',
  ATXHeading4: 'heading',
  ATXHeading5: 'heading',
  ATXHeading6: 'heading',
  SetextHeading1: 'heading',
  SetextHeading2: 'heading',
  TableCell: 'table',
  FencedCode: 'code',
  CodeBlock: 'code',
  HTMLBlock: 'code',
  CommentBlock: 'code',
  ProcessingInstructionBlock: 'code',
  LinkReference: 'code',
};

/** Inline parts that are markup or not prose. */
const MASKED = new Set([
  'HeaderMark', 'QuoteMark', 'ListMark', 'EmphasisMark', 'StrikethroughMark', 'LinkMark', 'CodeMark', 'TaskMarker',
  'InlineCode', 'URL', 'LinkTitle', 'LinkLabel', 'HTMLTag', 'Comment', 'ProcessingInstruction', 'Autolink', 'Entity', 'Escape',
]);

/** Bare addresses that Markdown has no name for, and e-mail addresses. */
const BARE_ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"'）」]+|[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** Formulas between dollar signs. Prices ("$5 or $6") have none of a formula's signs. */
const FORMULA = /\$(?=\S)(?=[^$\n]*[\\^_={}!<>+])[^$\n]{1,120}\$(?!\p{N})/gu;

/**
 * @param text raw answer; may hold anything (lone surrogates, 1 MB, no Markdown at all).
 * @returns the answer with blocks in order, not overlapping, offsets in UTF-16 units.
 */
export function parseMarkdown(text: string, prompt?: string): Answer {
  const blocks: Block[] = [];
  const within: BlockKind[] = [];
  let section = 0;
  let leaf: { kind: BlockKind; span: Span; masks: Span[] } | undefined;

  parser.parse(text).iterate({
    enter(node) {
      const { name, from, to } = node;
      if (leaf !== undefined) {
        if (MASKED.has(name)) {
          leaf.masks.push({ start: from, end: to });
          return false;
        }
        return true;
      }
      if (name === 'HorizontalRule') section++;
      if (name === 'Blockquote') within.push('quote');
      else if (name === 'ListItem') within.push('list');
      const kind = LEAVES[name];
      if (kind !== undefined) leaf = { kind: kind === 'paragraph' ? (within.includes('quote') ? 'quote' : (within.at(-1) ?? kind)) : kind, span: { start: from, end: to }, masks: [] };
      return true;
    },
    leave(node) {
      if (leaf !== undefined && node.from === leaf.span.start && node.to === leaf.span.end && LEAVES[node.name] !== undefined) {
        const block = finishBlock(text, leaf);
        blocks.push(section === 0 ? block : { ...block, section });
        leaf = undefined;
      } else if (node.name === 'Blockquote' || node.name === 'ListItem') within.pop();
    },
  });
  return { text, blocks, ...(prompt === undefined ? {} : { prompt }) };
}

function finishBlock(text: string, { kind, span, masks }: { kind: BlockKind; span: Span; masks: Span[] }): Block {
  if (kind === 'code') return { kind, ...span, masks: [span] };
  return { kind, ...span, masks: [...masks, ...addresses(text, span), ...matches(FORMULA, text, span)].sort((a, b) => a.start - b.start) };
}

/** Web and mail addresses in a stretch of text. */
export function addresses(text: string, span: Span): Span[] {
  return matches(BARE_ADDRESS, text, span);
}

function matches(pattern: RegExp, text: string, span: Span): Span[] {
  return [...text.slice(span.start, span.end).matchAll(pattern)].map((match) => ({
    start: span.start + match.index,
    end: span.start + match.index + match[0].length,
  }));
}
