import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deletionKey, leafData } from '../../feedback/log/keys.ts';
import { append, EMPTY_FRONTIER, consistencyPath, inclusionPath, leafHash, type LeafRange, root, rootOf, verifyConsistency, verifyInclusion } from '../../feedback/log/merkle.ts';
import { formatCheckpoint, formatLogKey, fromBase64, type NoteSigner, openNote, parseCheckpoint, parseLogKey, signNote, toBase64 } from '../../feedback/log/note.ts';
import { logName, verifyReceipt } from '../../feedback/log/receipt.ts';
import { FIRST_PREVIOUS, lineHash, signWithdrawal, verifyWithdrawals, withdrawalLine } from '../../feedback/log/withdrawals.ts';
import { type LogProof, type Receipt } from '../../feedback/schema/api.ts';
import { SUBMISSION_SCHEMA, type Submission } from '../../feedback/schema/submission.ts';

interface Proof { proof: string[] | null; wantErr: boolean }
interface Inclusion extends Proof { leafIdx: number; root: string; leafHash: string; treeSize: number }
interface Consistency extends Proof { root1: string; root2: string; size1: number; size2: number }
/** The tree from `start` to `end` as one of its own: of the draft on Merkle tree certificates, checked where RFC 6962 has the same. */
interface SubtreeInclusion extends Omit<Inclusion, 'treeSize'> { start: number; end: number }
interface SubtreeConsistency extends Omit<Consistency, 'size1' | 'size2'> { start: number; end: number; size: number }
const vectors = JSON.parse(readFileSync(new URL('../fixtures/merkle/rfc6962.json', import.meta.url), 'utf8')) as {
  leaf_inputs_hex: string[];
  root_hashes_hex_by_size: string[];
  inclusion: Record<string, Inclusion>;
  consistency: Record<string, Consistency | SubtreeInclusion | SubtreeConsistency>;
};
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const proofOf = (proof: string[] | null) => (proof ?? []).map(bytes);

describe('Merkle tree', () => {
  const leaves = vectors.leaf_inputs_hex.map((hex) => leafHash(hexToBytes(hex)));

  it.each(vectors.root_hashes_hex_by_size.map((hex, size) => [size, hex] as const))('has the published root at size %i', (size, hex) => {
    expect(bytesToHex(rootOf(leaves.slice(0, size)))).toBe(hex);
  });

  const consistency: [string, Consistency][] = [];
  const subtrees: [string, Inclusion][] = [];
  for (const [name, vector] of Object.entries(vectors.consistency)) {
    if ('size1' in vector) consistency.push([name, vector]);
    // Subtrees that begin at leaf 0 are the trees of RFC 6962; an empty one proves nothing there.
    else if ('size' in vector && vector.start === 0 && vector.end > 0) consistency.push([name, { ...vector, size1: vector.end, size2: vector.size }]);
    // A proof within a full subtree is one of a tree that begins at its start.
    else if ('leafIdx' in vector && vector.start % 2 ** Math.ceil(Math.log2(Math.max(1, vector.end - vector.start))) === 0) subtrees.push([name, { ...vector, leafIdx: vector.leafIdx - vector.start, treeSize: vector.end - vector.start }]);
  }

  it('has vectors', () => expect([Object.keys(vectors.inclusion).length, consistency.length, subtrees.length]).toEqual([98, 189, 202]));

  it.each([...Object.entries(vectors.inclusion), ...subtrees])('%s', (_, { leafIdx, treeSize, root, leafHash, proof, wantErr }) => {
    expect(verifyInclusion(leafIdx, treeSize, bytes(leafHash), proofOf(proof), bytes(root)).ok).toBe(!wantErr);
  });

  it.each(consistency)('%s', (_, { size1, size2, root1, root2, proof, wantErr }) => {
    expect(verifyConsistency(size1, size2, bytes(root1), bytes(root2), proofOf(proof)).ok).toBe(!wantErr);
  });

  it('makes the published proofs itself', () => {
    const all = Array.from({ length: 8 }, (_, index) => leaves[index]!);
    const rangeRoot = ({ start, end }: LeafRange) => toBase64(rootOf(all.slice(start, end)));
    let compared = 0;
    for (const { leafIdx, treeSize, proof, root: wanted, wantErr } of Object.values(vectors.inclusion)) {
      if (wantErr || treeSize > 8 || toBase64(rootOf(all.slice(0, treeSize))) !== wanted) continue;
      expect(inclusionPath(leafIdx, treeSize).map(rangeRoot)).toEqual(proof ?? []);
      compared++;
    }
    for (const [, { size1, size2, proof, root2, wantErr }] of consistency) {
      if (wantErr || size2 > 8 || toBase64(rootOf(all.slice(0, size2))) !== root2) continue;
      expect(consistencyPath(size1, size2).map(rangeRoot)).toEqual(proof ?? []);
      compared++;
    }
    expect(compared).toBeGreaterThan(8);
  });

  it('proves every leaf and every earlier tree, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, a, b) => {
        const all = Array.from({ length: size }, (_, index) => leafHash(Uint8Array.of(index)));
        const rangeRoot = ({ start, end }: LeafRange) => rootOf(all.slice(start, end));
        const index = a % size;
        const proof = inclusionPath(index, size).map(rangeRoot);
        expect(verifyInclusion(index, size, all[index]!, proof, rootOf(all))).toEqual({ ok: true });
        expect(verifyInclusion(index, size, sha256(all[index]!), proof, rootOf(all)).ok).toBe(false);
        const from = 1 + (b % size);
        const grown = consistencyPath(from, size).map(rangeRoot);
        expect(verifyConsistency(from, size, rootOf(all.slice(0, from)), rootOf(all), grown)).toEqual({ ok: true });
        if (from < size) expect(verifyConsistency(from, size, rootOf(all.slice(0, from).reverse().map((hash) => sha256(hash))), rootOf(all), grown).ok).toBe(false);
      }),
    );
  });

  it('grows by appending as if built at once, and reports each completed subtree', () => {
    const all = Array.from({ length: 37 }, (_, index) => leafHash(Uint8Array.of(index)));
    const completed: string[] = [];
    let frontier = EMPTY_FRONTIER;
    for (let at = 0; at < all.length; at += 5) {
      frontier = append(frontier, all.slice(at, at + 5), ({ level, index, hash }) => {
        completed.push(`${level}/${index}`);
        expect(hash).toEqual(rootOf(all.slice(index * 2 ** level, (index + 1) * 2 ** level)));
      });
      expect(root(frontier)).toEqual(rootOf(all.slice(0, frontier.size)));
    }
    expect(new Set(completed).size).toBe(18 + 9 + 4 + 2 + 1);
    expect(completed.length).toBe(34);
  });
});

