/**
 * A short, stable name for a text, for cache keys and for remembering what the reader dismissed.
 *
 * `crypto.subtle` would do, but it is asynchronous and missing on pages without https (self-hosted chats on a home network),
 * and these keys guard nothing: two chained 53-bit mixes (106 bits) make an accidental clash irrelevant.
 */
export function textKey(...parts: readonly string[]): string {
  // The length in front of each part keeps ("ab","c") and ("a","bc") apart.
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return mix(text, 0x9e3779b9) + mix(text, 0x85ebca6b);
}

function mix(text: string, seed: number): string {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(36).padStart(11, '0');
}

/** A name that no other caller has, on any page (`crypto.randomUUID` needs https). */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
