/**
 * Brings a database to this version's tables: numbered SQL files, each run once, remembered with its checksum. Collectors
 * that start together take turns by claiming a row, which every PostgreSQL-like engine can do (no advisory lock).
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Database } from './tables.ts';
import { OperatorError } from '../operator-error.ts';

export interface Migration {
  version: number;
  name: string;
  statements: string[];
  checksum: string;
}

export class MigrationError extends OperatorError {
  override name = 'MigrationError';
}

const FOLDER = new URL('./migrations/', import.meta.url);
/** A claim that its holder does not renew in this time is free again: its process has died. */
const LEASE_SECONDS = 60;
const PAUSE_MS = 200;

/** The migrations of this version, in order. */
export const MIGRATIONS: readonly Migration[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file, index) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const version = Number(file.slice(0, 3));
    if (version !== index + 1) throw new MigrationError(`${file} should be number ${index + 1}: the numbers have a gap.`);
    const statements = text
      .replace(/^--.*$/gm, '')
      .split(/;\s*$/m)
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    return { version, name: file.replace(/\.sql$/, ''), statements, checksum: createHash('sha256').update(text).digest('hex') };
  });

/**
 * Applies what is missing, up to `target` (default: all).
 * @returns names of the migrations that were applied now
 * @throws {MigrationError} when the database is newer than this program, or an applied migration was changed afterwards
 */
export async function migrate(db: Database, target = MIGRATIONS.length): Promise<string[]> {
  await prepareHistory(db);
  const holder = randomUUID();
  await claim(db, holder);
  try {
    const applied = new Map((await db.selectFrom('schema_migration').selectAll().execute()).map((row) => [row.version, row]));
    checkHistory(applied);
    const done: string[] = [];
    for (const migration of MIGRATIONS.slice(0, target)) {
      if (applied.has(migration.version)) continue;
      await claim(db, holder);
      // One statement at a time, each harmless when repeated: some engines commit every CREATE by itself.
      for (const statement of migration.statements) await sql.raw(statement).execute(db);
      await db.insertInto('schema_migration').values({ version: migration.version, name: migration.name, checksum: migration.checksum }).execute();
      done.push(migration.name);
    }
    return done;
  } finally {
    await db.updateTable('schema_lock').set({ holder: null, until: null }).where('id', '=', 1).where('holder', '=', holder).execute();
  }
}

const MOST_TRIES = 20;
/** What the slower one is told: unique violation in the catalogue, table exists already, type (of the table's rows) exists already. */
const RACED: ReadonlySet<string> = new Set(['23505', '42P07', '42710']);

/** The two tables that migrations need themselves. Two who make one table at once get an error in spite of IF NOT EXISTS. */
async function prepareHistory(db: Database): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await sql`CREATE TABLE IF NOT EXISTS schema_migration (version integer NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(db);
      await sql`CREATE TABLE IF NOT EXISTS schema_lock (id integer NOT NULL PRIMARY KEY, holder text, until timestamptz)`.execute(db);
      await sql`INSERT INTO schema_lock (id) VALUES (1) ON CONFLICT DO NOTHING`.execute(db);
      return;
    } catch (error) {
      const raced = error instanceof Error && 'code' in error && RACED.has(String(error.code));
      if (!raced || tries === MOST_TRIES) throw error;
      await sleep(PAUSE_MS / 4);
    }
  }
}

/** Numbers of the migrations that a database lacks; throws as `migrate` does. */
export async function missingMigrations(db: Database): Promise<number[]> {
  const known = await sql<{ found: string | null }>`SELECT to_regclass('schema_migration')::text AS found`.execute(db);
  if ((known.rows[0]?.found ?? null) === null) return MIGRATIONS.map(({ version }) => version);
  const applied = new Map((await db.selectFrom('schema_migration').selectAll().execute()).map((row) => [row.version, row]));
  checkHistory(applied);
  return MIGRATIONS.filter(({ version }) => !applied.has(version)).map(({ version }) => version);
}

function checkHistory(applied: ReadonlyMap<number, { name: string; checksum: string }>): void {
  for (const [version, { name, checksum }] of applied) {
    const own = MIGRATIONS[version - 1];
    if (own === undefined) throw new MigrationError(`The database has migration ${name}, which this program does not know: it was used by a newer version. Start that version, or restore a backup.`);
    if (own.checksum !== checksum) throw new MigrationError(`Migration ${name} was changed after it was applied to this database. Restore the file as it was, and put the change into a new migration.`);
  }
}

/** Waits for its turn; taking it again renews the lease. */
async function claim(db: Database, holder: string): Promise<void> {
  for (;;) {
    const claimed = await sql`UPDATE schema_lock SET holder = ${holder}, until = now() + make_interval(secs => ${LEASE_SECONDS}) WHERE id = 1 AND (holder IS NULL OR holder = ${holder} OR until < now()) RETURNING id`.execute(db);
    if (claimed.rows.length === 1) return;
    await sleep(PAUSE_MS);
  }
}
