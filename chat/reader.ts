/**
 * From a response on the page to an answer the engine can read, with a way back from every character to its place.
 * The text comes from the narrowest roots the site knows. Where they are missing nothing is read: the wrapper around
 * them holds labels and reasoning, which must never be taken for the answer.
 */
import type { Answer, Block, Span } from '../review/types.ts';
import { firstMatches, outermost } from './selectors.ts';
import type { Site } from './sites/index.ts';
import { rangeOf, type TextMap } from './text-map.ts';
import { TextWalker, type WalkedText } from './text-walker.ts';

/** An answer with its place in the page. */
export class ReadAnswer implements Answer {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly map: TextMap;

  constructor(walked: WalkedText) {
    this.text = walked.text;
    this.blocks = walked.blocks;
    this.map = walked.map;
  }

  /** The place of a stretch of text; null when it is no longer on the page. */
  toRange(span: Span): Range | null {
    return rangeOf(this.map, span);
  }

  /** The stretch of text that a DOM range covers; null when none of it is part of the answer. */
  toSpan(range: Pick<Range, 'startContainer' | 'startOffset' | 'endContainer' | 'endOffset'>): Span | null {
    const start = textNodeAt(range.startContainer, range.startOffset);
    const end = textNodeAt(range.endContainer, range.endOffset);
    const from = start && this.map.offsetOf(start.node, start.offset);
    const to = end && this.map.offsetOf(end.node, end.offset);
    return from !== null && to !== null && from < to ? { start: from, end: to } : null;
  }

  /** Without the place: what can be sent to the engine, with the prompt when there is one. */
  toAnswer(prompt?: string): Answer {
    const { text, blocks } = this;
    return prompt === undefined ? { text, blocks } : { text, blocks, prompt };
  }
}

/** Why a response gives no answer. `no-content` may mean that the site has changed. */
export type SkipReason = 'no-content' | 'empty' | 'changed-while-reading';

export type ReadResult = { readonly type: 'answer'; readonly answer: ReadAnswer } | { readonly type: 'skip'; readonly reason: SkipReason };

/** A reading in progress, for answers that are too long for one go. */
export class Reading {
  private readonly response: Element;
  private readonly site: Site;
  private readonly walker: TextWalker | null;
  private isWalked = false;

  constructor(response: Element, site: Site) {
    this.response = response;
    this.site = site;
    this.walker = this.start();
  }

  /** Reads until done or until `outOfTime`; null means "call again". */
  run(outOfTime?: () => boolean): ReadResult | null {
    if (this.walker === null) return { type: 'skip', reason: 'no-content' };
    if (!this.walker.canGoOn()) return { type: 'skip', reason: 'changed-while-reading' };
    if (!this.isWalked) {
      if (!this.walker.run(outOfTime)) return null;
      this.isWalked = true;
      // Putting a long text together is work for a turn of its own.
      if (outOfTime?.()) return null;
    }
    const walked = this.walker.result();
    return walked.text.trim() === '' ? { type: 'skip', reason: 'empty' } : { type: 'answer', answer: new ReadAnswer(walked) };
  }

  private start(): TextWalker | null {
    const strip = strippedIn(this.response, this.site);
    const roots = contentRoots(this.response, this.site).filter((root) => !isInside(root, strip, this.response));
    return roots.length === 0 ? null : new TextWalker({ roots, strip });
  }
}

/** Reads a response in one go. For a response of unknown size on a live page use `readAnswerInSlices`. */
export function readAnswer(response: Element, site: Site): ReadResult {
  return new Reading(response, site).run() ?? { type: 'skip', reason: 'changed-while-reading' };
}

/** Milliseconds of work before the page gets its turn. */
const SLICE_MS = 8;

/** Reads a response in short slices, so that the page stays smooth however long the answer is. */
export async function readAnswerInSlices(
  response: Element,
  site: Site,
  pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, 0)),
  now: () => number = () => performance.now(),
): Promise<ReadResult> {
  const reading = new Reading(response, site);
  for (;;) {
    const until = now() + SLICE_MS;
    const result = reading.run(() => now() >= until);
    if (result) return result;
    await pause();
  }
}

/** The roots of an answer's text. The response can be its own root. */
function contentRoots(response: Element, site: Site): readonly Element[] {
  for (const selector of site.required.content) {
    if (response.matches(selector)) return [response];
    const found = response.querySelectorAll(selector);
    if (found.length > 0) return outermost(found);
  }
  return [];
}

/** One native query instead of a `matches` for every element. */
function strippedIn(root: Element, site: Site): ReadonlySet<Element> {
  return site.optional.strip.length === 0 ? new Set() : new Set(root.querySelectorAll(site.optional.strip.join(',')));
}

function isInside(element: Element, strip: ReadonlySet<Element>, top: Element): boolean {
  if (strip.size === 0) return false;
  for (let each: Element | null = element; each !== null && each !== top; each = each.parentElement) if (strip.has(each)) return true;
  return false;
}

/** Resolves a boundary point on an element to one in text: browsers give either. */
function textNodeAt(node: Node, offset: number): { readonly node: Text; readonly offset: number } | null {
  if (node.nodeType === 3) return { node: node as Text, offset };
  const document = node.ownerDocument;
  if (!document) return null;
  const walker = document.createTreeWalker(node, 4);
  const child = node.childNodes[offset] ?? null;
  let last: Text | null = null;
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (child && (child === text || child.contains(text) || child.compareDocumentPosition(text) & 4)) return { node: text, offset: 0 };
    last = text;
  }
  return last ? { node: last, offset: last.data.length } : null;
}

/** Longest prompt that is kept: it is context, not the text under review. */
const MAX_PROMPT = 20_000;

/** What the reader had asked before this answer; null when the page does not say. Many answers? Pass the turns once. */
export function promptFor(
  response: Element,
  site: Site,
  turns: readonly Element[] = userTurns(response.ownerDocument, site),
): string | null {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // 4: DOCUMENT_POSITION_FOLLOWING
    if (turns[middle]!.compareDocumentPosition(response) & 4) low = middle + 1;
    else high = middle;
  }
  const nearest = turns[low - 1];
  return nearest ? promptText(nearest, site) : null;
}

/** Every user turn on the page, in order. */
export function userTurns(document: Document, site: Site): readonly Element[] {
  return firstMatches(document, site.optional.user);
}

/** The text of a user turn. */
export function promptText(turn: Element, site: Site): string | null {
  const walker = new TextWalker({ roots: [turn], strip: strippedIn(turn, site) });
  walker.run();
  const { text } = walker.result();
  return text === '' ? null : text.slice(0, MAX_PROMPT);
}
