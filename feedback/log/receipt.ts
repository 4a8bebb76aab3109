/** Checking a receipt: what everybody who holds one can do without asking the collector to be honest. */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { type LogProof, type Receipt } from '../schema/api.ts';
import { type Submission } from '../schema/submission.ts';
import { leafData } from './keys.ts';
import { leafHash, type ProofProblem, verifyInclusion } from './merkle.ts';
import { type Checkpoint, fromBase64, type NoteProblem, openNote, parseCheckpoint, parseLogKey } from './note.ts';

export type ReceiptProblem =
  /** The receipt is for another submission or drive. */
  | 'other-submission'
  | 'other-drive'
  /** The leaf is not made of this record and this nonce: something else was logged. */
  | 'leaf-differs'
  /** The drive's published key is no key. */
  | 'key-malformed'
  | `checkpoint-${NoteProblem}`
  /** The checkpoint is of another log than the key's. */
  | 'other-log'
  /** The checkpoint's tree ends before the leaf. */
  | 'leaf-outside-checkpoint'
  /** The proof is for another tree size than the checkpoint's. */
  | 'other-proof-size'
  | `proof-${ProofProblem}`;

export type ReceiptCheck = { ok: true; checkpoint: Checkpoint } | { ok: false; problems: ReceiptProblem[] };

/** Name of a drive's log: what stands in the first line of its checkpoints. */
export const logName = (collector: string, drive: string): string => `${collector}/${drive}`;

/**
 * Checks that a receipt belongs to a submission and was signed by the drive's log.
 * @param logKey of the drive: `DriveInfo.logKey`
 * @param proof of inclusion for the checkpoint's size; without it the log only promises
 * @returns every problem found, or the checkpoint, to be kept and compared with later ones
 */
export function verifyReceipt(submission: Submission, receipt: Receipt, logKey: string, proof?: LogProof): ReceiptCheck {
  const problems: ReceiptProblem[] = [];
  if (receipt.id !== submission.id) problems.push('other-submission');
  if (receipt.drive !== submission.drive) problems.push('other-drive');
  const leaf = bytesToHex(leafHash(leafData(receipt.nonce, submission)));
  if (leaf !== receipt.leafHash) problems.push('leaf-differs');

  const opened = openCheckpoint(receipt.checkpoint, logKey, submission.drive);
  if (!opened.ok) return { ok: false, problems: [...problems, opened.problem] };
  const { checkpoint } = opened;
  if (receipt.leafIndex >= checkpoint.size) problems.push('leaf-outside-checkpoint');
  if (proof !== undefined) {
    const hashes = proof.hashes.map((hash) => fromBase64(hash) ?? new Uint8Array());
    const check = verifyInclusion(receipt.leafIndex, checkpoint.size, hexToBytes(receipt.leafHash), hashes, checkpoint.root);
    if (proof.size !== checkpoint.size) problems.push('other-proof-size');
    else if (!check.ok) problems.push(`proof-${check.problem}`);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, checkpoint };
}

/** Opens a checkpoint that the log of this drive must have signed. */
export function openCheckpoint(note: string, logKey: string, drive: string): { ok: true; checkpoint: Checkpoint } | { ok: false; problem: ReceiptProblem } {
  const key = parseLogKey(logKey);
  if (key === null) return { ok: false, problem: 'key-malformed' };
  const opened = openNote(note, key);
  if (!opened.ok) return { ok: false, problem: `checkpoint-${opened.problem}` };
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint === null) return { ok: false, problem: 'checkpoint-malformed' };
  return checkpoint.origin === key.name && key.name.endsWith(`/${drive}`) ? { ok: true, checkpoint } : { ok: false, problem: 'other-log' };
}
