/** A submission: one consented piece of feedback, exactly as previewed. */
import { z } from 'zod';
import { FINDING_KINDS, SITUATIONS } from '../../review/types.ts';
import { LONGEST_COMMENT, LONGEST_EXCERPT } from './limits.ts';
import { day, driveId, languageTag, localeTag, plainText, semver, sha256Hex } from './primitives.ts';
import { CANNOT_JUDGE, FAMILIARITIES, REASONS, REDACTION_TYPES, SEVERITIES, VERDICTS } from './taxonomy.ts';

export const SUBMISSION_SCHEMA = 'attune.submission/1';
export { LONGEST_COMMENT, LONGEST_EXCERPT };

const severity = z.union([z.literal(SEVERITIES), z.literal(CANNOT_JUDGE)]);
const scale = z.union([z.literal([1, 2, 3, 4, 5]), z.literal(CANNOT_JUDGE)]);
const id = z.string().regex(/^[\w.:-]{1,120}$/);
/** UTF-16 units of the redacted excerpt, half-open. */
const span = z.strictObject({ start: z.int().min(0), end: z.int().min(1) }).refine(({ start, end }) => start < end, 'end after start');
export type ExcerptSpan = z.infer<typeof span>;

/** What Attune had marked, so that a verdict can be traced to a rule or a model. */
export const markedFinding = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  rule: id,
  severity: z.literal([1, 2, 3]),
  confidence: z.number().min(0).max(1),
  /** Null when the excerpt was dropped from the record. */
  span: span.nullable(),
  pack: z.strictObject({ id, version: semver }).nullable(),
  model: id.nullable(),
});

const opinion = {
  severity,
  reason: z.enum(REASONS).nullable(),
  comment: plainText(LONGEST_COMMENT).nullable(),
  /** How the passage should have read. */
  rewrite: plainText(LONGEST_EXCERPT).nullable(),
};

export const feedback = z.discriminatedUnion('type', [
  /** A judgement of a mark. */
  z.strictObject({ type: z.literal('verdict'), finding: markedFinding, verdict: z.enum(VERDICTS), ...opinion }),
  /** A passage that should have been marked. */
  z.strictObject({ type: z.literal('missed'), kind: z.enum(FINDING_KINDS), span: span.nullable(), ...opinion }),
  /** A judgement of a whole answer. */
  z.strictObject({ type: z.literal('answer'), helpful: scale, harmless: scale, honest: scale, comment: plainText(LONGEST_COMMENT).nullable() }),
]);
export type Feedback = z.infer<typeof feedback>;

/** The redacted text: the passage and its neighbours, never the prompt. `redactions` are where `[LABEL]`s stand. */
export const excerpt = z.strictObject({
  text: plainText(LONGEST_EXCERPT).min(1),
  language: languageTag,
  redactions: z.array(z.strictObject({ start: z.int().min(0), end: z.int().min(1), type: z.enum(REDACTION_TYPES) })).max(200),
});
export type Excerpt = z.infer<typeof excerpt>;

export const submissionContext = z.strictObject({
  /** The culture that was judged, and how the person knows it. */
  localeJudged: localeTag,
  familiarity: z.enum(FAMILIARITIES).nullable(),
  situation: z.enum(SITUATIONS).nullable(),
  uiLanguage: languageTag,
  /** Id of the chat site's adapter (never an address), null where unknown. */
  site: id.nullable(),
  extensionVersion: semver,
  /** False in a drive's blind arm: the person judged before they saw the mark. */
  markShown: z.boolean(),
});

export const submission = z
  .strictObject({
    schema: z.literal(SUBMISSION_SCHEMA),
    /** Made by the client; the idempotency key. */
    id: z.uuidv7(),
    drive: driveId,
    /** The consent under which this is sent. */
    consent: z.uuidv7(),
    participant: z.uuidv4(),
    createdOn: day,
    /** `deletionKey(secret, id)`: whoever knows the secret can withdraw this item. */
    deletionKey: sha256Hex,
    feedback,
    excerpt: excerpt.nullable(),
    context: submissionContext,
  })
  .superRefine(({ feedback, excerpt }, context) => {
    const length = excerpt?.text.length ?? 0;
    const spans = feedback.type === 'verdict' ? [feedback.finding.span] : feedback.type === 'missed' ? [feedback.span] : [];
    for (const at of [...spans, ...(excerpt?.redactions ?? [])]) {
      if (at !== null && (excerpt === null || at.end > length || at.start >= at.end)) context.addIssue({ code: 'custom', path: ['excerpt'], message: 'a span lies outside the excerpt' });
    }
  });
export type Submission = z.infer<typeof submission>;
