/**
 * A logical backup in one file: gzipped JSON lines from one snapshot, readable by every PostgreSQL-like engine and by
 * people. The key that signs the log is not in it.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { OperatorError } from '../operator-error.ts';
import { MIGRATIONS, migrate } from './migrate.ts';
import { type Database, type Tables } from './tables.ts';

const FORMAT = 'attune.collector-backup/1';

/** Tables in the order of writing, with the columns that name a row. What only lives for minutes is left out. */
const TABLES = {
  drive: ['drive_id'],
  notice: ['drive_id', 'sha256'],
  consent: ['drive_id', 'consent_id'],
  consent_event: ['drive_id', 'consent_id', 'event_id'],
  submission: ['drive_id', 'id'],
  demographics: ['drive_id', 'participant'],
  log_state: ['drive_id'],
  log_leaf: ['drive_id', 'first_index'],
  log_node: ['drive_id', 'level', 'position'],
  withdrawal: ['drive_id', 'seq'],
} as const satisfies Partial<Record<keyof Tables, readonly string[]>>;
type BackedUp = keyof typeof TABLES;

const headerLine = z.strictObject({ format: z.literal(FORMAT), createdAt: z.string(), migration: z.int().min(1) });
const rowLine = z.strictObject({ table: z.enum(Object.keys(TABLES) as [BackedUp, ...BackedUp[]]), row: z.record(z.string(), z.unknown()) });
const endLine = z.strictObject({ end: z.literal(true), rows: z.record(z.string(), z.int()) });
const line = z.union([headerLine, rowLine, endLine]);

const PAGE = 500;

export class BackupError extends OperatorError {
  override name = 'BackupError';
}

/** Writes a backup; the file appears when it is whole. @returns rows by table */
export async function backup(db: Database, file: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
  const part = `${file}.part`;
  try {
    const lines = async function* () {
      yield `${JSON.stringify({ format: FORMAT, createdAt: new Date().toISOString(), migration: MIGRATIONS.length })}\n`;
      for (const table of Object.keys(TABLES) as BackedUp[]) {
        counts[table] = 0;
        for await (const text of rowsOf(trx, table)) {
          counts[table]++;
          yield `{"table":"${table}","row":${text}}\n`;
        }
      }
      yield `${JSON.stringify({ end: true, rows: counts })}\n`;
    };
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, file);
    return counts;
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof Error && 'syscall' in error) throw new BackupError(`${file} cannot be written: ${error.message}`);
    throw error;
  } finally {
    await trx.rollback().execute();
  }
}

/** Rows as JSON texts, in pages by key: PostgreSQL writes the JSON, so every type comes out as it goes in again. */
async function* rowsOf(trx: Transaction<Tables>, table: BackedUp): AsyncGenerator<string> {
  const key = sql.join(TABLES[table].map((column) => sql.ref(column)));
  let after: readonly string[] | null = null;
  for (;;) {
    const rest: RawBuilder<unknown> = after === null ? sql`` : sql`WHERE (${key}) > (${sql.join(after)})`;
    const keys = sql.join(TABLES[table].map((column) => sql`${sql.ref(column)}::text`));
    const { rows } = await sql<{ text: string; key: string[] }>`SELECT row_to_json(t)::text AS text, ARRAY[${keys}] AS key FROM ${sql.table(table)} t ${rest} ORDER BY ${key} LIMIT ${PAGE}`.execute(trx);
    for (const { text } of rows) yield text;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.key;
  }
}

/**
 * Fills an empty database from a backup, in one transaction: all of it or nothing.
 * @returns rows by table
 * @throws {BackupError} when the database is not empty, or the file is not a whole backup
 */
export async function restore(db: Database, file: string): Promise<Record<string, number>> {
  await migrate(db);
  for (const table of Object.keys(TABLES) as BackedUp[]) {
    const { rows } = await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(db);
    if (rows.length > 0) throw new BackupError(`The database is not empty (${table} has rows). Restore into a new one, so that nothing is mixed or overwritten.`);
  }
  return await db.transaction().execute(async (trx) => {
    const counts: Record<string, number> = {};
    let waiting: { table: BackedUp; rows: Record<string, unknown>[] } | null = null;
    const flush = async () => {
      if (waiting === null) return;
      const { table, rows }: { table: BackedUp; rows: Record<string, unknown>[] } = waiting;
      await sql`INSERT INTO ${sql.table(table)} SELECT * FROM json_populate_recordset(NULL::${sql.table(table)}, ${JSON.stringify(rows)}::json)`.execute(trx);
      counts[table] = (counts[table] ?? 0) + rows.length;
      waiting = null;
    };
    let ended: Record<string, number> | null = null;
    let first = true;
    for await (const parsed of readLines(file)) {
      if (ended !== null) throw new BackupError(`${file} goes on after its end: it is not one backup.`);
      if (first !== 'format' in parsed) throw new BackupError(`${file} is not a backup of a collector.`);
      first = false;
      if ('format' in parsed) {
        if (parsed.migration > MIGRATIONS.length) throw new BackupError(`${file} was written by a newer version. Use that version to restore it.`);
      } else if ('end' in parsed) ended = parsed.rows;
      else {
        waiting ??= { table: parsed.table, rows: [] };
        if (waiting.table !== parsed.table || waiting.rows.length >= PAGE) {
          await flush();
          waiting = { table: parsed.table, rows: [] };
        }
        waiting.rows.push(parsed.row);
      }
    }
    await flush();
    if (ended === null) throw new BackupError(`${file} ends too early: it was cut off. Nothing was restored.`);
    for (const [table, count] of Object.entries(ended)) if ((counts[table] ?? 0) !== count) throw new BackupError(`${file} should have ${count} rows of ${table} and has ${counts[table] ?? 0}. Nothing was restored.`);
    return ended;
  });
}

async function* readLines(file: string): AsyncGenerator<z.infer<typeof line>> {
  const source = createReadStream(file);
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  let rest = '';
  try {
    // By line feeds alone: Node's readline also cuts at U+2028, which JSON texts may hold.
    for await (const chunk of source.pipe(gunzip).setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const text of lines) yield parseLine(text, file);
    }
  } catch (error) {
    if (error instanceof BackupError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new BackupError(`${file} cannot be read: ${error.message}. Nothing was restored.`);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  if (rest !== '') yield parseLine(rest, file);
}

function parseLine(text: string, file: string): z.infer<typeof line> {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Said below.
  }
  throw new BackupError(`${file} has a line that is none of a backup's. Nothing was restored.`);
}
