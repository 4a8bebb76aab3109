/** All that can be done with a submission before its drive is locked: canonical bytes, hashes, the second look for personal data. */
import { createHash, randomBytes } from 'node:crypto';
import { canonicalBytes, leafDataOfBytes } from '../../feedback/log/keys.ts';
import { leafHash } from '../../feedback/log/merkle.ts';
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

export function prepare(submission: Submission, screen: Screen): Prepared {
  const bytes = canonicalBytes(submission);
  const nonce = randomBytes(32).toString('base64url');
  return {
    submission,
    canonical: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
    bodyHash: createHash('sha256').update(bytes).digest('hex'),
    nonce,
    leaf: leafHash(leafDataOfBytes(nonce, bytes)),
    blocked: screen(submission),
  };
}
