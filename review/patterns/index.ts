/** A set of patterns with owners, searched together. */
import { fold, foldSigns } from '../text/fold.ts';
import { buildAutomaton, type Automaton } from './automaton.ts';
import { compilePattern, type CompiledPattern, type Lists } from './compile.ts';

/** Text prepared for matching; made once for each passage and shared by all patterns. */
export interface MatchText {
  readonly folded: string;
  /** With upper and lower case. */
  readonly exact: string;
}

export function matchText(text: string): MatchText {
  return { folded: fold(text), exact: foldSigns(text) };
}

export interface PatternHit<Owner> {
  readonly owner: Owner;
  /** Offsets into the text that was searched. */
  readonly start: number;
  readonly end: number;
}

interface Entry<Owner> {
  readonly pattern: CompiledPattern;
  readonly owner: Owner;
  readonly exact: boolean;
}

export interface PatternIndex<Owner> {
  /** All hits of all patterns, in order of text. */
  search(text: MatchText): PatternHit<Owner>[];
}

export interface PatternGroup<Owner> {
  readonly owner: Owner;
  readonly patterns: readonly string[];
  readonly caseSensitive?: boolean | undefined;
}

/** Hits of one pattern in one passage beyond this many are not looked for. */
const MAX_HITS = 50;

export function buildPatternIndex<Owner>(groups: Iterable<PatternGroup<Owner>>, lists: Lists): PatternIndex<Owner> {
  const entries: Entry<Owner>[] = [];
  const literals: [string, number][] = [];
  const always: number[] = [];
  for (const group of groups) {
    for (const source of group.patterns) {
      const pattern = compilePattern(source, lists, { caseSensitive: group.caseSensitive ?? false });
      const id = entries.push({ pattern, owner: group.owner, exact: group.caseSensitive ?? false }) - 1;
      if (pattern.anchors.length === 0) always.push(id);
      for (const anchor of pattern.anchors) literals.push([anchor, id]);
    }
  }
  let automaton: Automaton | undefined;
  return {
    search(text) {
      automaton ??= buildAutomaton(literals);
      const hits: PatternHit<Owner>[] = [];
      for (const id of [...automaton.find(text.folded), ...always]) {
        const entry = entries[id]!;
        let left = MAX_HITS;
        for (const match of (entry.exact ? text.exact : text.folded).matchAll(entry.pattern.regex())) {
          if (match[0].length > 0) hits.push({ owner: entry.owner, start: match.index, end: match.index + match[0].length });
          if (--left === 0) break;
        }
      }
      return hits.sort((a, b) => a.start - b.start || b.end - a.end);
    },
  };
}

/** One list of patterns as a yes-or-no question. */
export interface PatternTest {
  /** The first hit, or undefined. */
  first(text: MatchText): { start: number; end: number } | undefined;
  all(text: MatchText): readonly { start: number; end: number }[];
}

export function buildPatternTest(patterns: readonly string[], lists: Lists, caseSensitive = false): PatternTest {
  const index = buildPatternIndex([{ owner: null, patterns, caseSensitive }], lists);
  return { first: (text) => index.search(text)[0], all: (text) => index.search(text) };
}

export function listsOf(lists: Readonly<Record<string, readonly string[]>> | undefined): Lists {
  return new Map(Object.entries(lists ?? {}));
}
