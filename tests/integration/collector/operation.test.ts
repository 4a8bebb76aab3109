/** Running a collector: settings, opening to the public, migrations, backup and restore, the embedded server's life, the command line. */
import { execFile, spawn } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync, gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../../collector/config/load.ts';
import { checkOpening, isLoopback } from '../../../collector/config/opening.ts';
import { settingsSchema } from '../../../collector/config/settings.ts';
import { examine } from '../../../collector/doctor.ts';
import { startJobs } from '../../../collector/jobs/jobs.ts';
import { examineLog } from '../../../collector/log/check.ts';
import { openKey } from '../../../collector/log/key.ts';
import { backup, restore } from '../../../collector/store/backup.ts';
import { openDatabase, type OpenDatabase } from '../../../collector/store/database.ts';
import { saveDrive } from '../../../collector/store/drives.ts';
import { migrate, MIGRATIONS, missingMigrations } from '../../../collector/store/migrate.ts';
import { DRIVE, plainServer, removeFolder, temporaryFolder, testCollector } from './harness.ts';

const run = promisify(execFile);
let server: Awaited<ReturnType<typeof plainServer>>;
const opened: OpenDatabase[] = [];
const folder = temporaryFolder();
const newDatabase = async () => {
  const database = await openDatabase({ url: await server.newDatabase(), data: folder });
  opened.push(database);
  return database;
};
beforeAll(async () => {
  server = await plainServer();
});
afterAll(async () => {
  for (const { close } of opened) await close();
  server.stop();
  removeFolder(folder);
});

const PUBLIC = `
bind: 0.0.0.0:8787
publicUrl: https://collector.example.org
name: collector.example.org
controller:
  name: Example University
  address: 1 Example Street, Exampletown
  contact: privacy@example.org
jurisdiction: Germany (GDPR)
storageLocation: Germany
minimumAge: 16
drives:
  - { id: pilot, title: Pilot, locales: [de-DE, ja-JP], purposes: [evaluate, publish-labels] }
`;

describe('settings', () => {
  const file = (text: string) => {
    const path = join(folder, 'settings.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('come from a file and the environment, which wins', () => {
    const settings = loadSettings(file(PUBLIC), folder, { ATTUNE_BIND: '127.0.0.1:9000', ATTUNE_CONTROLLER_NAME: 'Other', ATTUNE_WORK: 'off' });
    expect(settings).toMatchObject({ bind: '127.0.0.1:9000', controller: { name: 'Other', contact: 'privacy@example.org' }, work: 'off', minimumAge: 16 });
  });

  it.each([
    ['bnd: 127.0.0.1:1', /bnd/],
    ['bind: nowhere', /bind: give address and port/],
    ['retentionDays: 99999', /retentionDays: at most 3650/],
    ['drives: [{ id: A B, title: x }]', /drives\.0\.id: small letters/],
    ['drives: [{ id: ab1, title: x }, { id: ab1, title: y }]', /ab1 is there twice/],
    ['drives: [{ id: ab1, title: x, purposes: [publish-text] }]', /evaluate or train/],
    ['a: [', /is not YAML/],
    ['- a', /list of settings/],
  ])('that are wrong are named: %s', (text, message) => expect(() => loadSettings(file(text), folder, {})).toThrow(message));

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['localhost', true],
    ['::1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.1', false],
    ['collector.example.org', false],
  ])('know who can reach %s', (host, loopback) => expect(isLoopback(host)).toBe(loopback));

  it('of a public collector must be whole; what is missing is listed', () => {
    expect(() => checkOpening(loadSettings(file(PUBLIC), folder, {}))).not.toThrow();
    for (const [line, missing] of [
      [/controller:\n.*\n.*\n.*\n/, /- controller:/],
      [/jurisdiction:.*\n/, /- jurisdiction:/],
      [/drives:\n.*\n/, /- drives:/],
      [/publicUrl:.*\n/, /- publicUrl:/],
      [/name: collector.*\n/, /- name:/],
      [/storageLocation:.*\n/, /- storageLocation:/],
    ] as const) {
      const text = PUBLIC.replace(line, '');
      expect(text).not.toBe(PUBLIC);
      expect(() => checkOpening(loadSettings(file(text), folder, {}))).toThrow(missing);
    }
    // Behind a proxy loopback is public, too.
    expect(() => checkOpening(settingsSchema.parse({ trustedProxies: 1 }))).toThrow(/controller/);
    expect(() => checkOpening(settingsSchema.parse({}))).not.toThrow();
  });
});

