/**
 * The Merkle tree of RFC 6962 §2.1 (SHA-256) over leaf hashes that somebody else keeps: roots, appending with a compact
 * frontier, and proofs. Pure; runs in browsers and Node. Hashes are 32 bytes; sizes and indexes are safe integers.
 */
import { sha256 } from '@noble/hashes/sha2.js';

/** Root of the tree without leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array());

const HASH_BYTES = 32;
const leafInput = (data: Uint8Array) => {
  const input = new Uint8Array(1 + data.length);
  input.set(data, 1);
  return input;
};

/** SHA-256(0x00 ‖ data). */
export const leafHash = (data: Uint8Array): Uint8Array => sha256(leafInput(data));

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_BYTES);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** All that is needed to append: the roots of the full subtrees that the tree consists of, the largest first. */
export interface Frontier {
  size: number;
  nodes: readonly Uint8Array[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] };

/** A full subtree that appending completed: `2 ** level` leaves from leaf `index * 2 ** level` on. */
export interface CompletedNode {
  level: number;
  index: number;
  hash: Uint8Array;
}

/**
 * Appends leaf hashes.
 * @param completed called for every full subtree of two or more leaves that this completes
 * @returns the new frontier; the old one stays as it was
 */
export function append(frontier: Frontier, leaves: readonly Uint8Array[], completed?: (node: CompletedNode) => void): Frontier {
  const nodes = [...frontier.nodes];
  let size = frontier.size;
  for (const leaf of leaves) {
    let hash = leaf;
    let index = size;
    for (let level = 1; index % 2 === 1; level++) {
      hash = nodeHash(nodes.pop()!, hash);
      index = (index - 1) / 2;
      completed?.({ level, index, hash });
    }
    nodes.push(hash);
    size++;
  }
  return { size, nodes };
}

/** Root of the tree that a frontier stands for. */
export function root({ nodes }: Frontier): Uint8Array {
  return nodes.length === 0 ? EMPTY_ROOT : nodes.reduceRight((right, left) => nodeHash(left, right));
}

/** Root of the tree over these leaf hashes. */
export const rootOf = (leaves: readonly Uint8Array[]): Uint8Array => root(append(EMPTY_FRONTIER, leaves));

/** Leaves from `start` up to `end`; a proof is a list of the roots of such ranges. */
export interface LeafRange {
  start: number;
  end: number;
}

function largestPowerBelow(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The ranges whose roots prove that leaf `index` is in the tree of `size` leaves: PATH(m, D[n]), from the leaf upwards. */
export function inclusionPath(index: number, size: number): LeafRange[] {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) throw new RangeError(`There is no leaf ${index} in a tree of ${size}.`);
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + largestPowerBelow(end - start);
    if (index < middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
    }
  }
  return path.reverse();
}

/** The ranges whose roots prove that the tree of `to` leaves begins with the tree of `from` leaves: PROOF(m, D[n]). */
export function consistencyPath(from: number, to: number): LeafRange[] {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 1 || from > to) throw new RangeError(`A tree of ${to} leaves cannot begin with one of ${from}.`);
  if (from === to) return [];
  const path: LeafRange[] = [];
  let [start, end] = [0, to];
  let whole = true;
  while (end !== from) {
    const middle = start + largestPowerBelow(end - start);
    if (from <= middle) {
      path.push({ start: middle, end });
      end = middle;
    } else {
      path.push({ start, end: middle });
      start = middle;
      whole = false;
    }
  }
  if (!whole) path.push({ start, end });
  return path.reverse();
}

/** Why a proof proves nothing. */
export type ProofProblem = 'outside-the-tree' | 'wrong-length' | 'wrong-root' | 'wrong-old-root';
export type ProofCheck = { ok: true } | { ok: false; problem: ProofProblem };

const OK: ProofCheck = { ok: true };
const refused = (problem: ProofProblem): ProofCheck => ({ ok: false, problem });
const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
const half = (value: number) => Math.floor(value / 2);
const isOdd = (value: number) => value % 2 === 1;

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Checks that a leaf stands at `index` in the tree of `size` leaves with this root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(index: number, size: number, leaf: Uint8Array, proof: readonly Uint8Array[], expected: Uint8Array): ProofCheck {
  if (!isCount(index) || !isCount(size) || index >= size) return refused('outside-the-tree');
  if (leaf.length !== HASH_BYTES) return refused('wrong-length');
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0 || sibling.length !== HASH_BYTES) return refused('wrong-length');
    if (isOdd(at) || at === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = nodeHash(hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) return refused('wrong-length');
  return sameBytes(hash, expected) ? OK : refused('wrong-root');
}

/** Checks that the tree of `to` leaves begins with the tree of `from` leaves, at least one (RFC 9162 §2.1.4.2). */
export function verifyConsistency(from: number, to: number, oldRoot: Uint8Array, newRoot: Uint8Array, proof: readonly Uint8Array[]): ProofCheck {
  if (!isCount(from) || !isCount(to) || from === 0 || from > to) return refused('outside-the-tree');
  if (from === to) {
    if (proof.length > 0) return refused('wrong-length');
    return sameBytes(oldRoot, newRoot) ? OK : refused('wrong-root');
  }
  // A full subtree is its own first proof element; RFC 9162 leaves it out.
  const path = Number.isInteger(Math.log2(from)) ? [oldRoot, ...proof] : proof;
  const [first, ...rest] = path;
  if (first?.length !== HASH_BYTES) return refused('wrong-length');
  let [at, last] = [from - 1, to - 1];
  while (isOdd(at)) [at, last] = [half(at), half(last)];
  let [older, newer] = [first, first];
  for (const sibling of rest) {
    if (last === 0 || sibling.length !== HASH_BYTES) return refused('wrong-length');
    if (isOdd(at) || at === last) {
      older = nodeHash(sibling, older);
      newer = nodeHash(sibling, newer);
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else newer = nodeHash(newer, sibling);
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0) return refused('wrong-length');
  if (!sameBytes(older, oldRoot)) return refused('wrong-old-root');
  return sameBytes(newer, newRoot) ? OK : refused('wrong-root');
}