/** @param seed an Ed25519 private key as RFC 8032 has it, here in the PKCS #8 form that Node reads */
function signerOf(name: string, seed: Uint8Array): NoteSigner {
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  return { name, publicKey: Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)), sign: (message) => Uint8Array.from(sign(null, message, key)) };
}

function newSigner(name: string): NoteSigner {
  return signerOf(name, randomBytes(32));
}

describe('signed note', () => {
  // The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note: key and note as printed there.
  const PETER_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
  const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const NOTE =
    'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n\n' +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

  it('opens the published example', () => {
    const opened = openNote(NOTE, parseLogKey(PETER)!);
    expect(opened).toMatchObject({ ok: true });
    expect(opened.ok && signNote(opened.text, signerOf('PeterNeumann', PETER_SEED))).toBe(NOTE);
    expect(openNote(NOTE.replace('answer', 'anger'), parseLogKey(PETER)!)).toEqual({ ok: false, problem: 'wrong-signature' });
  });

  it('makes notes that only its own key opens', () => {
    const signer = newSigner('log.example/pilot');
    const key = parseLogKey(formatLogKey(signer))!;
    const checkpoint = { origin: signer.name, size: 7, root: sha256(Uint8Array.of(1)) };
    const note = signNote(formatCheckpoint(checkpoint), signer);
    const opened = openNote(note, key);
    expect(opened.ok && parseCheckpoint(opened.text)).toEqual(checkpoint);
    expect(openNote(note, newSigner('log.example/pilot'))).toEqual({ ok: false, problem: 'not-signed-by-this-key' });
    expect(openNote(note.slice(0, -1), key)).toEqual({ ok: false, problem: 'malformed' });
    expect(parseLogKey(formatLogKey(signer).replace('pilot', 'other'))).toBeNull();
  });

  it('never throws on a note, key or checkpoint from a stranger', () => {
    const key = newSigner('log');
    fc.assert(fc.property(fc.string(), (text) => {
      expect(openNote(text, key).ok).toBe(false);
      expect(openNote(`${text}\n\n\u2014 log ${text}\n`, key).ok).toBe(false);
      parseLogKey(text);
      parseCheckpoint(text);
      fromBase64(text);
    }));
  });
});

