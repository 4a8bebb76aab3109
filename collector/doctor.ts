/** Looks at a collector's settings, key, database and logs, and says what is right and what is not. */
import { sql } from 'kysely';
import { missingForPublic } from './config/opening.ts';
import { type Settings } from './config/settings.ts';
import { checkKey, examineLog } from './log/check.ts';
import { type CollectorKey } from './log/key.ts';
import { missingMigrations } from './store/migrate.ts';
import { type Database } from './store/tables.ts';

export interface Finding {
  check: string;
  ok: boolean;
  detail: string;
}

/** Runs every check; the whole log is read. Findings that only keep a collector from opening to the public are ok for a trial. */
export async function examine(db: Database, settings: Settings, key: CollectorKey): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (check: string, faults: readonly string[], right: string) => findings.push({ check, ok: faults.length === 0, detail: faults.length === 0 ? right : faults.join('; ') });
  const missing = missingForPublic(settings);
  findings.push({ check: 'settings', ok: true, detail: missing.length === 0 ? 'complete for a public collector' : `enough for a trial on this machine; to open it to the public: ${missing.join('; ')}` });

  const { rows } = await sql<{ version: string; fsync: string; synchronous: string }>`SELECT version() AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous`.execute(db);
  const { version, fsync, synchronous } = rows[0]!;
  add('database', [...(fsync === 'on' ? [] : ['fsync is off: a power failure can lose what was acknowledged']), ...(synchronous === 'off' ? ['synchronous_commit is off: a crash can lose what was acknowledged'] : [])], version.split(' on ')[0]!);
  const migrations = await missingMigrations(db);
  add('tables', migrations.map((number) => `migration ${number} is missing: run "attune collector migrate"`), 'up to date');
  if (migrations.length > 0) return findings;

  try {
    await checkKey(db, key);
    add('key', [], `signs as ${key.name}`);
  } catch (error) {
    add('key', [error instanceof Error ? error.message : String(error)], '');
    return findings;
  }
  for (const { drive_id, state } of await db.selectFrom('drive').select(['drive_id', 'state']).orderBy('drive_id').execute()) {
    const { count } = await db.selectFrom('submission').select(sql<number>`count(*)`.as('count')).where('drive_id', '=', drive_id).executeTakeFirstOrThrow();
    add(`drive ${drive_id}`, await examineLog(db, drive_id, key), `${state}, ${count} submissions; records, log and withdrawals agree with what was signed`);
  }
  return findings;
}
