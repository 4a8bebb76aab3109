/**
 * The engine's words as zod schemas, for everything that crosses a border between two processes of the extension
 * (page, background, inference host) or comes out of storage. `review/types.ts` stays the only definition: a schema that drifts from it
 * does not compile.
 */
import * as z from 'zod/mini';
import {
  BLOCK_KINDS,
  FINDING_KINDS,
  REVIEW_LEVELS,
  SITUATIONS,
  type Answer,
  type Audience,
  type Evidence,
  type Finding,
  type Review,
  type Wishes,
} from '../review/types.ts';

/** No chatbot writes more than this; whatever is longer is a fault or an attack, and is refused before it costs anything. */
export const MAX_ANSWER_LENGTH = 400_000;

const offset = z.int().check(z.minimum(0), z.maximum(MAX_ANSWER_LENGTH));
const span = z.object({ start: offset, end: offset });

export const answerSchema: z.ZodMiniType<Answer> = z.object({
  text: z.string().check(z.maxLength(MAX_ANSWER_LENGTH)),
  blocks: z.array(z.extend(span, { kind: z.enum(BLOCK_KINDS), masks: z.array(span), section: z.exactOptional(z.int().check(z.minimum(0))) })),
  prompt: z.exactOptional(z.string()),
});

/** A BCP-47 locale: language, optional script, optional region. */
export const localeSchema = z.string().check(z.regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/));

export const wishesSchema: z.ZodMiniType<Wishes> = z.object({
  address: z.exactOptional(z.enum(['formal', 'informal'])),
  formality: z.exactOptional(z.enum(['formal', 'casual'])),
  enthusiasm: z.exactOptional(z.enum(['less', 'more'])),
  directness: z.exactOptional(z.enum(['direct', 'soft'])),
  units: z.exactOptional(z.enum(['metric', 'us', 'uk'])),
});

export const situationSchema = z.enum(SITUATIONS);

export const audienceSchema: z.ZodMiniType<Audience> = z.object({
  locale: localeSchema,
  situation: z.exactOptional(situationSchema),
  wishes: z.exactOptional(wishesSchema),
});

const sourceSchema = z.object({
  title: z.string(),
  publisher: z.exactOptional(z.string()),
  year: z.exactOptional(z.number()),
  url: z.exactOptional(z.string()),
});

const evidenceSchema: z.ZodMiniType<Evidence> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('rule'),
    rule: z.string(),
    pack: z.string(),
    version: z.string(),
    level: z.enum(REVIEW_LEVELS),
    sources: z.array(sourceSchema),
    dissent: z.exactOptional(z.string()),
  }),
  z.object({ type: z.literal('classifier'), model: z.string(), head: z.string(), score: z.number() }),
  z.object({ type: z.literal('count'), what: z.string(), counts: z.record(z.string(), z.number()) }),
]);

export const findingSchema: z.ZodMiniType<Finding> = z.object({
  start: offset,
  end: offset,
  kind: z.enum(FINDING_KINDS),
  quote: z.string(),
  severity: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  confidence: z.number().check(z.minimum(0), z.maximum(1)),
  rule: z.string(),
  message: z.string(),
  why: z.string(),
  evidence: z.array(evidenceSchema),
  suggestion: z.object({ text: z.string(), replacement: z.exactOptional(z.string()) }),
});

export const reviewSchema: z.ZodMiniType<Review> = z.object({
  language: z.string(),
  situation: situationSchema,
  situationFrom: z.enum(['audience', 'answer', 'default']),
  findings: z.array(findingSchema),
  more: z.array(findingSchema),
  silence: z.exactOptional(z.enum(['unknown-language', 'unknown-audience', 'no-prose'])),
  classifier: z.discriminatedUnion('state', [
    z.object({ state: z.literal('used') }),
    z.object({ state: z.enum(['absent', 'failed']), reason: z.string() }),
  ]),
});
