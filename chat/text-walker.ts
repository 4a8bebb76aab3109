/**
 * Walks the roots of an answer and writes down its text, its blocks and where each character lives. It goes node by
 * node without recursion and can stop and go on, so that a giant answer never holds up the page.
 */
import type { Block, BlockKind, Span } from '../review/types.ts';
import { maskAddresses } from './addresses.ts';
import { keepsLineEnds, meaningOf, strongerKind } from './markup.ts';
import { TextMap } from './text-map.ts';

export interface WalkedText {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly map: TextMap;
}

export interface WalkOptions {
  readonly roots: readonly Element[];
  /** Elements that are left out. */
  readonly strip: ReadonlySet<Element>;
  /** Only what lies inside. */
  readonly clip?: Range;
  /** An extra test for elements, for pages we know nothing about. */
  readonly isVisible?: (element: Element) => boolean;
  /** What the roots themselves stand in. */
  readonly kind?: BlockKind;
  /** Whether the roots stand in something masked (inline code). */
  readonly masked?: boolean;
}

/** What an open element changed, to be undone when it closes. */
interface Open {
  readonly element: Element;
  readonly kind: BlockKind;
  readonly keepLines: boolean;
  readonly isBlock: boolean;
  readonly isMask: boolean;
}

/** Steps between two looks at the clock; a step is a node, or this much of a text. */
const STEPS_PER_CHECK = 64;
const UNITS_PER_STEP = 256;
/** A text node is read in pieces of this size: one node can hold a whole megabyte. */
const PIECE = STEPS_PER_CHECK * UNITS_PER_STEP;
const ELEMENT = 1;
const TEXT = 3;
const COLLAPSIBLE = /[ \t\n\r\f]+/gu;
/** Text that can be copied as it is: no white space but single spaces, none at the ends. */
const NEEDS_COLLAPSING = /[\t\n\r\f]| {2}|^ | $/u;

export class TextWalker {
  private readonly options: WalkOptions;
  private readonly map = new TextMap();
  private readonly chunks: string[] = [];
  private readonly blocks: Block[] = [];
  private readonly open: Open[] = [];
  private length = 0;
  private rootIndex = 0;
  /** Where to go on in the text node that is being read. */
  private readUpTo = 0;
  private effort = 0;
  private node: Node | null = null;
  private kind: BlockKind;
  /** Horizontal rules passed so far. */
  private section = 0;
  private keepLines = false;
  private maskDepth: number;
  private blockStart = -1;
  private masks: { start: number; end: number }[] = [];
  /** A collapsed space that is written only if more text follows in the same block. */
  private space: { readonly node: Text; readonly offset: number } | null = null;
  private lastBlockInCode = false;
  private endsWithLineEnd = false;
  private skippedSinceSpace = false;

  constructor(options: WalkOptions) {
    this.options = options;
    this.kind = options.kind ?? 'paragraph';
    this.maskDepth = options.masked ? 1 : 0;
    this.startRoot();
  }

  /** Goes on until done (true) or until `outOfTime` says so (false). */
  run(outOfTime: () => boolean = () => false): boolean {
    while (this.node !== null) {
      this.step(this.node);
      this.effort += 1;
      if (this.effort >= STEPS_PER_CHECK) {
        this.effort = 0;
        if (outOfTime()) return this.node === null;
      }
    }
    return true;
  }

  /** Whether the place where it stopped is still in the page; if not, start again. */
  canGoOn(): boolean {
    return this.node === null || this.node.isConnected;
  }

  result(): WalkedText {
    const text = this.chunks.join('');
    return { text, blocks: maskAddresses(text, this.blocks), map: this.map };
  }

  private startRoot(): void {
    const root = this.options.roots[this.rootIndex];
    this.node = root ?? null;
  }

  private step(node: Node): void {
    if (node.nodeType === TEXT) {
      if (this.read(node as Text)) this.next(node);
      return;
    }
    if (node.nodeType !== ELEMENT || !this.enter(node as Element)) {
      this.skippedSinceSpace ||= node.nodeType === ELEMENT;
      this.next(node);
      return;
    }
    if (node.firstChild) this.node = node.firstChild;
    else {
      this.leave(node as Element);
      this.next(node);
    }
  }

  /** Moves to what follows `node` in document order, closing what ends on the way. */
  private next(node: Node): void {
    const root = this.options.roots[this.rootIndex];
    let current: Node = node;
    while (current !== root) {
      if (current.nextSibling) {
        this.node = current.nextSibling;
        return;
      }
      const parent: Node | null = current.parentNode;
      if (parent === null) break;
      if (parent.nodeType === ELEMENT) this.leave(parent as Element);
      current = parent;
    }
    this.endBlock();
    this.rootIndex += 1;
    this.startRoot();
  }

  /** Opens an element; false when it is not to be read. */
  private enter(element: Element): boolean {
    if (this.options.clip && !this.options.clip.intersectsNode(element)) return false;
    const meaning = meaningOf(element, this.options.strip);
    switch (meaning.type) {
      case 'skip':
        return false;
      case 'break':
        this.lineEnd();
        return false;
      case 'block':
        if (element.localName === 'hr') this.section += 1;
        if (this.options.isVisible && !this.options.isVisible(element)) return false;
        this.push(element, meaning.kind === null ? this.kind : strongerKind(this.kind, meaning.kind), true, false);
        return true;
      case 'mask':
        this.push(element, this.kind, false, true);
        return true;
      case 'inline':
        this.push(element, this.kind, false, false);
        return true;
    }
  }

