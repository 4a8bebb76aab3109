/** Turns the pattern language of packs into regular expressions over folded text, and tells which literal they cannot do without. */
import { parsePattern, type PatternNode, type PatternSequence } from '../../packs/schema/pattern.ts';
import { fold, foldSigns } from '../text/fold.ts';

/** Word lists by name, as patterns. */
export type Lists = ReadonlyMap<string, readonly string[]>;

export interface CompiledPattern {
  readonly source: string;
  /** Compiled on first use: most patterns never meet their anchor. Sticky-free, global; over folded text. */
  readonly regex: () => RegExp;
  /** At least one of these folded texts is in every match; empty when there is none. */
  readonly anchors: readonly string[];
}

/** Scripts written without spaces: words there have no visible borders. */
const SPACELESS = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー々]`;
const SPACELESS_SIGN = new RegExp(`^${SPACELESS}$`, 'v');
const WORD = String.raw`[[\p{L}\p{M}\p{N}]--${SPACELESS}]`;
/** A word starts here (or the text there has no borders). */
const WORD_START = `(?:(?=${SPACELESS})|(?=[^\\p{L}\\p{M}\\p{N}])|(?<!${WORD}))`;
/** A word ends here. Particles and endings may follow a number or a foreign word at once in Korean. */
const WORD_END = `(?:(?<=${SPACELESS})|(?<=[^\\p{L}\\p{M}\\p{N}])|(?!${WORD})|(?<=[\\p{N}\\p{sc=Latin}])(?=\\p{sc=Hangul}))`;

const NUMBER = String.raw`\p{N}(?:[\p{N}.,'٫٬ ]*\p{N})?`;
const REST = String.raw`[\p{L}\p{M}\p{N}'\u200c\u200d]*`;
const REST_SPACELESS = `${SPACELESS}{0,4}?`;
const GAP = String.raw`(?:\s+[^\s.!?;]+){0,5}?\s+`;
const GAP_SPACELESS = String.raw`[^\s.!?。！？、]{0,12}?`;
/** What may stand around a passage's first and last word: punctuation, emoji, spaces. */
const AROUND = String.raw`[^\p{L}\p{N}]*`;

/**
 * @throws {PatternError} for a pattern that is not well formed; a list that is not there is an empty choice and never matches.
 */
export function compilePattern(source: string, lists: Lists, options: { caseSensitive?: boolean } = {}): CompiledPattern {
  const tree = parsePattern(source);
  const foldLiteral = options.caseSensitive ? foldSigns : fold;
  let regex: RegExp | undefined;
  return {
    source,
    regex: () => (regex ??= new RegExp(wholeSource(tree, lists, foldLiteral), 'gv')),
    // Anchors are looked for in case-folded text, whatever the pattern itself asks for.
    anchors: anchorsOf(tree, lists, 0) ?? [],
  };
}

function wholeSource(tree: PatternSequence, lists: Lists, foldLiteral: (text: string) => string): string {
  const first = tree[0]!;
  const last = tree.at(-1)!;
  const body = tree.filter((node) => node.type !== 'start' && node.type !== 'end');
  const head = first.type === 'start' ? `(?<=^${AROUND})` : WORD_START;
  const tail = last.type === 'end' ? `(?=${AROUND}$)` : WORD_END;
  return head + sequenceSource(body, lists, foldLiteral, 0) + tail;
}

function sequenceSource(nodes: PatternSequence, lists: Lists, foldLiteral: (text: string) => string, depth: number): string {
  return nodes
    .map((node, index) => {
      const before = nodes[index - 1];
      const after = nodes[index + 1];
      switch (node.type) {
        case 'text': {
          let text = node.text;
          // The gap brings its own spaces.
          if (before?.type === 'gap') text = text.trimStart();
          if (after?.type === 'gap') text = text.trimEnd();
          return literalSource(foldLiteral(text));
        }
        case 'rest':
          return spaceless(before) || (before === undefined && spaceless(after)) ? REST_SPACELESS : REST;
        case 'gap':
          return spaceless(before) || spaceless(after) ? GAP_SPACELESS : GAP;
        case 'choice':
          return `(?:${node.options.map((option) => sequenceSource(option, lists, foldLiteral, depth)).join('|')})`;
        case 'optional':
          return `(?:${sequenceSource(node.body, lists, foldLiteral, depth)})?`;
        case 'list':
          return listSource(node.name, lists, foldLiteral, depth);
        case 'start':
          return `(?<=^${AROUND})`;
        case 'end':
          return `(?=${AROUND}$)`;
      }
    })
    .join('');
}

/** Lists may use lists; deeper than this is a circle. */
const MAX_LIST_DEPTH = 4;

function listSource(name: string, lists: Lists, foldLiteral: (text: string) => string, depth: number): string {
  if (name === 'number') return NUMBER;
  const items = depth < MAX_LIST_DEPTH ? (lists.get(name) ?? []) : [];
  if (items.length === 0) return '(?!)';
  // Longest first, so that "South Korean" wins over "South".
  const sources = [...items].sort((a, b) => b.length - a.length).map((item) => sequenceSource(parsePattern(item), lists, foldLiteral, depth + 1));
  return `(?:${sources.join('|')})`;
}

function literalSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`);
}

function spaceless(node: PatternNode | undefined): boolean {
  switch (node?.type) {
    case 'text': {
      const text = node.text.trim();
      return SPACELESS_SIGN.test([...text].at(-1) ?? '') || SPACELESS_SIGN.test([...text][0] ?? '');
    }
    case 'choice':
      return node.options.some((option) => spaceless(option.at(-1)) || spaceless(option[0]));
    case 'optional':
      return spaceless(node.body.at(-1));
    default:
      return false;
  }
}

/** The set of literals of which one must be there, or undefined when the sequence can do without any. Longer is better. */
function anchorsOf(nodes: PatternSequence, lists: Lists, depth: number): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const node of nodes) {
    const found = nodeAnchors(node, lists, depth);
    if (found !== undefined && (best === undefined || worth(found) > worth(best))) best = found;
  }
  return best;
}

function nodeAnchors(node: PatternNode, lists: Lists, depth: number): readonly string[] | undefined {
  switch (node.type) {
    case 'text': {
      const words = fold(node.text).split(/\s+/).filter((word) => word !== '');
      const longest = words.reduce((a, b) => (b.length > a.length ? b : a), '');
      return longest === '' ? undefined : [longest];
    }
    case 'choice':
      return union(node.options.map((option) => anchorsOf(option, lists, depth)));
    case 'list':
      if (node.name === 'number' || depth >= MAX_LIST_DEPTH) return undefined;
      return union((lists.get(node.name) ?? []).map((item) => anchorsOf(parsePattern(item), lists, depth + 1)));
    default:
      return undefined;
  }
}

function union(sets: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  if (sets.length === 0 || sets.some((set) => set === undefined)) return undefined;
  return [...new Set(sets.flatMap((set) => set!))];
}

/** Rare anchors are long and few: the shortest of a set decides, a crowd counts against it. */
function worth(anchors: readonly string[]): number {
  return Math.min(...anchors.map((anchor) => anchor.length)) - anchors.length / 20;
}
