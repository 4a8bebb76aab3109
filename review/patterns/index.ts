/** A set of patterns with owners, searched together. */
import { buildAutomaton, type Automaton } from './automaton.ts';
import { compilePattern, type CompiledPattern, type ListSteps } from './compile.ts';
import type { MatchText } from './text.ts';

export { compileLists, type ListSteps } from './compile.ts';
export { matchText, type MatchText } from './text.ts';

export interface PatternHit<Owner> {
  readonly owner: Owner;
  /** Offsets into the text that was searched. */
  readonly start: number;
  readonly end: number;
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

export function buildPatternIndex<Owner>(groups: Iterable<PatternGroup<Owner>>, lists: ListSteps): PatternIndex<Owner> {
  const entries: { readonly pattern: CompiledPattern; readonly owner: Owner }[] = [];
  const literals: [string, number][] = [];
  /** Patterns of lists alone; each place of a list is looked up once for all of them. */
  const always: number[] = [];
  for (const { owner, patterns, caseSensitive = false } of groups) {
    for (const source of patterns) {
      const pattern = compilePattern(source, lists, { caseSensitive });
      const id = entries.push({ pattern, owner }) - 1;
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
        const { pattern, owner } = entries[id]!;
        for (const span of pattern.find(text)) hits.push({ owner, ...span });
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

export function buildPatternTest(patterns: readonly string[], lists: ListSteps, caseSensitive = false): PatternTest {
  const index = buildPatternIndex([{ owner: null, patterns, caseSensitive }], lists);
  return { first: (text) => index.search(text)[0], all: (text) => index.search(text) };
}
