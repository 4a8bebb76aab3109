/**
 * Every message of the extension, as discriminated unions, validated where it arrives.
 *
 *   page ──review/cancel/describe──▶ background ──▶ inference host ──▶ Worker
 *   page ──settings changes, mark counts──▶ background
 *   background ──next-mark, review-selection, missed──▶ page
 *   page ──feedback──▶ background ──▶ feedback page (the subject waits in the session's storage)
 *
 * Chrome delivers `runtime.sendMessage` to every page of the extension at once, so each message names its addressee in `to`
 * and everyone else stays silent.
 */
import * as z from 'zod/mini';
import { FINDING_KINDS } from '../review/types.ts';
import { subjectSchema } from './feedback/subject.ts';
import { answerSchema, audienceSchema, localeSchema, reviewSchema, situationSchema } from './schemas.ts';

export const SENSITIVITIES = ['quiet', 'balanced', 'thorough'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];
export const sensitivitySchema = z.enum(SENSITIVITIES);

/** What is to be reviewed. Equal jobs give equal reviews, so a job may be sent again without harm. */
export const reviewJobSchema = z.object({
  answer: answerSchema,
  audience: audienceSchema,
  uiLanguage: z.string(),
  sensitivity: sensitivitySchema,
});
export type ReviewJob = z.infer<typeof reviewJobSchema>;

const id = z.string().check(z.minLength(1), z.maxLength(100));

/** What the inference host understands. */
export const inferenceRequestSchema = z.discriminatedUnion('type', [
  z.object({ to: z.literal('inference'), type: z.literal('review'), id, visible: z.boolean(), job: reviewJobSchema }),
  z.object({ to: z.literal('inference'), type: z.literal('cancel'), id }),
  z.object({ to: z.literal('inference'), type: z.literal('describe'), id }),
]);
export type InferenceRequest = z.infer<typeof inferenceRequestSchema>;

/** Why a request was not answered. `unavailable` may work if sent again; the others will not. */
export const FAILURES = ['unavailable', 'cancelled', 'failed', 'invalid'] as const;
export type Failure = (typeof FAILURES)[number];
const failureSchema = z.object({ ok: z.literal(false), code: z.enum(FAILURES), message: z.string() });
export type FailureReply = z.infer<typeof failureSchema>;

export const reviewReplySchema = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), review: reviewSchema }), failureSchema]);
export type ReviewReply = z.infer<typeof reviewReplySchema>;

/** What computes, and why: in builds that may use WebGPU. */
const backendSchema = z.object({ backend: z.enum(['wasm', 'webgpu']), why: z.string() });

/** What the engine of this installation consists of, for the pages that show it. */
export const engineSchema = z.object({
  audiences: z.array(z.object({ locale: localeSchema, name: z.record(z.string(), z.string()) })),
  packs: z.string(),
  /** Lines to show when something could not be loaded. Reviews go on with the rest. */
  problems: z.array(z.string()),
  classifier: z.discriminatedUnion('state', [
    z.object({ state: z.literal('ready'), model: z.string(), backend: z.exactOptional(backendSchema) }),
    z.object({ state: z.enum(['absent', 'failed']), reason: z.string() }),
  ]),
});
export type Engine = z.infer<typeof engineSchema>;

export const describeReplySchema = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), engine: engineSchema }), failureSchema]);
export type DescribeReply = z.infer<typeof describeReplySchema>;

/** One change of the reader's settings. The background script is their only writer on behalf of web pages. */
export const settingsChangeSchema = z.discriminatedUnion('change', [
  z.object({ change: z.literal('mute'), rule: z.string().check(z.minLength(1)), kind: z.enum(FINDING_KINDS), on: z.boolean() }),
  z.object({
    change: z.literal('dismiss'),
    key: z.string().check(z.minLength(1)),
    rule: z.string(),
    kind: z.enum(FINDING_KINDS),
    quote: z.string(),
    on: z.boolean(),
  }),
  z.object({
    change: z.literal('conversation-audience'),
    conversation: z.string().check(z.minLength(1)),
    audience: z.nullable(z.object({ locale: localeSchema, situation: z.exactOptional(situationSchema) })),
  }),
  z.object({ change: z.literal('site'), host: z.string().check(z.minLength(1)), on: z.boolean() }),
]);
export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/** What the background script understands. */
export const backgroundRequestSchema = z.discriminatedUnion('type', [
  z.object({ to: z.literal('background'), type: z.literal('inference'), request: inferenceRequestSchema }),
  z.object({ to: z.literal('background'), type: z.literal('settings'), change: settingsChangeSchema }),
  z.object({ to: z.literal('background'), type: z.literal('marks'), count: z.int().check(z.minimum(0)), drift: z.boolean() }),
  z.object({ to: z.literal('background'), type: z.literal('open-panel') }),
  /** Opens the feedback page about this. */
  z.object({ to: z.literal('background'), type: z.literal('feedback'), subject: subjectSchema }),
  /** Something was put into the outbox, or should be tried again. */
  z.object({ to: z.literal('background'), type: z.literal('outbox') }),
]);
export type BackgroundRequest = z.infer<typeof backgroundRequestSchema>;

export const settingsReplySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
export type SettingsReply = z.infer<typeof settingsReplySchema>;

/** What a page's content script understands. */
export const pageRequestSchema = z.discriminatedUnion('type', [
  z.object({ to: z.literal('page'), type: z.literal('next-mark') }),
  z.object({ to: z.literal('page'), type: z.literal('review-selection') }),
  /** Something in the selection should have been marked. */
  z.object({ to: z.literal('page'), type: z.literal('missed') }),
]);
export type PageRequest = z.infer<typeof pageRequestSchema>;

/** A content script's "I have taken this", so that the background need not inject another script. */
export const TAKEN = 'taken';