describe('migrations', () => {
  const tables = async ({ db }: OpenDatabase) => (await sql<{ shape: string }>`SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS shape FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`.execute(db)).rows.map(({ shape }) => shape);

  it('lead from every earlier version to the same tables, with the rows that were there', async () => {
    const fresh = await newDatabase();
    expect(await migrate(fresh.db)).toHaveLength(MIGRATIONS.length);
    const wanted = await tables(fresh);
    for (let version = 0; version < MIGRATIONS.length; version++) {
      const database = await newDatabase();
      await migrate(database.db, version);
      if (version >= 1) await sql`INSERT INTO consent VALUES ('open', '0197aaaa-0000-7000-8000-000000000001', '1f3c1f3c-0000-4000-8000-000000000003', 'ConsentGiven', '{evaluate}', 'h', '{"a":1}', 'h', 'k', now(), now(), NULL)`.execute(database.db);
      if (version >= 2) await sql`INSERT INTO withdrawal VALUES ('open', 0, 'x', 'line')`.execute(database.db);
      expect(await missingMigrations(database.db)).toEqual(MIGRATIONS.slice(version).map((migration) => migration.version));
      expect(await migrate(database.db)).toEqual(MIGRATIONS.slice(version).map(({ name }) => name));
      expect(await tables(database)).toEqual(wanted);
      if (version >= 1) expect((await database.db.selectFrom('consent').select('request').execute())[0]?.request).toEqual({ a: 1 });
      if (version >= 2) expect((await database.db.selectFrom('withdrawal').select('line').execute())[0]?.line).toBe('line');
    }
  });

  it('are applied once when several collectors start together', async () => {
    const database = await newDatabase();
    const others = await Promise.all([1, 2, 3].map(() => openDatabase({ url: database.url, data: folder })));
    const done = await Promise.all([database, ...others].map(({ db }) => migrate(db)));
    expect(done.flat().sort()).toEqual(MIGRATIONS.map(({ name }) => name));
    for (const { close } of others) await close();
  });

  it('go on after the process that held the lock has died', async () => {
    const database = await newDatabase();
    await migrate(database.db, 1);
    await sql`UPDATE schema_lock SET holder = 'dead', until = now() - interval '1 second'`.execute(database.db);
    expect(await migrate(database.db)).toHaveLength(MIGRATIONS.length - 1);
  });

  it('refuse a database that was changed behind them, or is newer', async () => {
    const database = await newDatabase();
    await migrate(database.db);
    await sql`UPDATE schema_migration SET checksum = 'x' WHERE version = 1`.execute(database.db);
    await expect(migrate(database.db)).rejects.toThrow(/was changed after it was applied/);
    await sql`UPDATE schema_migration SET checksum = ${MIGRATIONS[0]!.checksum} WHERE version = 1`.execute(database.db);
    await sql`INSERT INTO schema_migration VALUES (99, '099-later', 'x')`.execute(database.db);
    await expect(migrate(database.db)).rejects.toThrow(/newer version/);
  });
});

describe('backup', () => {
  it('brings everything back, and the log verifies', async () => {
    const collector = await testCollector({ settings: { limits: { requestsPerMinute: 0, submissionsPerDay: 0 } } });
    const file = join(collector.data, 'backup.jsonl.gz');
    try {
      const someone = await collector.agree({ purposes: ['evaluate', 'demographics'] });
      await collector.send('PUT', '/v1/demographics', { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: { ageBand: '60+', gender: 'woman', locale: 'de-DE', familiarity: 'native' } });
      const items = Array.from({ length: 600 }, () => collector.sample(someone, {}));
      items[0] = collector.sample(someone, { excerpt: { text: 'Zeilen\n\t"\\ \u2028 \u{1F600} \uFFFD', language: 'de', redactions: [] }, feedback: { type: 'answer', helpful: 1, harmless: 2, honest: 3, comment: null } });
      for (let at = 0; at < 600; at += 50) await collector.submit(...items.slice(at, at + 50));
      await collector.withdraw({ what: 'submission', drive: DRIVE, id: items[7]!.submission.id, secret: items[7]!.secret });
      const key = openKey(collector.data, {});

      // Taken while somebody sends: the snapshot is of one moment.
      const [counts] = await Promise.all([backup(collector.db, file), collector.submit(collector.sample(someone))]);
      expect(counts['submission']).toBeGreaterThanOrEqual(599);
      expect(statSync(file).mode & 0o077).toBe(0);

      const target = await newDatabase();
      expect(await restore(target.db, file)).toEqual(counts);
      expect(await examineLog(target.db, DRIVE, key)).toEqual([]);
      const [one, other] = await Promise.all([collector.db, target.db].map((db) => db.selectFrom('submission').selectAll().where('id', '=', items[0]!.submission.id).executeTakeFirstOrThrow()));
      expect(other).toEqual(one);
      expect(other?.record).toEqual(items[0].submission);
      await expect(restore(target.db, file)).rejects.toThrow(/not empty/);

      // A collector goes on from it: receipts, replays and withdrawals as if nothing had happened.
      const again = await testCollector({ databaseUrl: target.url, data: collector.data, settings: { limits: { requestsPerMinute: 0, submissionsPerDay: 0 } } });
      try {
        expect((await again.submit(items[0], items[7]!, again.sample(someone))).map((outcome) => (outcome.outcome === 'refused' ? outcome.problem : outcome.outcome))).toEqual(['replayed', 'withdrawn', 'accepted']);
      } finally {
        await again.stop();
      }
      // Another key is noticed at once.
      const strangerFolder = temporaryFolder();
      await expect(testCollector({ databaseUrl: target.url, data: strangerFolder })).rejects.toThrow(/signed by another key/);
      removeFolder(strangerFolder);

      // Half a backup restores nothing.
      const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
      for (const [name, content] of [
        ['cut', gzipSync(lines.slice(0, 40).join('\n'))],
        ['torn', readFileSync(file).subarray(0, 2000)],
        ['row-missing', gzipSync(lines.filter((line) => !(line.includes('"table":"submission"') && line.includes(items[3]!.submission.id))).join('\n'))],
        ['foreign', gzipSync('{"hello":1}\n')],
        ['no-gzip', Buffer.from('hello')],
      ] as const) {
        const path = join(collector.data, name);
        writeFileSync(path, content);
        const empty = await newDatabase();
        await expect(restore(empty.db, path), name).rejects.toThrow(/Nothing was restored|not a backup/);
        expect((await empty.db.selectFrom('submission').select('id').execute()).length, name).toBe(0);
      }
    } finally {
      await collector.stop();
      removeFolder(collector.data);
    }
  });
});

