/** Rate limits without keeping addresses: a client is a keyed hash of its network, with a key that lives one day in memory. */
import { createHmac, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

const V4_BYTES = 3;
/** Of an IPv6 address: the /56 that a household has. */
const V6_BITS = 56;

/** The network that an address belongs to: /24 or /56. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (isIP(plain) === 4) return plain.split('.').slice(0, V4_BYTES).join('.');
  if (isIP(plain) !== 6) return 'unknown';
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  const hex = groups.map((group) => group.toLowerCase().padStart(4, '0')).join('');
  return hex.slice(0, V6_BITS / 4);
}

/** Names clients for the rate limiter; yesterday's names cannot be made again. */
export function clientNames(now: () => Date): (address: string) => string {
  let day = '';
  let salt = Buffer.alloc(0);
  return (address) => {
    const today = now().toISOString().slice(0, 10);
    if (today !== day) [day, salt] = [today, randomBytes(32)];
    return createHmac('sha256', salt).update(networkOf(address)).digest('base64url').slice(0, 22);
  };
}
