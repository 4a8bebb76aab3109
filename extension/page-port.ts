/**
 * The line between one page and the pages of the extension that look at it (popup, side panel): a port opened with `tabs.connect`, so no third
 * party is needed and a stopped service worker does not cut it. The page pushes a whole snapshot on every change; what comes back are commands.
 */
import * as z from 'zod/mini';
import { audienceSchema, findingSchema } from './schemas.ts';

export const PAGE_PORT = 'attune-page';

const panelFindingSchema = z.object({
  /** Names the finding within the snapshot. */
  id: z.string(),
  finding: findingSchema,
  /** The follow-up prompt for the chat. */
  prompt: z.string(),
  /** Marked on the page; otherwise only listed. */
  marked: z.boolean(),
});
export type PanelFinding = z.infer<typeof panelFindingSchema>;

const panelAnswerSchema = z.object({
  key: z.string(),
  state: z.discriminatedUnion('type', [
    z.object({ type: z.literal('generating') }),
    z.object({ type: z.literal('reviewing') }),
    z.object({ type: z.literal('reviewed'), language: z.string(), silence: z.nullable(z.enum(['unknown-language', 'unknown-audience', 'no-prose'])) }),
    z.object({ type: z.literal('skipped') }),
    z.object({ type: z.literal('failed'), message: z.string() }),
  ]),
  /** The answer's first words, to tell answers apart. */
  excerpt: z.string(),
  findings: z.array(panelFindingSchema),
  /** Marks that could not be placed because the page has changed. */
  dropped: z.int(),
});
export type PanelAnswer = z.infer<typeof panelAnswerSchema>;

export const pageSnapshotSchema = z.object({
  host: z.string(),
  /** The site's name for people; null when this page is no chat that Attune knows. */
  site: z.nullable(z.string()),
  enabled: z.boolean(),
  /** The key under which this conversation's audience is stored. */
  conversation: z.string(),
  audience: z.nullable(audienceSchema),
  drift: z.boolean(),
  canInsert: z.boolean(),
  /** True when the reviews so far went without the classifier because it failed. */
  withoutClassifier: z.boolean(),
  answers: z.array(panelAnswerSchema),
});
export type PageSnapshot = z.infer<typeof pageSnapshotSchema>;

export const panelCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('go'), id: z.string() }),
  z.object({ type: z.literal('retry'), key: z.string() }),
  z.object({ type: z.literal('feedback'), id: z.string() }),
  z.object({ type: z.literal('rate'), key: z.string() }),
  z.object({ type: z.literal('insert'), text: z.string() }),
]);
export type PanelCommand = z.infer<typeof panelCommandSchema>;
