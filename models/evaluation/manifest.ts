/** training-manifest.json, read leniently: older and newer builds say less or more. */
import { z } from 'zod';

const setSchema = z.object({ name: z.string(), licence: z.union([z.array(z.string()), z.string().transform((one) => [one])]).catch([]), rows: z.number().optional(), bytes: z.number().optional() });

const schema = z.object({
  labelled: z.array(setSchema).catch([]),
  text: z.array(setSchema).catch([]),
  /** A larger model that taught this one; vectors of words that others made. */
  teacher: z.object({ name: z.string(), source: z.string(), licence: z.string(), text: z.string() }).optional().catch(undefined),
  wordVectors: z.object({ name: z.string(), source: z.string(), licence: z.string(), words: z.number() }).optional().catch(undefined),
  /** Rows written for the training, of our own. */
  written: z.unknown().optional(),
  trainingRows: z.record(z.string(), z.number()).catch({}),
  secondsPerStage: z.record(z.string(), z.number()).catch({}),
  machine: z.string().catch(''),
  /** Words, a number of watt-hours, or an object of named figures. */
  energy: z.unknown().optional(),
});

export type TrainingManifest = z.infer<typeof schema>;

/** @throws when it is no JSON object at all */
export function readManifest(json: unknown): TrainingManifest {
  return schema.parse(json);
}

/** Licences of a list of sets, each once, by the alphabet. */
export function licencesOf(sets: TrainingManifest['labelled']): string[] {
  return [...new Set(sets.flatMap(({ licence }) => licence))].sort();
}

/** What the manifest says about the energy used, as one sentence. */
export function energySentence({ energy }: TrainingManifest): string {
  if (energy === undefined || energy === null) return 'Energy was not measured.';
  if (typeof energy === 'string') return /[.!]$/.test(energy) ? energy : `${energy}.`;
  if (typeof energy === 'number') return `Energy: ${energy} Wh.`;
  if (typeof energy !== 'object') return 'Energy was not measured.';
  return `Energy: ${Object.entries(energy).map(([name, value]) => `${spaced(name)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join(', ')}.`;
}

/** `wattHours` → `watt hours`. */
const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
