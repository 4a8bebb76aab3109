/**
 * Signed notes (https://c2sp.org/signed-note) and log checkpoints (https://c2sp.org/tlog-checkpoint) with Ed25519 keys: the
 * form in which a log signs its size and root. Pure; runs in browsers and Node.
 */
import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sameBytes } from './merkle.ts';

hashes.sha512 = sha512;

const ED25519 = 1;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const ID_BYTES = 4;
/** Names: no white space and no plus sign (c2sp.org/signed-note). */
const NAME = /^[^\s+\u0085]+$/u;
const SIGNATURE_LINE = /^\u2014 (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

export const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Base64 with padding as bytes, or null where it is none. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The public half of a log's key, with the name that stands in its signatures. */
export interface LogKey {
  name: string;
  publicKey: Uint8Array;
}

/** Signs on behalf of a log. Where the private key is and what does the arithmetic is the caller's business. */
export interface NoteSigner extends LogKey {
  sign: (message: Uint8Array) => Uint8Array;
}

const keyId = ({ name, publicKey }: LogKey) => sha256(concatBytes(utf8ToBytes(`${name}\n`), Uint8Array.of(ED25519), publicKey)).slice(0, ID_BYTES);

/** `<name>+<key id, hexadecimal>+<base64 of algorithm and key>`. */
export function formatLogKey(key: LogKey): string {
  return `${key.name}+${bytesToHex(keyId(key))}+${toBase64(concatBytes(Uint8Array.of(ED25519), key.publicKey))}`;
}

/** The key that such a text stands for, or null where it is none, or its id is not that of its name and key. */
export function parseLogKey(text: string): LogKey | null {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = encoded === undefined ? null : fromBase64(encoded);
  if (name === undefined || !NAME.test(name) || bytes?.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) return null;
  const key = { name, publicKey: bytes.slice(1) };
  return bytesToHex(keyId(key)) === id ? key : null;
}

/**
 * Signs a text.
 * @param text ends with a line end and has no empty line at its end
 * @throws {TypeError} on another text
 */
export function signNote(text: string, signer: NoteSigner): string {
  if (!text.endsWith('\n')) throw new TypeError('The text of a note ends with a line end.');
  const signature = concatBytes(keyId(signer), signer.sign(utf8ToBytes(text)));
  return `${text}\n\u2014 ${signer.name} ${toBase64(signature)}\n`;
}

/** Why a note is not to be believed. */
export type NoteProblem = 'malformed' | 'not-signed-by-this-key' | 'wrong-signature';
export type OpenedNote = { ok: true; text: string } | { ok: false; problem: NoteProblem };

/** Opens a note that this key must have signed; signatures by other keys are passed over. */
export function openNote(note: string, key: LogKey): OpenedNote {
  const cut = note.lastIndexOf('\n\n');
  if (cut < 0 || !note.endsWith('\n')) return { ok: false, problem: 'malformed' };
  const text = note.slice(0, cut + 1);
  const wanted = keyId(key);
  let ours: Uint8Array | undefined;
  for (const line of note.slice(cut + 2, -1).split('\n')) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = encoded === undefined ? null : fromBase64(encoded);
    if (name === undefined || bytes === null || bytes.length <= ID_BYTES) return { ok: false, problem: 'malformed' };
    if (name === key.name && sameBytes(bytes.slice(0, ID_BYTES), wanted)) ours ??= bytes.slice(ID_BYTES);
  }
  if (ours === undefined) return { ok: false, problem: 'not-signed-by-this-key' };
  return verifySignature(ours, utf8ToBytes(text), key) ? { ok: true, text } : { ok: false, problem: 'wrong-signature' };
}

/** Whether this key made this Ed25519 signature (RFC 8032). */
export function verifySignature(signature: Uint8Array, message: Uint8Array, { publicKey }: LogKey): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  try {
    return verify(signature, message, publicKey, { zip215: false });
  } catch {
    // The bytes are no point of the curve: nobody's signature.
    return false;
  }
}

/** What a log says about itself at one moment. */
export interface Checkpoint {
  /** Name of the log. */
  origin: string;
  size: number;
  root: Uint8Array;
}

export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`;

/** The checkpoint in a note's text, or null where there is none. Lines after the third are extensions and are passed over. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, encoded, ...rest] = text.split('\n');
  const root = encoded === undefined ? null : fromBase64(encoded);
  if (origin === undefined || origin === '' || size === undefined || !/^(0|[1-9]\d{0,15})$/.test(size) || root?.length !== 32 || rest.at(-1) !== '') return null;
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root } : null;
}
