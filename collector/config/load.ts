/** Settings from a YAML file and the environment; the environment wins. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { parseSettings, type Settings, SettingsError } from './settings.ts';

export const CONFIG_FILE = 'collector.yaml';

/** Settings by environment variable: where each goes, and how its text is read. */
const VARIABLES: Record<string, { path: readonly string[]; read?: (text: string) => unknown }> = {
  ATTUNE_BIND: { path: ['bind'] },
  ATTUNE_PUBLIC_URL: { path: ['publicUrl'] },
  ATTUNE_NAME: { path: ['name'] },
  ATTUNE_CONTROLLER_NAME: { path: ['controller', 'name'] },
  ATTUNE_CONTROLLER_ADDRESS: { path: ['controller', 'address'] },
  ATTUNE_CONTROLLER_CONTACT: { path: ['controller', 'contact'] },
  ATTUNE_JURISDICTION: { path: ['jurisdiction'] },
  ATTUNE_STORAGE_LOCATION: { path: ['storageLocation'] },
  ATTUNE_MINIMUM_AGE: { path: ['minimumAge'], read: Number },
  ATTUNE_RETENTION_DAYS: { path: ['retentionDays'], read: Number },
  ATTUNE_TRUSTED_PROXIES: { path: ['trustedProxies'], read: Number },
  ATTUNE_WORK: { path: ['work'], read: (text) => (text === 'off' ? 'off' : (parse(text) as unknown)) },
  ATTUNE_REQUESTS_PER_MINUTE: { path: ['limits', 'requestsPerMinute'], read: Number },
  ATTUNE_SUBMISSIONS_PER_DAY: { path: ['limits', 'submissionsPerDay'], read: Number },
  ATTUNE_METRICS: { path: ['metrics'] },
};

/**
 * @param file a YAML file; default: `collector.yaml` in the data folder, if it is there
 * @throws {SettingsError}
 */
export function loadSettings(file: string | undefined, data: string, env: NodeJS.ProcessEnv = process.env): Settings {
  const path = file ?? (existsSync(join(data, CONFIG_FILE)) ? join(data, CONFIG_FILE) : undefined);
  const settings: unknown = path === undefined ? {} : readYaml(path);
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) throw new SettingsError(`${path} should be a list of settings, one "name: value" a line.`);
  for (const [variable, { path: at, read = (text: string) => text }] of Object.entries(VARIABLES)) {
    const value = env[variable];
    if (value !== undefined && value !== '') set(settings as Record<string, unknown>, at, read(value));
  }
  return parseSettings(settings, path ?? 'The environment');
}

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8')) ?? {};
  } catch (error) {
    if (error instanceof YAMLParseError) throw new SettingsError(`${path} is not YAML: ${error.message}`);
    throw new SettingsError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function set(target: Record<string, unknown>, [first, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[first!] = value;
  else {
    const inner = target[first!];
    target[first!] = typeof inner === 'object' && inner !== null ? { ...inner } : {};
    set(target[first!] as Record<string, unknown>, rest, value);
  }
}
