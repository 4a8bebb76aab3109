/**
 * One stored setting: typed, versioned, and careful with what it finds.
 *
 * Value and version are one envelope under one key, so that they are written together or not at all, and migrations are pure functions run
 * at reading. What cannot be read (damaged, or written by a newer Attune) is never thrown away: the default is used, and the next write
 * first sets the old content aside under `<key>.unreadable`.
 */
import { storage, type StorageItemKey } from '@wxt-dev/storage';
import * as z from 'zod/mini';

export type Migrations = Readonly<Record<number, (older: unknown) => unknown>>;

export interface SettingOptions<T> {
  readonly key: StorageItemKey;
  /** Starts at 1; each later version `n` needs `migrations[n]`, which makes it from version `n - 1`. */
  readonly version: number;
  readonly schema: z.ZodMiniType<T>;
  readonly fallback: T;
  readonly migrations?: Migrations;
}

export type Decoded<T> =
  | { readonly state: 'ok'; readonly value: T }
  | { readonly state: 'absent'; readonly value: T }
  | { readonly state: 'unreadable'; readonly value: T; readonly reason: string };

export interface Setting<T> {
  readonly key: StorageItemKey;
  readonly version: number;
  readonly fallback: T;
  /** Pure: what a stored envelope means to this version of Attune. */
  decode(raw: unknown): Decoded<T>;
  get(): Promise<T>;
  read(): Promise<Decoded<T>>;
  /** Reads, changes and writes as one step. Rejects with {@link StorageFailure} when the browser will not store. */
  update(change: (value: T) => T): Promise<T>;
  readonly watch: (listener: (value: T) => void) => () => void;
}

/** The browser refused to store (disk full, profile damaged). Nothing was changed. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}

const envelopeSchema = z.object({ v: z.int().check(z.minimum(1)), data: z.unknown() });

export function defineSetting<T>(options: SettingOptions<T>): Setting<T> {
  const { key, version, schema, fallback, migrations = {} } = options;
  const item = storage.defineItem<unknown>(key);

  function decode(raw: unknown): Decoded<T> {
    if (raw === null || raw === undefined) return { state: 'absent', value: fallback };
    const unreadable = (reason: string): Decoded<T> => ({ state: 'unreadable', value: fallback, reason });
    const envelope = envelopeSchema.safeParse(raw);
    if (!envelope.success) return unreadable('It is damaged.');
    if (envelope.data.v > version) return unreadable('It was written by a newer version of Attune.');
    let data = envelope.data.data;
    try {
      for (let next = envelope.data.v + 1; next <= version; next += 1) {
        const migrate = migrations[next];
        if (!migrate) throw new Error(`There is no step to version ${next}.`);
        data = migrate(data);
      }
    } catch (error) {
      return unreadable(error instanceof Error ? error.message : String(error));
    }
    const parsed = schema.safeParse(data);
    return parsed.success ? { state: 'ok', value: parsed.data } : unreadable('It is damaged.');
  }

  async function read(): Promise<Decoded<T>> {
    return decode(await item.getValue());
  }

  return {
    key,
    version,
    fallback,
    decode,
    read,
    get: async () => (await read()).value,
    update: (change) =>
      exclusively(key, async () => {
        const raw = await item.getValue();
        const decoded = decode(raw);
        const value = change(decoded.value);
        try {
          if (decoded.state === 'unreadable') await storage.setItem(`${key}.unreadable`, raw);
          await item.setValue({ v: version, data: value });
        } catch (error) {
          throw new StorageFailure(error instanceof Error ? error.message : String(error), { cause: error });
        }
        return value;
      }),
    watch: (listener) => item.watch((raw) => listener(decode(raw).value)),
  };
}

const chains = new Map<string, Promise<unknown>>();

/** One writer at a time, across all pages of the extension where the browser has locks, and within this page in any case. */
function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator && navigator.locks) {
    return navigator.locks.request(`attune:${name}`, work);
  }
  const result = (chains.get(name) ?? Promise.resolve()).then(work, work);
  chains.set(
    name,
    result.catch(() => undefined),
  );
  return result;
}
