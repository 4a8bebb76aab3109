/**
 * Groups of near-duplicate texts: MinHash with locality-sensitive hashing proposes pairs, exact Jaccard decides
 * (Broder 1997; Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", ch. 3). Groups are for splits, not for removal:
 * two texts that differ in du and Sie belong into one split, and both belong into the data.
 */
import { jaccard, shingles } from './text.ts';
import { UnionFind } from './union-find.ts';

export const SAME_FROM = 0.5;
/** 32 bands of 3 rows propose a pair of Jaccard .5 with probability 1 − (1 − .5³)³² = .986. */
const BANDS = 32;
const ROWS = 3;

/** @returns for each text the place of the first text of its group */
export function nearDuplicateGroups(texts: readonly string[]): Int32Array {
  const sets = texts.map(shingles);
  const groups = new UnionFind(texts.length);
  const buckets = new Map<string, number[]>();
  sets.forEach((set, at) => {
    const signature = minHash(set);
    for (let band = 0; band < BANDS; band++) {
      const key = `${band}:${signature.subarray(band * ROWS, (band + 1) * ROWS).join(',')}`;
      const bucket = buckets.get(key);
      if (bucket === undefined) {
        buckets.set(key, [at]);
        continue;
      }
      for (const other of bucket) {
        if (groups.find(other) !== groups.find(at) && jaccard(sets[other]!, set) >= SAME_FROM) groups.union(other, at);
      }
      bucket.push(at);
    }
  });
  return Int32Array.from(texts, (_, at) => groups.find(at));
}

/** Multipliers and offsets of the hash family, from a fixed recurrence: the same on every machine. */
const FAMILY = Array.from({ length: BANDS * ROWS }, (_, at) => ({ multiplier: (Math.imul(at + 1, 0x9e3779b1) | 1) >>> 0, offset: Math.imul(at + 1, 0x85ebca6b) >>> 0 }));

function minHash(set: ReadonlySet<string>): Uint32Array {
  const signature = new Uint32Array(FAMILY.length).fill(0xffffffff);
  for (const shingle of set) {
    const hash = fnv1a(shingle);
    for (let at = 0; at < FAMILY.length; at++) {
      const { multiplier, offset } = FAMILY[at]!;
      let mixed = (Math.imul(hash, multiplier) + offset) >>> 0;
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x2c1b3c6d) >>> 0;
      mixed ^= mixed >>> 12;
      if (mixed >>> 0 < signature[at]!) signature[at] = mixed >>> 0;
    }
  }
  return signature;
}

/** FNV-1a over UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
