/** Reads a release folder back, as a stranger's: every file is checked before it is believed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { ANNOTATION_FIELDS, SPLITS, type Annotation, type Field, type FieldType } from './fields.ts';
import type { ReleaseFiles } from './files.ts';
import { releaseMeta, type ReleaseMeta } from './meta.ts';

/** The folder is not a release, or is damaged; `message` says where. */
export class ReleaseError extends Error {
  override name = 'ReleaseError';
}

/** Names (with "/") → bytes of all files of the folder. */
export function readFolder(folder: string): Map<string, Uint8Array> {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw new ReleaseError(`${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const paths = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const TYPES = { text: z.string(), integer: z.int(), number: z.number(), boolean: z.boolean() } as const satisfies Record<FieldType, z.ZodType>;

function rowSchema<Row>(fields: readonly Field<Row>[]) {
  return z.strictObject(Object.fromEntries(fields.map(({ name, type, nullable }) => [name, nullable ? TYPES[type].nullable() : TYPES[type]])));
}
const annotation = rowSchema(ANNOTATION_FIELDS).refine(({ split }) => (SPLITS as readonly unknown[]).includes(split), 'split must be train, validation, test or none');

export function textOf(files: ReleaseFiles, name: string): string {
  const bytes = files.get(name);
  if (bytes === undefined) throw new ReleaseError(`${name} is missing: this is not a whole release.`);
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

export function readMeta(files: ReleaseFiles): ReleaseMeta {
  let value: unknown;
  try {
    value = JSON.parse(textOf(files, 'release.json'));
  } catch (error) {
    if (error instanceof ReleaseError) throw error;
    throw new ReleaseError(`release.json is not JSON: ${(error as Error).message}`);
  }
  const meta = releaseMeta.safeParse(value);
  if (!meta.success) throw new ReleaseError(`release.json: ${z.prettifyError(meta.error)}`);
  return meta.data;
}

export function readAnnotations(files: ReleaseFiles): Annotation[] {
  return textOf(files, 'data/annotations.jsonl').split('\n').filter((line) => line !== '').map((line, at) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw new ReleaseError(`data/annotations.jsonl, line ${at + 1}: not JSON.`);
    }
    const row = annotation.safeParse(value);
    if (!row.success) throw new ReleaseError(`data/annotations.jsonl, line ${at + 1}: ${row.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
    return row.data as unknown as Annotation;
  });
}