describe('receipt', () => {
  const secret = 'A'.repeat(43);
  const submission: Submission = {
    schema: SUBMISSION_SCHEMA,
    id: '0197aaaa-0000-7000-8000-000000000001',
    drive: 'pilot',
    consent: '0197aaaa-0000-7000-8000-000000000002',
    participant: '1f3c1f3c-0000-4000-8000-000000000003',
    createdOn: '2026-11-22',
    deletionKey: deletionKey(secret, '0197aaaa-0000-7000-8000-000000000001'),
    feedback: { type: 'answer', helpful: 4, harmless: 5, honest: 'cannot-judge', comment: null },
    excerpt: null,
    context: { localeJudged: 'de-DE', familiarity: 'native', situation: null, uiLanguage: 'de', site: null, extensionVersion: '0.1.0', markShown: true },
  };
  const signer = newSigner(logName('log.example', 'pilot'));
  const logKey = formatLogKey(signer);
  const nonce = 'B'.repeat(43);
  const leaf = leafHash(leafData(nonce, submission));
  const leaves = [leafHash(Uint8Array.of(0)), leaf, leafHash(Uint8Array.of(2))];
  const checkpoint = signNote(formatCheckpoint({ origin: signer.name, size: 3, root: rootOf(leaves) }), signer);
  const receipt: Receipt = { id: submission.id, drive: 'pilot', acceptedAt: '2026-11-22T07:00:00Z', nonce, leafIndex: 1, leafHash: bytesToHex(leaf), checkpoint };
  const proof: LogProof = { size: 3, hashes: inclusionPath(1, 3).map(({ start, end }) => toBase64(rootOf(leaves.slice(start, end)))) };

  it('is believed with and without a proof', () => {
    expect(verifyReceipt(submission, receipt, logKey)).toMatchObject({ ok: true, checkpoint: { size: 3 } });
    expect(verifyReceipt(submission, receipt, logKey, proof)).toMatchObject({ ok: true });
  });

  it.each([
    ['other-submission', { receipt: { ...receipt, id: '0197aaaa-0000-7000-8000-000000000009' } }],
    ['other-drive', { receipt: { ...receipt, drive: 'other' } }],
    ['leaf-differs', { submission: { ...submission, createdOn: '2026-11-21' } }],
    ['leaf-differs', { receipt: { ...receipt, nonce: 'C'.repeat(43) } }],
    ['key-malformed', { logKey: 'nonsense' }],
    ['checkpoint-not-signed-by-this-key', { logKey: formatLogKey(newSigner(signer.name)) }],
    ['checkpoint-wrong-signature', { receipt: { ...receipt, checkpoint: checkpoint.replace('\n3\n', '\n9\n') } }],
    ['checkpoint-malformed', { receipt: { ...receipt, checkpoint: 'nonsense' } }],
    ['leaf-outside-checkpoint', { receipt: { ...receipt, leafIndex: 3 } }],
    ['other-proof-size', { proof: { ...proof, size: 2 } }],
    ['proof-wrong-root', { proof: { ...proof, hashes: [...proof.hashes].reverse() } }],
    ['proof-wrong-length', { proof: { ...proof, hashes: ['?'] } }],
  ] as const)('is refused: %s', (problem, changed) => {
    const given = { submission, receipt, logKey, proof, ...changed };
    const check = verifyReceipt(given.submission, given.receipt, given.logKey, given.proof as LogProof);
    expect(!check.ok && check.problems).toContain(problem);
  });

  it('of another drive\u2019s log by the same collector is refused', () => {
    const other = { ...signer, name: logName('log.example', 'other') };
    const note = signNote(formatCheckpoint({ origin: other.name, size: 3, root: rootOf(leaves) }), other);
    const check = verifyReceipt(submission, { ...receipt, checkpoint: note }, formatLogKey(other));
    expect(!check.ok && check.problems).toEqual(['other-log']);
  });
});

describe('withdrawals list', () => {
  const signer = newSigner('log.example/pilot');
  const lines: string[] = [];
  for (const seq of [0, 1, 2]) lines.push(withdrawalLine(signWithdrawal('pilot', { seq, id: `${seq}`.repeat(32), on: '2026-11-22', previous: lines.length === 0 ? FIRST_PREVIOUS : lineHash(lines.at(-1)!) }, signer)));
  const check = (list: string[]) => verifyWithdrawals(list.map((line) => `${line}\n`).join(''), 'pilot', formatLogKey(signer));

  it('is believed whole and in order', () => {
    expect(check(lines)).toMatchObject({ ok: true, entries: [{ seq: 0 }, { seq: 1 }, { seq: 2 }] });
    expect(check([])).toEqual({ ok: true, entries: [] });
  });

  it.each([
    ['one dropped', [lines[0]!, lines[2]!], 2, 'out-of-order'],
    ['the first dropped', lines.slice(1), 1, 'out-of-order'],
    ['one changed', [lines[0]!.replace('00000', '99999'), lines[1]!], 1, 'wrong-signature'],
    ['one signed again by another key', [withdrawalLine(signWithdrawal('pilot', { seq: 0, id: '0'.repeat(32), on: '2026-11-22', previous: FIRST_PREVIOUS }, newSigner('x')))], 1, 'wrong-signature'],
    ['one of another drive', [withdrawalLine(signWithdrawal('other', { seq: 0, id: '0'.repeat(32), on: '2026-11-22', previous: FIRST_PREVIOUS }, signer))], 1, 'wrong-signature'],
    ['white space in a line', [lines[0]!.replace(',', ', '), lines[1]!], 2, 'chain-broken'],
    ['no JSON', ['nonsense'], 1, 'malformed'],
  ])('is refused: %s', (_, list, line, problem) => {
    expect(check(list)).toEqual({ ok: false, line, problem });
  });
});
