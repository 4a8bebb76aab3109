/** E-mail and web addresses, IP and hardware addresses, keys and tokens. */
import type { Hit, Reading } from './types.ts';
import tlds from './data/domains.json' with { type: 'json' };

const LOCAL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]/u;
const DOMAIN = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})/u;

/** Looks to both sides of each @, at most as far as RFC 5321 allows, so that the time grows with the text and no faster. */
export function emails({ folded }: Reading): Hit[] {
  const hits: Hit[] = [];
  for (let at = folded.indexOf('@'); at !== -1; at = folded.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < 64 && LOCAL.test(folded[start - 1]!)) start -= 1;
    while (start < at && /[.'/`{|}=?&]/.test(folded[start]!)) start += 1;
    const domain = DOMAIN.exec(folded.slice(at + 1, at + 256));
    if (start < at && domain) hits.push({ start, end: at + 1 + domain[0].length, type: 'email' });
  }
  return hits;
}

const SCHEME = /(?<![\p{L}\d])(?:https?|ftp|wss?):\/\/[^\s<>"'“”«»。、，）】」]{1,2000}|(?<![\p{L}\d@.-])www\.[\p{L}\d-]{1,63}\.[^\s<>"'“”«»。、，）】」]{2,2000}/giu;
/** A host by its looks: `example.co.uk/path`. Its last part must be a domain that people use. */
const BARE = new RegExp(`(?<![\\p{L}\\p{N}@._-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,4}(?:${tlds.join('|')})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])(?::\\d{2,5})?(?:[/?#][^\\s<>"'“”«»。、，）】」]{0,2000})?`, 'giu');

/** Web addresses. Even a bare domain may be somebody's own, so it goes too; `http://localhost`-like words without a dot stay. */
export function urls({ folded }: Reading): Hit[] {
  const hits: Hit[] = [];
  for (const pattern of [SCHEME, BARE]) {
    for (const match of folded.matchAll(pattern)) {
      const text = match[0].replace(/[.,;:!?)\]*_]{1,20}$/, '');
      if (pattern === SCHEME && !isAddress(text)) continue;
      hits.push({ start: match.index, end: match.index + text.length, type: 'url' });
    }
  }
  return hits;
}

/** With a dotted host, a port, or anything after the host that may tell who opened it. */
function isAddress(text: string): boolean {
  const host = text.replace(/^\w+:\/\//, '').split(/[/?#]/)[0]!;
  if (/^www\.[^.]+$/i.test(host)) return false;
  return /[.:@[\]]/.test(host) || /[?#]|\/./.test(text.slice(text.indexOf(host) + host.length));
}

const IPV4 = /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\/(?:3[0-2]|[12]?\d))?(?![\d]|\.\d)/g;
/** Anything of the alphabet of IPv6 with two colons or more; {@link isIpv6} decides. */
const IPV6 = /(?<![\p{L}\d:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3}|(?<=:[0-9a-f]{0,3})(?:\d{1,2})?\.(?:\d{1,3}\.){2}\d{1,3})?(?:%[\w.~-]{1,20})?(?:\/\d{1,3})?(?![\p{L}\d:])/giu;
const MAC = /(?<![\p{L}\d:-])(?:[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})(?![\p{L}\d:-])/giu;

/** IPv4, IPv6 and hardware addresses. The empty and the broadcast hardware address name nobody. */
export function networkAddresses({ folded }: Reading): Hit[] {
  const hits: Hit[] = [];
  const add = (match: RegExpExecArray): void => void hits.push({ start: match.index, end: match.index + match[0].length, type: 'ip' });
  for (const match of folded.matchAll(IPV4)) add(match);
  for (const match of folded.matchAll(IPV6)) if (isIpv6(match[0])) add(match);
  for (const match of folded.matchAll(MAC)) if (!/^[0.:-]+$|^[f.:-]+$/i.test(match[0])) add(match);
  return hits;
}

function isIpv6(text: string): boolean {
  const [address, prefix] = text.replace(/%[^/]*/, '').split('/') as [string, string?];
  if (prefix !== undefined && Number(prefix) > 128) return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const size = groups.length + (last?.includes('.') ? 1 : 0);
  if (groups.some((group, index) => group === '' || (group.includes('.') && (index !== groups.length - 1 || !/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/.test(group))))) return false;
  return halves.length === 2 ? size <= 7 : size === 8;
}

const TOKEN = /(?<![\p{L}\p{N}_-])[A-Za-z0-9_-]{20,4000}(?![\p{L}\p{N}_-])/gu;

/** Keys, hashes, wallet addresses: long words in which letters and digits change places again and again. */
export function tokens({ folded }: Reading): Hit[] {
  const hits: Hit[] = [];
  for (const match of folded.matchAll(TOKEN)) {
    const changes = match[0].match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)/g)?.length ?? 0;
    if (changes >= 3) hits.push({ start: match.index, end: match.index + match[0].length, type: 'number' });
  }
  return hits;
}
