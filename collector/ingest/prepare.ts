/** All that can be done with a submission before its drive is locked: canonical bytes, hashes, the second look for personal data. */
import { hash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Submission } from '../../feedback/schema/index.ts';

/** Says why a record must not be published, or null. The rules are those of the redaction in the browser. */
export type Screen = (submission: Submission) => string | null;

export interface Prepared {
  submission: Submission;
  /** RFC 8785: what is stored and hashed. */
  canonical: string;
  bodyHash: string;
  nonce: string;
  leaf: Uint8Array;
  blocked: string | null;
}

const LEAF = Buffer.of(0);
const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

/** The same bytes as `leafHash(leafData(nonce, record))` and `canonicalBytes`, by Node's own hashing: this runs for every submission. */
export function prepare(submission: Submission, screen: Screen): Prepared {
  const canonical = canonicalize(submission)!;
  const bytes = Buffer.from(canonical, 'utf8');
  const nonce = randomBytes(32);
  return {
    submission,
    canonical,
    bodyHash: hash('sha256', bytes, 'hex'),
    nonce: nonce.toString('base64url'),
    leaf: sha256(Buffer.concat([LEAF, sha256(Buffer.concat([nonce, bytes]))])),
    blocked: screen(submission),
  };
}
