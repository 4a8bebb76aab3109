/** What a collector can be told, in a YAML file or by the environment: checked, with messages that say what to do. */
import { z } from 'zod';
import { driveId, localeTag, PURPOSES, STORING_PURPOSES } from '../../feedback/schema/index.ts';
import { OperatorError } from '../operator-error.ts';

const text = (what: string) => z.string(`${what}: give a text`).trim().min(1, `${what}: must not be empty`).max(500, `${what}: at most 500 characters`);

const driveEntry = z.strictObject({
  id: driveId,
  title: text('title of the drive'),
  /** Locales that are judged; all where absent. */
  locales: z.array(localeTag).min(1).optional(),
  purposes: z
    .array(z.enum(PURPOSES))
    .refine((list) => STORING_PURPOSES.some((purpose) => list.includes(purpose)), 'purposes: evaluate or train must be among them')
    .default([...PURPOSES]),
});

/** Proof of work for anonymous writers: `cost` rounds of PBKDF2 a try, and how the key must begin (two digits: 256 tries). */
const work = z.union([z.literal('off'), z.strictObject({ cost: z.int().min(1).max(200_000), prefix: z.string().regex(/^[0-9a-f]{1,8}$/) })]);

export const settingsSchema = z.strictObject({
  /** `address:port`. Loopback unless everything that the public must be told is there. */
  bind: z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'bind: give address and port, such as 127.0.0.1:8787').default('127.0.0.1:8787'),
  /** Where people reach it, for links in receipts and notices. */
  publicUrl: z.url({ protocol: /^https?$/, error: 'publicUrl: give an address that begins with https://' }).optional(),
  /** Name of the logs; must never change once there are receipts. */
  name: z.string().regex(/^[^\s+/]{1,100}$/, 'name: no spaces, + or /').optional(),
  controller: z.strictObject({ name: text('controller.name'), address: text('controller.address'), contact: text('controller.contact') }).optional(),
  jurisdiction: text('jurisdiction').optional(),
  storageLocation: text('storageLocation').optional(),
  minimumAge: z.int().min(13, 'minimumAge: at least 13').max(99).default(18),
  retentionDays: z.int().min(1).max(3650, 'retentionDays: at most 3650').default(1095),
  drives: z.array(driveEntry).max(1000).default([]),
  /** How many proxies stand before the collector: so many entries of X-Forwarded-For are believed. */
  trustedProxies: z.int().min(0).max(5).default(0),
  /** Web origins beside extensions that may call the interface. */
  origins: z.array(z.url()).default([]),
  work: work.default({ cost: 2000, prefix: '00' }),
  limits: z
    .strictObject({
      /** Requests of one client (network) a minute; 0 for no limit. */
      requestsPerMinute: z.int().min(0).default(120),
      /** Submissions of one participant a day; 0 for no limit. */
      submissionsPerDay: z.int().min(0).default(300),
      /** Submissions that may wait to be stored before clients are asked to come back. */
      waiting: z.int().min(100).default(5000),
    })
    .default({ requestsPerMinute: 120, submissionsPerDay: 300, waiting: 5000 }),
  /** Who may read /metrics: this machine only, or everybody. */
  metrics: z.enum(['loopback', 'open']).default('loopback'),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A fault in what the operator wrote; the message is for them. */
export class SettingsError extends OperatorError {
  override name = 'SettingsError';
}

export function parseSettings(value: unknown, where: string): Settings {
  const parsed = settingsSchema.safeParse(value ?? {});
  if (parsed.success) {
    const twice = parsed.data.drives.map(({ id }) => id).find((id, index, all) => all.indexOf(id) !== index);
    if (twice !== undefined) throw new SettingsError(`${where}: the drive ${twice} is there twice.`);
    return parsed.data;
  }
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`);
  throw new SettingsError(`${where} is not right:\n${lines.join('\n')}`);
}
