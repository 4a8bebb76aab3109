/**
 * The shape of a canned conversation. The answers are data so that a person who writes none of our code can add one,
 * and so that the tests know what was planted in each: `planted` is what a reader of `audience` should be shown,
 * an empty list says that the answer is fine and has to stay without marks.
 */
import { z } from 'zod';
import { FINDING_KINDS } from '../../review/types.ts';

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');

/** Markdown, one array entry for each line, so that a diff shows the line that changed. */
const markdown = z.array(z.string()).min(1);

export const plantedSchema = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  /** Exact words of the answer as it is displayed. */
  quote: z.string().min(1),
});

export const exchangeSchema = z.strictObject({
  id: slug,
  question: z.string().min(1),
  answer: markdown,
  /** What Regenerate gives instead, in turn. */
  alternatives: z.array(markdown).optional(),
  /** Shown in a folded block beside the answer, as chatbots that "think" do. It is not part of the answer. */
  reasoning: z.strictObject({ seconds: z.number().positive(), text: z.string() }).optional(),
  planted: z.array(plantedSchema),
});

export const conversationSchema = z.strictObject({
  id: slug,
  title: z.string().min(1),
  /** Language of the answers, BCP-47. */
  lang: z.string().min(2),
  /** The reader for whom `planted` holds. */
  audience: z.string().min(4),
  exchanges: z.array(exchangeSchema).min(1),
});

export type Planted = z.infer<typeof plantedSchema>;
export type Exchange = z.infer<typeof exchangeSchema>;
export type Conversation = z.infer<typeof conversationSchema>;
