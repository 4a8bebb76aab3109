/**
 * Aho-Corasick: finds which of thousands of literals occur in a text in one pass, so that the cost grows with the
 * answer and not with the number of packs (A. V. Aho, M. J. Corasick, Efficient string matching, CACM 18(6), 1975).
 */
interface Node {
  readonly next: Map<number, Node>;
  fail: Node;
  /** Literals that end here, own and by way of `fail`. */
  readonly out: number[];
}

export interface Automaton {
  /** Ids of the literals that occur in `text`, each once. */
  find(text: string): Set<number>;
}

export function buildAutomaton(literals: Iterable<readonly [literal: string, id: number]>): Automaton {
  const root: Node = newNode();
  root.fail = root;
  for (const [literal, id] of literals) {
    let node = root;
    for (let i = 0; i < literal.length; i++) {
      const unit = literal.charCodeAt(i);
      let child = node.next.get(unit);
      if (child === undefined) node.next.set(unit, (child = newNode()));
      node = child;
    }
    node.out.push(id);
  }
  const queue: Node[] = [];
  for (const child of root.next.values()) {
    child.fail = root;
    queue.push(child);
  }
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!;
    for (const [unit, child] of node.next) {
      let fallback = node.fail;
      while (fallback !== root && !fallback.next.has(unit)) fallback = fallback.fail;
      child.fail = fallback.next.get(unit) ?? root;
      child.out.push(...child.fail.out);
      queue.push(child);
    }
  }
  return {
    find(text) {
      const found = new Set<number>();
      let node = root;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        let next = node.next.get(unit);
        while (next === undefined && node !== root) {
          node = node.fail;
          next = node.next.get(unit);
        }
        node = next ?? root;
        for (const id of node.out) found.add(id);
      }
      return found;
    },
  };
}

function newNode(): Node {
  return { next: new Map(), fail: undefined as unknown as Node, out: [] };
}
