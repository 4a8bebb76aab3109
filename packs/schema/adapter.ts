/**
 * adapter.json: a few kilobytes that shift the classifier for one pack's readers: a scale and a shift for each hidden unit at
 * each of the network's sites, trained with everything else frozen. It belongs to one model file and to no other.
 */
import { z } from 'zod';

/** Hostile packs may not ask for more than the largest network has. */
const MOST_SITES = 64;
const MOST_WIDTH = 1024;

const vector = z.base64().max(Math.ceil((MOST_SITES * MOST_WIDTH * 2) / 3) * 4);

const measurement = z.strictObject({
  /** What was measured on: "keico dev". */
  set: z.string().trim().min(1).max(200),
  metric: z.string().trim().min(1).max(100),
  without: z.number(),
  with: z.number(),
  rows: z.int().min(1),
});

export const adapter = z.strictObject({
  format: z.literal(1),
  /** The pack it lies in. */
  locale: z.string().regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/, 'a language ("ja") or a locale ("ja-JP")'),
  /** SHA-256 of the model file that it was trained for: `attune.sha256` of the model's config.json. */
  model: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal'),
  sites: z.int().min(1).max(MOST_SITES),
  width: z.int().min(1).max(MOST_WIDTH),
  /** Base64 of little-endian float16, site by site; 1 changes nothing. */
  scale: vector,
  /** The same; 0 changes nothing. */
  shift: vector,
  /** Data sets with their licences: "KeiCO (CC-BY-4.0)". */
  trainedOn: z.array(z.string().trim().min(1).max(200)).min(1).max(20),
  /** Heads of the classifier that it was trained for. */
  heads: z.array(z.string().regex(/^[a-z]+(_[a-z]+)*$/)).min(1).max(20),
  measured: z.array(measurement).max(50),
});

export type AdapterFile = z.infer<typeof adapter>;
export type AdapterMeasurement = z.infer<typeof measurement>;
