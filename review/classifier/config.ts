import { z } from 'zod';
import { HEADS, type HeadName, type Trust } from './types.ts';

/** The layout of `config.json` that this code reads. A model with another number needs another version of Attune. */
export const FORMAT_VERSION = 2;

const probability = z.number().min(0).max(1);

const headSchema = z.object({
  labels: z.array(z.string()).min(1),
  activation: z.enum(['softmax', 'sigmoid']),
  /** Columns `[start, end)` of the heads output. */
  logits: z.tuple([z.number().int().min(0), z.number().int().min(1)]),
  temperature: z.number().positive(),
  thresholds: z.record(z.string(), probability),
  /** Thresholds of single languages, where one for all would be too low: language → label → probability. */
  languageThresholds: z.record(z.string(), z.record(z.string(), probability)).optional(),
});
export type HeadConfig = z.infer<typeof headSchema>;

const attuneSchema = z.object({
  formatVersion: z.literal(FORMAT_VERSION),
  version: z.string(),
  maxTokens: z.number().int().min(8).max(1024),
  outputs: z.object({ heads: z.string(), tags: z.string() }),
  /** Shape of the inputs `adapter_scale` and `adapter_shift`; absent where the graph has none. */
  adapter: z.object({ sites: z.number().int().min(1), width: z.number().int().min(1) }).optional(),
  sha256: z.string().length(64),
  bytes: z.number().int().positive(),
  heads: z.object(Object.fromEntries(HEADS.map((head) => [head, headSchema])) as Record<HeadName, typeof headSchema>),
  tags: z.object({ labels: z.array(z.string()).min(2), threshold: probability }),
  languages: z.record(z.string(), z.partialRecord(z.enum(HEADS), z.enum(['trained', 'written', 'chance']))),
});
export type AttuneConfig = z.infer<typeof attuneSchema>;

/** Something about a model's files is wrong. The message says what, and what to do. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
}

/** The `attune` section of a model's config.json, checked. */
export function readConfig(config: unknown): AttuneConfig {
  const section = z.object({ attune: z.record(z.string(), z.unknown()) }).safeParse(config);
  if (!section.success) {
    throw new ModelError(
      'config.json has no "attune" section, so this is not an Attune model. Use the config.json of models/attune-mini.',
    );
  }
  const format = section.data.attune['formatVersion'];
  if (format !== FORMAT_VERSION) {
    throw new ModelError(
      `This model has format ${JSON.stringify(format)}, but this version of Attune reads format ${FORMAT_VERSION}. ` +
        'Install the model and the program from the same release.',
    );
  }
  const result = attuneSchema.safeParse(section.data.attune);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ModelError(
      `config.json is not valid at attune.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}. ` +
        'Restore the file, or rebuild the model with models/training/build.py.',
    );
  }
  for (const [name, head] of Object.entries(result.data.heads)) {
    if (head.logits[1] - head.logits[0] !== head.labels.length) {
      throw new ModelError(
        `config.json: head "${name}" has ${head.labels.length} labels for ${head.logits[1] - head.logits[0]} logits. Rebuild the model.`,
      );
    }
  }
  return result.data;
}

/** Columns of the heads output. */
export function headWidth(config: AttuneConfig): number {
  return Math.max(...Object.values(config.heads).map((head) => head.logits[1]));
}

/** `de-AT` → `de-AT`, `de`; `zh-CN` → `zh-CN`, `zh-Hans`, `zh`. */
export function languageKeys(language: string): string[] {
  const keys = [language];
  try {
    const full = new Intl.Locale(language).maximize();
    keys.push(`${full.language}-${full.script}`, full.language);
  } catch {
    // Not a language tag: only the literal name can match.
  }
  return keys;
}

export function trustOf(config: AttuneConfig, language: string, head: HeadName): Trust {
  for (const key of languageKeys(language)) {
    const entry = config.languages[key];
    if (entry) return entry[head] ?? 'chance';
  }
  return 'chance';
}

export function thresholdOf(config: AttuneConfig, head: HeadName, label: string, language?: string): number {
  const { thresholds, languageThresholds } = config.heads[head];
  if (language !== undefined && languageThresholds) {
    for (const key of languageKeys(language)) {
      const own = languageThresholds[key]?.[label];
      if (own !== undefined) return own;
    }
  }
  return thresholds[label] ?? 1;
}
