/** attune collector …: runs the community dataset service and looks after it. */
import { existsSync, readFileSync } from 'node:fs';
import { type Settings } from '../collector/config/settings.ts';
import { loadSettings } from '../collector/config/load.ts';
import { drivesOf, missingForPublic } from '../collector/config/opening.ts';
import { startCollector } from '../collector/collector.ts';
import { examine } from '../collector/doctor.ts';
import { loggerOptions } from '../collector/http/server.ts';
import { expireConsents, forgetWork, purge } from '../collector/jobs/maintenance.ts';
import { examineLog } from '../collector/log/check.ts';
import { type CollectorKey, openKey } from '../collector/log/key.ts';
import { OperatorError } from '../collector/operator-error.ts';
import { backup, restore } from '../collector/store/backup.ts';
import { openDatabase } from '../collector/store/database.ts';
import { listDrives, setDriveState } from '../collector/store/drives.ts';
import { collectorIn, defaultDataFolder } from '../collector/store/folder.ts';
import { migrate } from '../collector/store/migrate.ts';
import { type Database } from '../collector/store/tables.ts';
import { withdrawByHand } from '../collector/withdraw/withdraw.ts';
import { EXIT, UsageError, writeLine } from './lines.ts';

export interface CollectorFlags {
  data?: string;
  config?: string;
  bind?: string;
  jobs?: boolean;
}

interface Surroundings {
  data: string;
  settings: Settings;
  databaseUrl: string | undefined;
  keyPem: string | undefined;
}

const notice = (message: string) => console.error(message);

function surroundings({ data: folder, config, bind }: CollectorFlags): Surroundings {
  const { env } = process;
  const data = folder ?? env['ATTUNE_DATA'] ?? defaultDataFolder();
  const keyFile = env['ATTUNE_LOG_KEY_FILE'];
  if (keyFile !== undefined && !existsSync(keyFile)) throw new UsageError(`ATTUNE_LOG_KEY_FILE names ${keyFile}, which is not there.`);
  return {
    data,
    settings: loadSettings(config ?? env['ATTUNE_CONFIG'], data, bind === undefined ? env : { ...env, ATTUNE_BIND: bind }),
    databaseUrl: env['DATABASE_URL'],
    keyPem: keyFile === undefined ? env['ATTUNE_LOG_KEY'] : readFileSync(keyFile, 'utf8'),
  };
}

/** Faults that the operator can mend become messages; everything else keeps its stack. */
async function guarded(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorError) throw new UsageError(error.message);
    if (error instanceof Error && 'code' in error && (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND')) throw new UsageError('The database named by DATABASE_URL cannot be reached. Is it running, and is the address right?');
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new UsageError('The address is already in use. Stop what listens there, or name another with --bind 127.0.0.1:<port>.');
    throw error;
  }
}

/** Opens the database for a command, and closes it afterwards. */
function withDatabase(flags: CollectorFlags, work: (db: Database, key: CollectorKey, around: Surroundings) => Promise<number>): Promise<number> {
  return guarded(async () => {
    const around = surroundings(flags);
    const database = await openDatabase({ url: around.databaseUrl, data: around.data, connections: 2, onNotice: notice });
    try {
      return await work(database.db, openKey(around.data, { pem: around.keyPem, name: around.settings.name }), around);
    } finally {
      await database.close();
    }
  });
}

/** Runs until it is told to stop. */
export function start(flags: CollectorFlags): Promise<number> {
  return guarded(async () => {
    const { data, settings, databaseUrl, keyPem } = surroundings(flags);
    const stopped = new Promise<string>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
    });
    const collector = await startCollector({ settings, data, databaseUrl, keyPem, jobs: flags.jobs ?? true, logger: loggerOptions(process.env['ATTUNE_LOG_LEVEL'] ?? 'info'), onNotice: notice });
    const drives = settings.drives.length > 0 ? settings.drives.map(({ id }) => id) : drivesOf(settings).map(({ id }) => id);
    notice(`Attune collector: ${collector.url} · drives: ${drives.join(', ')} · ${databaseUrl === undefined ? `data in ${data}` : 'database from DATABASE_URL'}`);
    if (missingForPublic(settings).length > 0) notice('A trial on this machine: nobody else can reach it. docs/collector.md says what a public collector needs.');
    notice('Stop it with Ctrl+C.');
    notice(`Stopping (${await stopped}) …`);
    await collector.stop();
    return EXIT.ok;
  });
}

export const migrateTables = (flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db) => {
    const done = await migrate(db);
    notice(done.length === 0 ? 'The tables are up to date.' : `Applied: ${done.join(', ')}.`);
    return EXIT.ok;
  });

export const backupTo = (file: string, flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db) => {
    await writeLine({ file, rows: await backup(db, file) });
    notice('Keep the signing key as well (log-key.pem in the data folder, or where you keep it): it is not in the backup.');
    return EXIT.ok;
  });

export const restoreFrom = (file: string, flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db, key, { data }) => {
    const running = collectorIn(data);
    if (running !== null) throw new UsageError(`The collector (process ${running}) is running on ${data}. Stop it first.`);
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
    const rows = await restore(db, file);
    const faults: string[] = [];
    for (const { id } of await listDrives(db, key)) faults.push(...(await examineLog(db, id, key)).map((fault) => `drive ${id}: ${fault}`));
    await writeLine({ file, rows, logVerified: faults.length === 0, faults });
    if (faults.length > 0) notice('The rows are restored, but the log does not verify. If only the checkpoint is not believed, the key or the name is another than before.');
    return faults.length === 0 ? EXIT.ok : EXIT.findings;
  });

export const doctor = (flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db, key, { settings }) => {
    const findings = await examine(db, settings, key);
    for (const finding of findings) await writeLine(finding);
    return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.findings;
  });

export const maintain = (flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db) => {
    const now = new Date();
    await writeLine({ expiredConsents: await expireConsents(db, now), purgedRows: await purge(db, now), forgottenWork: await forgetWork(db, now) });
    return EXIT.ok;
  });

export const listAll = (flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db, key) => {
    for (const drive of await listDrives(db, key)) await writeLine(drive);
    return EXIT.ok;
  });

export const setState = (drive: string, state: 'open' | 'closed', flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db) => {
    if (!(await setDriveState(db, drive, state))) throw new UsageError(`There is no drive ${drive}. "attune collector drive list" shows those there are.`);
    notice(state === 'closed' ? `The drive ${drive} takes no more consents and submissions. Withdrawals still work.` : `The drive ${drive} is open.`);
    return EXIT.ok;
  });

export const withdrawItem = (drive: string, id: string, flags: CollectorFlags): Promise<number> =>
  withDatabase(flags, async (db, key) => {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) throw new UsageError('Give the id of the submission as its receipt has it.');
    if (!(await withdrawByHand(db, key, drive, id.toLowerCase(), new Date()))) throw new UsageError('There is no such submission in this drive.');
    notice('Withdrawn: the row is deleted and its public id is on the list.');
    return EXIT.ok;
  });

/** Checks settings without starting anything. */
export const checkConfig = (flags: CollectorFlags): Promise<number> =>
  guarded(async () => {
    const { settings } = surroundings(flags);
    const missing = missingForPublic(settings);
    await writeLine({ valid: true, public: missing.length === 0, missing, settings });
    return missing.length === 0 ? EXIT.ok : EXIT.findings;
  });
