/** What a text must contain for a pattern to match at all: what the automaton looks for. */
import type { PatternNode, PatternSequence } from '../../packs/schema/pattern.ts';
import { fold, spellings } from '../text/fold.ts';

/** The set of literals of which one must be there, or undefined when the sequence can do without any. Longer is better. */
export function anchorsOf(nodes: PatternSequence): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const node of nodes) {
    const found = nodeAnchors(node);
    if (found !== undefined && (best === undefined || worth(found) > worth(best))) best = found;
  }
  return best;
}

function nodeAnchors(node: PatternNode): readonly string[] | undefined {
  switch (node.type) {
    case 'text': {
      // Anchors are looked for in case-folded text, whatever the pattern itself asks for.
      const longest = node.text.split(/\s+/).reduce((a, b) => (b.length > a.length ? b : a), '');
      return longest === '' ? undefined : spellings(longest).map(fold);
    }
    case 'choice': {
      const sets = node.options.map((option) => anchorsOf(option));
      return sets.some((set) => set === undefined) ? undefined : [...new Set(sets.flatMap((set) => set!))];
    }
    // Lists are looked up anyway and are too long to be anchors.
    case 'list':
    case 'optional':
    case 'rest':
    case 'gap':
    case 'start':
    case 'end':
      return undefined;
  }
}

/** Rare anchors are long and few: the shortest of a set decides, a crowd counts against it. */
function worth(anchors: readonly string[]): number {
  return Math.min(...anchors.map((anchor) => anchor.length)) - anchors.length / 20;
}