  private push(element: Element, kind: BlockKind, isBlock: boolean, isMask: boolean): void {
    // Inside code nothing starts a new block: its lines belong together.
    const splits = isBlock && this.kind !== 'code';
    if (splits) this.endBlock();
    else if (isBlock) this.codeLine();
    this.open.push({ element, kind: this.kind, keepLines: this.keepLines, isBlock, isMask });
    this.kind = kind;
    this.keepLines = this.keepLines || kind === 'code' || keepsLineEnds(element);
    if (isMask) this.maskDepth += 1;
  }

  private leave(element: Element): void {
    const top = this.open.at(-1);
    // Elements that were not opened (skipped) are never on the stack.
    if (!top || top.element !== element) return;
    this.open.pop();
    if (top.isMask) this.maskDepth -= 1;
    if (top.isBlock) {
      if (top.kind === 'code') this.codeLine();
      else this.endBlock();
    }
    this.kind = top.kind;
    this.keepLines = top.keepLines;
  }

  /** Reads a piece of a text node; true when that was the last. */
  private read(node: Text): boolean {
    let from = 0;
    let to = node.data.length;
    const clip = this.options.clip;
    if (clip) {
      if (!clip.intersectsNode(node)) return true;
      if (clip.startContainer === node) from = clip.startOffset;
      if (clip.endContainer === node) to = Math.min(to, clip.endOffset);
    }
    from = Math.max(from, this.readUpTo);
    const end = Math.min(to, from + PIECE);
    if (from < end) {
      this.effort += Math.floor((end - from) / UNITS_PER_STEP);
      if (this.keepLines) this.readLines(node, from, end);
      else this.readFlowing(node, from, end);
    }
    this.readUpTo = end < to ? end : 0;
    return end >= to;
  }

  /** Text whose line ends count: in code as it is, else without the indentation that a page's own source has. */
  private readLines(node: Text, from: number, to: number): void {
    if (this.kind === 'code') {
      this.write(node, from, to);
      return;
    }
    let lineStart = from;
    while (lineStart < to) {
      const end = node.data.indexOf('\n', lineStart);
      const lineEnd = end === -1 || end >= to ? to : end;
      this.readFlowing(node, lineStart, lineEnd);
      if (lineEnd < to) this.lineEnd();
      lineStart = lineEnd + 1;
    }
  }

  /** Text as a browser shows it: white space runs are one space, none at the start of a block. */
  private readFlowing(node: Text, from: number, to: number): void {
    const data = from === 0 && to === node.data.length ? node.data : node.data.slice(from, to);
    if (!NEEDS_COLLAPSING.test(data)) {
      this.write(node, from, to);
      return;
    }
    let at = 0;
    for (const run of data.matchAll(COLLAPSIBLE)) {
      if (run.index > at) this.write(node, from + at, from + run.index);
      if (this.blockStart !== -1 && !this.endsWithLineEnd) this.keepSpace(node, from + run.index);
      at = run.index + run[0].length;
    }
    if (at < data.length) this.write(node, from + at, to);
  }

  private keepSpace(node: Text, offset: number): void {
    if (this.space) return;
    this.space = { node, offset };
    this.skippedSinceSpace = false;
  }

  private write(node: Text, from: number, to: number): void {
    if (from >= to) return;
    if (this.blockStart === -1) this.startBlock();
    const before = this.length;
    if (this.space) {
      const { node: spaceNode, offset } = this.space;
      this.space = null;
      // "word [citation]." must not become "word .".
      if (!this.skippedSinceSpace || !/[.,;:!?)\]]/u.test(node.data[from] ?? '')) {
        this.append(' ');
        this.map.add(before, spaceNode, offset, 1);
      }
    }
    const start = this.length;
    this.append(node.data.slice(from, to));
    this.map.add(start, node, from, to - from);
    this.endsWithLineEnd = false;
    if (this.maskDepth > 0 && this.kind !== 'code') this.mask(before, start, this.length);
  }

  private append(text: string): void {
    this.chunks.push(text);
    this.length += text.length;
  }

  /** Masks what was just written; with the space in front of it when that joins two masked pieces. */
  private mask(before: number, start: number, end: number): void {
    const last = this.masks.at(-1);
    if (last && last.end === before) last.end = end;
    else this.masks.push({ start, end });
  }

  private startBlock(): void {
    if (this.length > 0) this.append('\n');
    this.blockStart = this.length;
    this.lastBlockInCode = this.kind === 'code';
  }

  /** A line end inside a block. */
  private lineEnd(): void {
    this.space = null;
    if (this.blockStart === -1) return;
    this.append('\n');
    this.endsWithLineEnd = true;
  }

  /** A new line of code, unless the last one is still empty or just ended. */
  private codeLine(): void {
    if (this.blockStart === -1 || !this.lastBlockInCode) return;
    const last = this.chunks.at(-1);
    if (last !== undefined && !last.endsWith('\n')) this.append('\n');
  }

  private endBlock(): void {
    this.space = null;
    this.endsWithLineEnd = false;
    if (this.blockStart === -1) return;
    this.trimEnd();
    if (this.length > this.blockStart) {
      const masks: Span[] = this.masks;
      this.blocks.push({ kind: this.blockKind(), start: this.blockStart, end: this.length, masks, ...(this.section > 0 && { section: this.section }) });
    }
    this.blockStart = -1;
    this.masks = [];
  }

  private blockKind(): BlockKind {
    return this.lastBlockInCode ? 'code' : this.kind;
  }

  /** Takes back line ends that nothing followed: they belong to no segment, so the map does not mind. */
  private trimEnd(): void {
    while (this.chunks.at(-1) === '\n' && this.length > this.blockStart) {
      this.chunks.pop();
      this.length -= 1;
    }
  }
}
