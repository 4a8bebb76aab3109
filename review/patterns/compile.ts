/**
 * Matches the pattern language of packs. Every node answers one question: "when I start here, where may I end?", so a
 * pattern is matched by carrying sets of places along: no backtracking, no slow pattern, nothing to compile when the
 * extension wakes up. Lists are looked up once for each place and shared by all patterns that use them, however long they are.
 */
import { anchorsOf } from './anchors.ts';
import { parsePattern, type PatternNode, type PatternSequence } from '../../packs/schema/pattern.ts';
import { fold, foldSigns, spellings } from '../text/fold.ts';
import { endsWord, isSpace, isSpaceless, isWord, type MatchText } from './text.ts';

/** Word lists by name, as patterns. */
export type Lists = ReadonlyMap<string, readonly string[]>;

export interface CompiledPattern {
  readonly source: string;
  /** At least one of these folded texts is in every match; empty when nothing but lists is sure to be there. */
  readonly anchors: readonly string[];
  /** All matches in a text, leftmost and longest, not overlapping. */
  find(text: MatchText): { start: number; end: number }[];
}

/** Hits of one pattern in one passage beyond this many are not looked for. */
const MAX_HITS = 50;
/** Words that a gap `...` may skip; signs in scripts without spaces. */
const GAP_WORDS = 5;
const GAP_SIGNS = 12;
/** Signs that `*` may cover in a script without spaces, where a word has no visible end. */
const REST_SIGNS = 4;
/** Lists may use lists; deeper than this is a circle. */
const MAX_LIST_DEPTH = 4;

type Mode = 'folded' | 'exact';
/** Where a match may end that starts at a place. */
type Step = (text: MatchText, at: number) => readonly number[];

const NONE: readonly number[] = [];

/** All lists of one language, compiled when first used and shared by its patterns. */
export interface ListSteps {
  step(name: string, mode: Mode, depth: number): Step;
}

export function compileLists(lists: Lists): ListSteps {
  const made = new Map<string, Step>();
  const steps: ListSteps = {
    step(name, mode, depth) {
      if (name === 'number') return numberStep;
      const key = `${mode} ${name}`;
      let step = made.get(key);
      if (step === undefined) {
        const items = depth < MAX_LIST_DEPTH ? (lists.get(name) ?? []) : [];
        made.set(key, (step = remembered(key, listStep(items, mode, steps, depth + 1))));
      }
      return step;
    },
  };
  return steps;
}

/**
 * @throws {PatternError} for a pattern that is not well formed; a list that is not there never matches.
 */
export function compilePattern(source: string, lists: ListSteps, options: { caseSensitive?: boolean } = {}): CompiledPattern {
  const tree = parsePattern(source);
  const mode: Mode = options.caseSensitive ? 'exact' : 'folded';
  const atStart = tree[0]?.type === 'start';
  let compiled: { readonly step: Step; readonly firsts: ReadonlySet<number> | undefined } | undefined;
  return {
    source,
    anchors: anchorsOf(tree) ?? [],
    find(text) {
      compiled ??= { step: sequenceStep(tree, mode, lists, 0), firsts: firstsOf(withSpacesMoved(tree), mode) };
      return findAll(text, mode, compiled.step, compiled.firsts, atStart);
    },
  };
}

function findAll(text: MatchText, mode: Mode, step: Step, firsts: ReadonlySet<number> | undefined, atStart: boolean): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const source = text[mode];
  let from = 0;
  // Most patterns begin with one sign: only the words that do are looked at.
  const [only] = firsts?.size === 1 && mode === 'folded' && !atStart ? firsts : [];
  for (const start of only === undefined ? text.starts : (text.startsAt.get(only) ?? [])) {
    if (start < from) continue;
    let end = -1;
    if (firsts === undefined || firsts.has(source.charCodeAt(start))) {
      for (const one of step(text, start)) if (one > end && one > start && endsWord(source, one)) end = one;
    }
    if (end > 0) {
      found.push({ start, end });
      if (found.length >= MAX_HITS) break;
      from = end;
    }
    // Nothing but punctuation may come before the start of a passage.
    if (atStart && isWord(text.folded, start)) break;
  }
  return found;
}

/**
 * In `a [b]` and `a [b] c` the space belongs to what is optional: without `b` there is none to find before a full stop.
 * In `a [b ]c` it does not, and stays.
 */
function withSpacesMoved(nodes: PatternSequence): PatternSequence {
  /** Whether what follows brings its own space or nothing at all, so that an optional part must bring the one before it. */
  const bringsSpace = (from: number): boolean => {
    const node = nodes[from];
    if (node === undefined || node.type === 'end') return true;
    if (node.type === 'optional') return !endsInSpace(node.body) && bringsSpace(from + 1);
    return node.type === 'text' && /^\s/.test(node.text);
  };
  const moves = (optional: number): boolean => {
    const [before, node] = [nodes[optional - 1], nodes[optional]];
    return before?.type === 'text' && /\s$/.test(before.text) && node?.type === 'optional' && bringsSpace(optional);
  };
  return nodes.map((node, index) => {
    if (node.type === 'text' && moves(index + 1)) return { type: 'text', text: node.text.trimEnd() };
    if (node.type === 'optional' && moves(index)) return { type: 'optional', body: [{ type: 'text', text: ' ' }, ...node.body] };
    return node;
  });
}

