/** The collector's HTTP interface, version 1. Paths and bodies; the collector's OpenAPI page is made from these. */
import { z } from 'zod';
import { consentRequest, demographics } from './consent.ts';
import { driveId, languageTag, localeTag, secret, sha256Hex } from './primitives.ts';
import { submission } from './submission.ts';
import { PURPOSES } from './taxonomy.ts';

/** Most submissions in one request, and the largest body in bytes. */
export const LARGEST_BATCH = 50;
export const LARGEST_BODY = 64 * 1024;

/** What a person is told before they agree: who keeps the data, where, how long. GET /v1/drives/{drive} */
export const driveInfo = z.object({
  id: driveId,
  title: z.string(),
  state: z.enum(['open', 'closed']),
  locales: z.array(localeTag).nullable(),
  controller: z.object({ name: z.string(), address: z.string(), contact: z.string(), jurisdiction: z.string() }),
  minimumAge: z.int(),
  retentionDays: z.int(),
  storageLocation: z.string(),
  purposes: z.array(z.enum(PURPOSES)),
  /** Address of the public part of the log's key: `<name>+<hash>+<base64 key>` (C2SP signed-note verifier key). */
  logKey: z.string(),
});
export type DriveInfo = z.infer<typeof driveInfo>;

/** The notice in one language; `sha256` is of `text` in UTF-8. GET /v1/drives/{drive}/notice?language=de */
export const noticeText = z.object({ version: z.string(), language: languageTag, text: z.string(), sha256: sha256Hex });
export type NoticeText = z.infer<typeof noticeText>;

/** GET /v1/challenge: a proof-of-work task of altcha; its solution goes into the header `x-attune-work`. */
export const WORK_HEADER = 'x-attune-work';

/** POST /v1/consents */
export const consentReply = z.object({
  /** ISO/IEC TS 27560 receipt as DPV JSON-LD: for the person to keep. */
  receipt: z.looseObject({ '@type': z.literal('dpv:ConsentReceipt') }),
  state: z.string(),
});

/** POST /v1/submissions: 1-50, each with its own outcome; the whole answers 200 when each item has one. */
export const submissionBatch = z.strictObject({ submissions: z.array(submission).min(1).max(LARGEST_BATCH) });

/** Proof that a submission was taken and stands in the log. `leaf` can be recomputed: see `leafData` in feedback/log/keys.ts. */
export const receipt = z.object({
  id: z.uuidv7(),
  drive: driveId,
  acceptedAt: z.iso.datetime(),
  /** Random; deleted on withdrawal, after which nobody can connect the leaf with a text. Base64url, 32 bytes. */
  nonce: secret,
  leafIndex: z.int().min(0),
  leafHash: sha256Hex,
  /** C2SP signed note over `<origin>\n<tree size>\n<root, base64>\n`, tree size > leafIndex. */
  checkpoint: z.string(),
});
export type Receipt = z.infer<typeof receipt>;

/** A proof in the log. GET /v1/log/{drive}/proof?leaf=&size= (inclusion) and /v1/log/{drive}/consistency?from=&to= */
export const logProof = z.object({
  /** Number of leaves of the tree that the proof is for. */
  size: z.int().min(0),
  /** Base64 of 32 bytes each, in the order of RFC 6962. */
  hashes: z.array(z.string()),
});
export type LogProof = z.infer<typeof logProof>;

export const PROBLEMS = {
  'invalid': 400,
  'consent-missing': 403,
  'consent-not-valid': 403,
  'purpose-not-allowed': 403,
  'drive-closed': 403,
  'mismatch': 409,
  'withdrawn': 410,
  /** More than a participant may send in a day: the only one of these that is worth another try, the next day. */
  'too-many': 429,
} as const;
export type Problem = keyof typeof PROBLEMS;

/** Outcome of one submission: `replayed` when the same bytes were accepted before. */
export const submissionOutcome = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('accepted'), id: z.string(), receipt }),
  z.object({ outcome: z.literal('replayed'), id: z.string(), receipt }),
  z.object({ outcome: z.literal('refused'), id: z.string(), status: z.int(), problem: z.enum(Object.keys(PROBLEMS) as [Problem, ...Problem[]]), detail: z.string() }),
]);
export type SubmissionOutcome = z.infer<typeof submissionOutcome>;
export const batchReply = z.object({ outcomes: z.array(submissionOutcome) });

/** POST /v1/withdrawals: one item, or everything of a participant. Needs no account, only the secret. */
export const withdrawalRequest = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('submission'), drive: driveId, id: z.uuidv7(), secret }),
  z.strictObject({ what: z.literal('everything'), drive: driveId, participant: z.uuidv4(), secret }),
]);
export type WithdrawalRequest = z.infer<typeof withdrawalRequest>;
export const withdrawalReply = z.object({ withdrawn: z.array(z.string()), consent: z.enum(['ConsentWithdrawn', 'unchanged']) });

/** PUT /v1/demographics */
export const demographicsRequest = z.strictObject({ drive: driveId, participant: z.uuidv4(), consent: z.uuidv7(), secret, demographics });

/** One line of the public withdrawals list (GET /v1/drives/{drive}/withdrawals.jsonl): ids only, each line chained to the one before. */
export const withdrawalEntry = z.strictObject({
  seq: z.int().min(0),
  /** Public id of the submission: what releases call it. */
  id: z.string(),
  on: z.iso.date(),
  /** SHA-256 of the previous line's bytes without its line end; 64 zeros for the first. */
  previous: sha256Hex,
  /** Base64 Ed25519 signature by the log's key over `attune.withdrawal/1\n<drive>\n<seq>\n<id>\n<on>\n<previous>\n`. */
  signature: z.string(),
});
export type WithdrawalEntry = z.infer<typeof withdrawalEntry>;

export { consentRequest };

/** Every error that is not an outcome: RFC 9457 problem details. */
export const problemReply = z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() });