describe('the embedded server', () => {
  it('keeps its files private, is taken over after a crash, and refuses a second collector', async () => {
    const collector = await testCollector();
    try {
      expect(statSync(join(collector.data, 'log-key.pem')).mode & 0o077).toBe(0);
      expect(statSync(join(collector.data, 'postgres.password')).mode & 0o077).toBe(0);
      expect((await sql<{ fsync: string }>`SELECT current_setting('fsync') AS fsync`.execute(collector.db)).rows).toEqual([{ fsync: 'on' }]);
      expect((await sql<{ at: string }>`SELECT current_setting('listen_addresses') AS at`.execute(collector.db)).rows).toEqual([{ at: '127.0.0.1' }]);
      // A command may use it meanwhile, and leaves it running.
      const borrowed = await openDatabase({ data: collector.data });
      await borrowed.close();
      expect((await collector.send('GET', '/readyz')).status).toBe(200);
      const second = await run(process.execPath, ['cli/attune.ts', 'collector', 'start', '--data', collector.data, '--bind', '127.0.0.1:0']).catch((error: unknown) => error);
      // This very process holds the folder, so the other one is told.
      expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('Another collector') });
    } finally {
      await collector.stop();
      removeFolder(collector.data);
    }
  });

  it('says what to do when it cannot start', async () => {
    const broken = temporaryFolder();
    const closed = join(broken, 'closed');
    writeFileSync(closed, '');
    await expect(openDatabase({ data: join(broken, 'new'), url: undefined }).then(async (database) => {
      await database.close();
      writeFileSync(join(broken, 'new', 'postgres', 'PG_VERSION'), '9.1\n');
      chmodSync(join(broken, 'new', 'postgres', 'PG_VERSION'), 0o644);
      await openDatabase({ data: join(broken, 'new') });
    })).rejects.toThrow(/does not start[\s\S]*DATABASE_URL/);
    removeFolder(broken);
  });
});

it('the partitions of docs/scaling.md hold what was there and take what comes', async () => {
  const collector = await testCollector();
  try {
    collector.clock.now = new Date(Date.UTC(2026, 10, 22, 12));
    const inNovember = () => collector.sample(someone, { id: uuidv7({ msecs: collector.clock.now.getTime() }), createdOn: '2026-11-22' });
    const someone = await collector.agree();
    const before = inNovember();
    await collector.submit(before);
    const statements = /```sql\n([\s\S]+?)```/.exec(readFileSync('docs/scaling.md', 'utf8'))![1]!;
    await collector.db.connection().execute(async (db) => {
      for (const statement of statements.replace(/^--.*$/gm, '').split(/;\s*$/m)) if (statement.trim() !== '') await sql.raw(statement).execute(db);
    });
    const november = inNovember();
    expect((await collector.submit(before, november)).map(({ outcome }) => outcome)).toEqual(['replayed', 'accepted']);
    const { rows } = await sql<{ part: string }>`SELECT tableoid::regclass::text AS part FROM submission WHERE id = ${november.submission.id}`.execute(collector.db);
    expect(rows).toEqual([{ part: 'submission_open_2026_11' }]);
    expect((await collector.withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret })).json.withdrawn).toHaveLength(2);
    expect(await examineLog(collector.db, DRIVE, openKey(collector.data, {}))).toEqual([]);
  } finally {
    await collector.stop();
    removeFolder(collector.data);
  }
});

