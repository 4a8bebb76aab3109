/** The data folder: labelled sets and plain text, unpacked by the `xz` program. Nothing of it is part of the repository. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linesOf } from '../../cli/lines.ts';
import { fromPython } from './python-pattern.ts';

/** A row of a labelled set, as far as evaluation reads it. `spans`: `[start, end, tag]` in characters, not UTF-16 units. */
export interface LabelledRow {
  readonly id: string;
  readonly text: string;
  readonly lang: string;
  readonly label: string;
  readonly raw_label?: string;
  readonly split: string;
  readonly cluster?: string;
  readonly pair_id?: string;
  readonly model?: string;
  readonly score?: number;
  readonly spans?: readonly (readonly [number, number, string])[];
}

/** Where the labelled sets are: ATTUNE_DATA, or shared/data beside the repository. */
export function dataFolder(): string {
  return process.env['ATTUNE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
}

/** The data folder or a part of it is not there. The message says what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** Lines of an .xz file in the data folder. @throws {DataError} when it is missing, damaged or cannot be unpacked */
export async function* unpackedLines(...path: string[]): AsyncGenerator<string> {
  const file = join(dataFolder(), ...path);
  if (!existsSync(file)) throw new DataError(`No data at ${file}. Set ATTUNE_DATA to the folder that holds labelled/ and text/ (see models/training/README.md).`);
  const unpack = spawn('xz', ['-dc', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  unpack.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ended = new Promise<DataError | null>((resolve) => {
    unpack.on('error', (error) => resolve(new DataError(`The program "xz" is needed to read ${file}: install xz-utils.`, { cause: error })));
    unpack.on('close', (code) => resolve(code === 0 ? null : new DataError(`${file} cannot be unpacked: ${said.trim() || `xz ended with ${code}`}. Fetch it again.`)));
  });
  try {
    for await (const line of linesOf(unpack.stdout)) yield line;
  } finally {
    unpack.stdout.destroy();
  }
  const fault = await ended;
  if (fault !== null) throw fault;
}

/** Rows of labelled/<name>.jsonl.xz. */
export async function labelledRows(name: string): Promise<LabelledRow[]> {
  const rows: LabelledRow[] = [];
  for await (const line of unpackedLines('labelled', `${name}.jsonl.xz`)) if (line !== '') rows.push(JSON.parse(line) as LabelledRow);
  return rows;
}

/** Bytes of text/<language>.txt by language (BCP-47). */
export function textSizes(): Readonly<Record<string, number>> {
  const file = join(dataFolder(), 'text', 'MANIFEST.json');
  if (!existsSync(file)) throw new DataError(`No data at ${file}. Set ATTUNE_DATA to the folder that holds labelled/ and text/ (see models/training/README.md).`);
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { bytes: number }>;
  return Object.fromEntries(Object.entries(manifest).map(([language, { bytes }]) => [language, bytes]));
}

const NO_WORD = fromPython(String.raw`[^\w]|_`, 'g');

/** Text reduced to letters and digits, lower case; the same as `data.fingerprint` of the training. */
export function fingerprint(text: string): string {
  return text.toLowerCase().replace(NO_WORD, '');
}

/** A stable number in [0, 1) for a key; the same as `data.bucket` of the training, so that both split alike. */
export function bucket(key: string, salt = ''): number {
  return Number.parseInt(createHash('md5').update(salt + key).digest('hex').slice(0, 8), 16) / 2 ** 32;
}
