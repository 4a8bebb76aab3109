/** The files of a release, and what proves that they are whole. */
import { createHash } from 'node:crypto';

/** Names (with "/") of files in the release folder → bytes. */
export type ReleaseFiles = ReadonlyMap<string, Uint8Array>;

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** In the format of sha256sum, so that `sha256sum -c SHA256SUMS` checks a copy. */
export function checksums(files: ReleaseFiles): string {
  return [...files].filter(([name]) => name !== 'SHA256SUMS').sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`).join('');
}