it('scheduled maintenance runs through pg-boss', async () => {
  const collector = await testCollector();
  const events: string[] = [];
  const jobs = await startJobs(collector.collector.databaseUrl, collector.db, (event) => events.push(event), 0.5);
  try {
    await sql`INSERT INTO used_work VALUES ('old', now() - interval '1 day')`.execute(collector.db);
    await jobs.trigger('forget-work');
    for (let tries = 0; tries < 100 && events.length === 0; tries++) await sleep(100);
    expect(events).toEqual(['forget-work: 1 rows']);
    expect(await collector.db.selectFrom('used_work').selectAll().execute()).toEqual([]);
  } finally {
    await jobs.stop();
    await collector.stop();
    removeFolder(collector.data);
  }
});

describe('attune collector', () => {
  const attune = (...args: string[]) => run(process.execPath, ['cli/attune.ts', 'collector', ...args], { env: { ...process.env, DATABASE_URL: undefined } }).then((done) => ({ code: 0, ...done }), (error: unknown) => error as { code: number; stdout: string; stderr: string });

  it('starts with nothing set up, answers, and stops cleanly; the other commands look after its data', { timeout: 120_000 }, async () => {
    const data = join(temporaryFolder(), 'data');
    const child = spawn(process.execPath, ['cli/attune.ts', 'collector', 'start', '--data', data, '--bind', '127.0.0.1:0'], { env: { ...process.env, DATABASE_URL: undefined }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', () => reject(new Error(said)));
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /(http:\/\/\S+)/.exec(said);
        if (found !== null) resolve(found[1]!);
      });
    });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(said).not.toMatch(/PRIVATE|password/i);
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await exited).toBe(0);

    const file = join(data, 'backup.jsonl.gz');
    expect(await attune('backup', file, '--data', data)).toMatchObject({ code: 0, stdout: expect.stringContaining('"drive":1') });
    expect(await attune('restore', file, '--data', data)).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') });
    expect(await attune('doctor', '--data', data)).toMatchObject({ code: 0, stdout: expect.stringMatching(/"drive open","ok":true/) });
    expect(await attune('drive', 'close', DRIVE, '--data', data)).toMatchObject({ code: 0 });
    expect(JSON.parse((await attune('drive', 'list', '--data', data)).stdout)).toMatchObject({ id: DRIVE, state: 'closed' });
    expect(await attune('drive', 'close', 'nowhere', '--data', data)).toMatchObject({ code: 2, stderr: expect.stringContaining('no drive nowhere') });
  });

  it('stays closed to the public and says why', async () => {
    const started = await attune('start', '--data', folder, '--bind', '0.0.0.0:0');
    expect(started.code).toBe(2);
    for (const what of ['controller', 'jurisdiction', 'storageLocation', 'drives', 'publicUrl', 'name']) expect(started.stderr).toContain(`- ${what}:`);
    const path = join(folder, 'public.yaml');
    writeFileSync(path, PUBLIC);
    expect(JSON.parse((await attune('config', 'check', '--data', folder, '--config', path)).stdout)).toMatchObject({ valid: true, public: true, missing: [] });
    expect(await attune('config', 'check', '--data', folder)).toMatchObject({ code: 1 });
    writeFileSync(path, 'bind: nowhere\n');
    expect(await attune('config', 'check', '--data', folder, '--config', path)).toMatchObject({ code: 2, stderr: expect.stringContaining('bind: give address and port') });
  });
});

it('doctor finds what is wrong', async () => {
  const database = await newDatabase();
  const settings = settingsSchema.parse({});
  const key = openKey(folder, {});
  expect(await examine(database.db, settings, key)).toContainEqual({ check: 'tables', ok: false, detail: expect.stringContaining('migration 1 is missing') });
  await migrate(database.db);
  await saveDrive(database.db, { id: DRIVE, title: 't', locales: null, controller: { name: 'n', address: 'a', contact: 'c', jurisdiction: 'j' }, minimumAge: 18, retentionDays: 1, storageLocation: 's', purposes: ['evaluate'] }, key);
  expect((await examine(database.db, settings, key)).every(({ ok }) => ok)).toBe(true);
  await database.db.updateTable('log_state').set({ size: 1, withdrawals: 3 }).execute();
  expect(await examine(database.db, settings, key)).toContainEqual({ check: `drive ${DRIVE}`, ok: false, detail: expect.stringContaining('3 withdrawals were counted') });
  expect(await examine(database.db, settings, openKey(temporaryFolder(), {}))).toContainEqual({ check: 'key', ok: false, detail: expect.stringContaining('signed by another key') });
});
