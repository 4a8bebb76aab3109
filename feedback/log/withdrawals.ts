/** The public list of withdrawals: one line each, chained and signed, so that nobody can drop, change or reorder one unseen. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type WithdrawalEntry, withdrawalEntry } from '../schema/api.ts';
import { fromBase64, type NoteSigner, parseLogKey, toBase64, verifySignature } from './note.ts';

/** `previous` of the first line. */
export const FIRST_PREVIOUS = '0'.repeat(64);

type Unsigned = Omit<WithdrawalEntry, 'signature'>;

/** The bytes that an entry's signature is made over. */
const signedBytes = (drive: string, { seq, id, on, previous }: Unsigned) => utf8ToBytes(`attune.withdrawal/1\n${drive}\n${seq}\n${id}\n${on}\n${previous}\n`);

/** An entry with its signature. */
export function signWithdrawal(drive: string, entry: Unsigned, signer: NoteSigner): WithdrawalEntry {
  return { ...entry, signature: toBase64(signer.sign(signedBytes(drive, entry))) };
}

/** The line of an entry, without its end: the keys always in this order. */
export const withdrawalLine = ({ seq, id, on, previous, signature }: WithdrawalEntry): string => JSON.stringify({ seq, id, on, previous, signature });

/** What the next line says in `previous`. */
export const lineHash = (line: string): string => bytesToHex(sha256(utf8ToBytes(line)));

export type WithdrawalListCheck = { ok: true; entries: WithdrawalEntry[] } | { ok: false; line: number; problem: 'key-malformed' | 'malformed' | 'out-of-order' | 'chain-broken' | 'wrong-signature' };

/**
 * Checks a whole list.
 * @param text JSON lines
 * @param logKey the drive's: `DriveInfo.logKey`
 * @returns the entries, or the first line (from 1) that is wrong and why
 */
export function verifyWithdrawals(text: string, drive: string, logKey: string): WithdrawalListCheck {
  const key = parseLogKey(logKey);
  if (key === null) return { ok: false, line: 0, problem: 'key-malformed' };
  const entries: WithdrawalEntry[] = [];
  let previous = FIRST_PREVIOUS;
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const [index, line] of lines.entries()) {
    const refused = (problem: 'malformed' | 'out-of-order' | 'chain-broken' | 'wrong-signature') => ({ ok: false as const, line: index + 1, problem });
    const entry = parseEntry(line);
    if (entry === null) return refused('malformed');
    if (entry.seq !== index) return refused('out-of-order');
    if (entry.previous !== previous) return refused('chain-broken');
    if (!verifySignature(fromBase64(entry.signature) ?? new Uint8Array(), signedBytes(drive, entry), key)) return refused('wrong-signature');
    entries.push(entry);
    previous = lineHash(line);
  }
  return { ok: true, entries };
}

function parseEntry(line: string): WithdrawalEntry | null {
  try {
    return withdrawalEntry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