function endsInSpace(nodes: PatternSequence): boolean {
  const last = nodes.at(-1);
  switch (last?.type) {
    case 'text':
      return /\s$/.test(last.text);
    case 'choice':
      return last.options.some(endsInSpace);
    case 'optional':
      return endsInSpace(last.body);
    default:
      return false;
  }
}

function sequenceStep(source: PatternSequence, mode: Mode, lists: ListSteps, depth: number): Step {
  const nodes = withSpacesMoved(source);
  const steps = nodes.map((node, index) => nodeStep(node, mode, lists, depth, nodes[index - 1]?.type === 'gap', nodes[index + 1]?.type === 'gap'));
  if (steps.length === 1) return steps[0]!;
  return (text, at) => {
    let places: readonly number[] = [at];
    for (const step of steps) {
      if (places.length === 1) places = step(text, places[0]!);
      else {
        const next = new Set<number>();
        for (const place of places) for (const end of step(text, place)) next.add(end);
        places = [...next];
      }
      if (places.length === 0) return NONE;
    }
    return places;
  };
}

function nodeStep(node: PatternNode, mode: Mode, lists: ListSteps, depth: number, afterGap: boolean, beforeGap: boolean): Step {
  switch (node.type) {
    case 'text': {
      // The gap brings its own spaces.
      let words = node.text;
      if (afterGap) words = words.trimStart();
      if (beforeGap) words = words.trimEnd();
      return eitherStep(spellings(words).map((spelling) => literalStep(mode === 'exact' ? foldSigns(spelling) : fold(spelling), mode)));
    }
    case 'rest':
      return restStep;
    case 'gap':
      return gapStep;
    case 'start':
      return (text, at) => (hasWord(text.folded, 0, at) ? NONE : [at]);
    case 'end':
      return (text, at) => (hasWord(text.folded, at, text.folded.length) ? NONE : [at]);
    case 'list':
      return lists.step(node.name, mode, depth);
    case 'optional': {
      const body = sequenceStep(node.body, mode, lists, depth);
      return (text, at) => [at, ...body(text, at)];
    }
    case 'choice': {
      return choiceStep(node.options, mode, lists, depth);
    }
  }
}

/** Tries only the options that can begin with the sign at hand. */
function choiceStep(options: readonly PatternSequence[], mode: Mode, lists: ListSteps, depth: number): Step {
  const tried = options.map((option) => ({ step: sequenceStep(option, mode, lists, depth), firsts: firstsOf(withSpacesMoved(option), mode) }));
  const anyway = tried.filter(({ firsts }) => firsts === undefined).map(({ step }) => step);
  const byFirst = new Map<number, Step>();
  for (const first of new Set(tried.flatMap(({ firsts }) => [...(firsts ?? [])]))) {
    byFirst.set(first, eitherStep(tried.filter(({ firsts }) => firsts === undefined || firsts.has(first)).map(({ step }) => step)));
  }
  const otherwise = anyway.length === 0 ? () => NONE : eitherStep(anyway);
  return (text, at) => (byFirst.get(text[mode].charCodeAt(at)) ?? otherwise)(text, at);
}

/** UTF-16 units that a match may begin with; undefined when that cannot be told without trying. */
function firstsOf(nodes: PatternSequence, mode: Mode): ReadonlySet<number> | undefined {
  const firsts = new Set<number>();
  for (const node of nodes) {
    switch (node.type) {
      case 'start':
        continue;
      case 'text':
        for (const spelling of spellings(node.text)) {
          const first = (mode === 'exact' ? foldSigns(spelling) : fold(spelling)).charCodeAt(0);
          // A space may stand for no space at all.
          if (Number.isNaN(first) || /\s/.test(String.fromCharCode(first))) return undefined;
          firsts.add(first);
        }
        return firsts;
      case 'choice':
      case 'optional': {
        for (const option of node.type === 'choice' ? node.options : [node.body]) {
          const own = firstsOf(withSpacesMoved(option), mode);
          if (own === undefined || option.length === 0) return undefined;
          for (const first of own) firsts.add(first);
        }
        if (node.type === 'choice') return firsts;
        continue;
      }
      case 'list':
      case 'rest':
      case 'gap':
      case 'end':
        return undefined;
    }
  }
  // All of it can be left out.
  return undefined;
}

function eitherStep(options: readonly Step[]): Step {
  if (options.length === 1) return options[0]!;
  return (text, at) => {
    const ends = new Set<number>();
    for (const option of options) for (const end of option(text, at)) ends.add(end);
    return [...ends];
  };
}

function hasWord(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isWord(text, at)) return true;
  return false;
}

