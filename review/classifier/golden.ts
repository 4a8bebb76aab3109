/**
 * Golden logits: what the model says to a few passages in WebAssembly, kept in models/<model>/golden.json. A backend on a
 * graphics processor may be silently wrong (drivers differ), so it has to say the same before it is believed.
 */
import { z } from 'zod';
import { headWidth, ModelError, type AttuneConfig } from './config.ts';
import { headProbabilities, softmax } from './decode.ts';
import type { ModelOutputs } from './session.ts';

const goldenSchema = z.object({
  format: z.literal(1),
  /** SHA-256 of the model file, as in config.json. */
  model: z.string().length(64),
  passages: z
    .array(
      z.object({
        /** For people; the ids are what is run. */
        text: z.string(),
        ids: z.array(z.number().int().min(0)).min(2),
        heads: z.array(z.number()),
        /** For each piece. */
        tags: z.array(z.array(z.number())),
      }),
    )
    .min(4),
});
export type Golden = z.infer<typeof goldenSchema>;

/** @throws {ModelError} when the data is not golden logits of this model */
export function readGolden(data: unknown, config: AttuneConfig): Golden {
  const advice = 'Write it anew with: node models/write-golden.ts';
  const parsed = goldenSchema.safeParse(data);
  if (!parsed.success) throw new ModelError(`golden.json is not valid at ${parsed.error.issues[0]?.path.join('.') ?? ''}. ${advice}`);
  if (parsed.data.model !== config.sha256) throw new ModelError(`golden.json belongs to another model file. ${advice}`);
  const widths = { heads: headWidth(config), tags: config.tags.labels.length };
  const whole = parsed.data.passages.every(({ ids, heads, tags }) => heads.length === widths.heads && tags.length === ids.length && tags.every((row) => row.length === widths.tags));
  if (!whole) throw new ModelError(`golden.json does not have ${widths.heads} and ${widths.tags} logits for each passage and piece. ${advice}`);
  return parsed.data;
}

/**
 * @param outputs of all golden passages, run together
 * @returns the largest difference of any probability (0-1); Infinity when a number is missing or is none
 */
export function apartFromGolden({ heads, tags }: ModelOutputs, golden: Golden, config: AttuneConfig): number {
  const longest = Math.max(...golden.passages.map(({ ids }) => ids.length));
  const [width, tagWidth] = [headWidth(config), config.tags.labels.length];
  if (heads.length !== golden.passages.length * width || tags.length !== golden.passages.length * longest * tagWidth) return Infinity;
  const differences: number[] = [];
  const compare = (got: readonly number[], expected: readonly number[]) => differences.push(...got.map((value, at) => Math.abs(value - expected[at]!)));
  golden.passages.forEach((passage, row) => {
    const [got, expected] = [heads.subarray(row * width, (row + 1) * width), Float32Array.from(passage.heads)];
    for (const head of Object.values(config.heads)) compare(Object.values(headProbabilities(got, head)), Object.values(headProbabilities(expected, head)));
    passage.tags.forEach((expectedTags, piece) => {
      const at = (row * longest + piece) * tagWidth;
      compare(softmax(tags.subarray(at, at + tagWidth)), softmax(expectedTags));
    });
  });
  return differences.every((value) => Number.isFinite(value)) ? Math.max(...differences) : Infinity;
}
