/** Keys and ids derived from the client's secret and from a record: the same on both sides, so anyone can check. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/** Base64url without padding, as bytes. */
export function fromBase64url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

/**
 * SHA-256(secret ‖ id) in hexadecimal. The collector keeps this, the client the secret: a withdrawal shows the secret, and
 * the stored keys of two items do not show that they come from one client.
 * @param secret 32 bytes in base64url
 * @param id of a submission, or of a participant for "everything"
 */
export function deletionKey(secret: string, id: string): string {
  return bytesToHex(sha256(concatBytes(fromBase64url(secret), utf8ToBytes(id))));
}

/**
 * What a submission is called in releases and in the list of withdrawals. A UUIDv7 tells the millisecond in which somebody
 * pressed a button; this does not, and cannot be turned back.
 */
export function publicId(id: string): string {
  return bytesToHex(sha256(utf8ToBytes(`attune.public-id/1\n${id}`))).slice(0, 32);
}

/** Canonical JSON (RFC 8785): the bytes that are hashed. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8ToBytes(canonicalize(value)!);
}

/**
 * The data of a log leaf: SHA-256(nonce ‖ canonical record). Once the nonce is deleted the leaf says nothing about the record.
 * @param nonce 32 bytes in base64url
 */
export function leafData(nonce: string, record: unknown): Uint8Array {
  return sha256(concatBytes(fromBase64url(nonce), canonicalBytes(record)));
}