/** A literal, any run of white space standing for a space. A border that is already behind us counts, so that `a [b] c` matches "a c" and `[b] c` matches "c". */
function literalStep(literal: string, mode: Mode): Step {
  const parts = literal.split(/(\s+)/).filter((part) => part !== '');
  return (text, at) => {
    const source = text[mode];
    for (const part of parts) {
      if (part.trim() === '') {
        const from = at;
        while (at < source.length && isSpace(source, at)) at++;
        if (at === from && at > 0 && isWord(source, at - 1)) return NONE;
      } else {
        if (!source.startsWith(part, at)) return NONE;
        at += part.length;
      }
    }
    return [at];
  };
}

const isRest = (text: string, at: number) => isWord(text, at) || text[at] === "'" || text[at] === '\u200c' || text[at] === '\u200d';

const restStep: Step = ({ folded }, at) => {
  const ends = [at];
  for (let signs = 0; at < folded.length && isRest(folded, at); at++) {
    if (isSpaceless(folded, at) && ++signs > REST_SIGNS) break;
    ends.push(at + 1);
  }
  return ends;
};

const STOPS = new Set(['.', '!', '?', ';', '。', '！', '？']);
const PASSED = new Set([',', ':', ')', '"', '،', '-']);
const gapStep: Step = ({ folded }, at) => {
  const ends: number[] = [];
  // Without spaces: a few signs, up to the next punctuation.
  if (at > 0 && isSpaceless(folded, at - 1)) {
    for (let to = at; to <= folded.length && to - at <= GAP_SIGNS; to++) {
      ends.push(to);
      const sign = folded[to];
      if (sign === undefined || STOPS.has(sign) || sign === '、' || isSpace(folded, to)) break;
    }
  }
  // With spaces: whole words; a full stop within or behind a word ends the reach. A comma that touches the word before is passed over.
  // So is an ending that hangs on with a hyphen: "911-এ", "SAT-க்கு".
  if (folded[at] === '-' && at > 0 && isWord(folded, at - 1)) while (at < folded.length && (folded[at] === '-' || isRest(folded, at))) at++;
  while (at < folded.length && PASSED.has(folded[at]!)) at++;
  for (let words = 0; words <= GAP_WORDS; words++) {
    const from = at;
    while (at < folded.length && isSpace(folded, at)) at++;
    if (at === from && (at === 0 || !isSpace(folded, at - 1))) break;
    ends.push(at);
    while (at < folded.length && !isSpace(folded, at)) {
      if (STOPS.has(folded[at]!)) return ends;
      at++;
    }
  }
  return ends;
};

const numberStep: Step = ({ folded }, at) => {
  const match = /^\p{N}(?:[\p{N}.,'٫٬ ]*\p{N})?/u.exec(folded.slice(at, at + 40));
  return match === null ? NONE : [at + match[0].length];
};

/** Keeps what a list answers at a place: the next pattern will ask the same. */
function remembered(key: string, step: Step): Step {
  return (text, at) => {
    let kept = text.listEnds.get(key);
    if (kept === undefined) text.listEnds.set(key, (kept = new Map<number, readonly number[]>()));
    let ends = kept.get(at);
    if (ends === undefined) kept.set(at, (ends = step(text, at)));
    return ends;
  };
}

interface TrieNode {
  readonly next: Map<number, TrieNode>;
  final: boolean;
}

/** Plain items go into a trie; items with operators are tried one by one. */
function listStep(items: readonly string[], mode: Mode, lists: ListSteps, depth: number): Step {
  const root: TrieNode = { next: new Map(), final: false };
  const others: Step[] = [];
  const foldItem = mode === 'exact' ? foldSigns : fold;
  for (const item of items) {
    const tree = parsePattern(item);
    const [only] = tree;
    if (tree.length === 1 && only?.type === 'text') for (const spelling of spellings(only.text)) insert(root, foldItem(spelling).replace(/\s+/g, ' '));
    else others.push(sequenceStep(tree, mode, lists, depth));
  }
  return (text, at) => {
    const ends = trieEnds(root, text[mode], at);
    for (const other of others) ends.push(...other(text, at));
    return ends.length > 1 ? [...new Set(ends)] : ends;
  };
}

function insert(root: TrieNode, item: string): void {
  let node = root;
  for (let i = 0; i < item.length; i++) {
    const unit = item.charCodeAt(i);
    let child = node.next.get(unit);
    if (child === undefined) node.next.set(unit, (child = { next: new Map(), final: false }));
    node = child;
  }
  node.final = true;
}

function trieEnds(root: TrieNode, text: string, at: number): number[] {
  const ends: number[] = [];
  let node: TrieNode | undefined = root;
  while (at < text.length) {
    const space = isSpace(text, at);
    node = node.next.get(space ? 32 : text.charCodeAt(at));
    if (node === undefined) break;
    at++;
    if (space) while (at < text.length && isSpace(text, at)) at++;
    // An item ends at the end of a word, unless `*` or more text follows in the pattern: the caller looks at borders.
    if (node.final) ends.push(at);
  }
  return ends;
}
