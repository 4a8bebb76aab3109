/** Splits that leak nothing: neither a near-duplicate nor a person stands on both sides of a border. */
import { createHash } from 'node:crypto';
import type { Split } from './fields.ts';
import { UnionFind } from './union-find.ts';

export interface Placed {
  readonly participant: string;
  /** Place of the first row of its near-duplicate group. */
  readonly group: number;
  /** Name of the group: decides its split, so that it is the same in every build. */
  readonly name: string;
}

/** Above this share of all rows one connected component would be the whole data set. */
const TOO_LARGE = 0.5;

/**
 * Rows that share a person or a group hang together; each such component goes to one split by the hash of its name
 * (80 : 10 : 10). Where raters overlap so much that one component holds most rows, people and groups get a split each, and
 * rows whose two splits differ get `none`.
 */
export function splitsOf(rows: readonly Placed[]): Split[] {
  const together = new UnionFind(rows.length);
  const firstOf = new Map<string, number>();
  rows.forEach(({ participant, group }, at) => {
    together.union(at, group);
    const first = firstOf.get(participant);
    if (first === undefined) firstOf.set(participant, at);
    else together.union(at, first);
  });
  const sizes = new Map<number, number>();
  rows.forEach((_, at) => sizes.set(together.find(at), (sizes.get(together.find(at)) ?? 0) + 1));
  const largest = Math.max(0, ...sizes.values());
  if (largest <= rows.length * TOO_LARGE) return rows.map((_, at) => splitFor(rows[together.find(at)]!.name));
  return rows.map(({ participant, name }) => {
    const [person, text] = [splitFor(`person\n${participant}`), splitFor(name)];
    return person === text ? text : 'none';
  });
}

function splitFor(name: string): Exclude<Split, 'none'> {
  const place = createHash('sha256').update(name).digest().readUInt32BE(0) % 100;
  return place < 80 ? 'train' : place < 90 ? 'validation' : 'test';
}

/** Share of rows outside `train` whose group, and whose rater, also stands in `train`: 0 unless something is wrong. */
export function leakage(rows: readonly { readonly split: Split; readonly group: string; readonly rater: string }[]): { groups: number; raters: number } {
  const train = rows.filter(({ split }) => split === 'train');
  const held = rows.filter(({ split }) => split === 'validation' || split === 'test');
  const share = (of: 'group' | 'rater') => {
    const known = new Set(train.map((row) => row[of]));
    return held.length === 0 ? 0 : held.filter((row) => known.has(row[of])).length / held.length;
  };
  return { groups: share('group'), raters: share('rater') };
}
