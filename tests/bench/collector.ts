/**
 * What the collector takes on this machine: `node tests/bench/collector.ts [--seconds 20] [--only one|two]`. Load generator, collectors and
 * PostgreSQL share the machine's cores. Prints one JSON line a measurement, and bare `pg` inserts of the same records
 * into the same server in the same run as the measure of what is possible.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { type NoticeText } from '../../feedback/schema/index.ts';
import { person, type Person, sample } from '../integration/collector/samples.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' }, batch: { type: 'string', default: '25' }, clients: { type: 'string', default: '32' }, rate: { type: 'string', default: '2000' }, only: { type: 'string', default: 'all' } } });
const SECONDS = Number(values.seconds);
const BATCH = Number(values.batch);
const CLIENTS = Number(values.clients);
const RATE = Number(values.rate);
const PEOPLE = 500;

interface Running {
  url: string;
  child: ChildProcess;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function startCollector(data: string, env: Record<string, string> = {}, flags: string[] = []): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [...(process.env['PROF'] ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof'] : []), 'cli/attune.ts', 'collector', 'start', '--data', data, '--bind', `127.0.0.1:${port}`, ...flags], {
    env: { ...process.env, ATTUNE_WORK: 'off', ATTUNE_REQUESTS_PER_MINUTE: '0', ATTUNE_SUBMISSIONS_PER_DAY: '0', ATTUNE_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    if (tries > 300 || child.exitCode !== null) throw new Error('the collector did not start');
    const ready = await fetch(`${url}/readyz`).then((reply) => reply.ok, () => false);
    if (ready) return { url, child };
    await sleep(100);
  }
}

const stop = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

async function agree(url: string, drive: string): Promise<Person[]> {
  const notice = (await (await fetch(`${url}/v1/drives/${drive}/notice?language=en`)).json()) as NoticeText;
  const people = Array.from({ length: PEOPLE }, () => person(drive, notice));
  for (let at = 0; at < PEOPLE; at += 25) await Promise.all(people.slice(at, at + 25).map(({ consent }) => fetch(`${url}/v1/consents`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(consent) }).then((reply) => reply.arrayBuffer())));
  return people;
}

/** Bodies are put together from parts, so that the generator leaves the cores to what is measured. */
function bodies(people: readonly Person[]): () => { body: string; records: string[]; ids: string[] } {
  const parts = people.map((someone) => {
    const { submission } = sample(someone);
    const [before, between, after] = JSON.stringify(submission).split(submission.id).flatMap((part) => part.split(submission.deletionKey));
    return { before: before!, between: between!, after: after! };
  });
  return () => {
    const ids: string[] = [];
    const records = Array.from({ length: BATCH }, () => {
      const { before, between, after } = parts[Math.floor(Math.random() * parts.length)]!;
      const id = uuidv7();
      ids.push(id);
      return `${before}${id}${between}${randomBytes(32).toString('hex')}${after}`;
    });
    return { body: `{"submissions":[${records.join(',')}]}`, records, ids };
  };
}

interface Load {
  submissionsPerSecond: number;
  p50: number;
  p99: number;
  worst: number;
  refused: number;
  failed: number;
  total: number;
}

const quantile = (sorted: readonly number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const round = (value: number) => Math.round(value * 10) / 10;

function report(times: number[], total: number, seconds: number, refused: number, failed: number): Load {
  times.sort((a, b) => a - b);
  return { submissionsPerSecond: Math.round(total / seconds), p50: round(quantile(times, 0.5)), p99: round(quantile(times, 0.99)), worst: round(times.at(-1) ?? 0), refused, failed, total };
}

/** @param rate submissions a second, sent whether or not answers have come; null: each client sends when its answer is there */
async function load(urls: readonly string[], next: readonly (() => { body: string })[], rate: number | null, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const times: number[] = [];
  let [total, refused, failed] = [0, 0, 0];
  const send = (turn: number, due: number) =>
    new Promise<void>((resolve) => {
      const { body } = next[turn % next.length]!();
      const call = request(`${urls[turn % urls.length]!}/v1/submissions`, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        reply.on('end', () => {
          times.push(performance.now() - due);
          if (reply.statusCode === 200) {
            const accepted = text.split('"outcome":"accepted"').length - 1;
            total += accepted;
            refused += BATCH - accepted;
          } else failed++;
          resolve();
        });
      });
      call.on('error', () => {
        failed++;
        resolve();
      });
      call.end(body);
    });
  const started = performance.now();
  const end = started + seconds * 1000;
  if (rate === null) {
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        for (let turn = client; performance.now() < end; turn += CLIENTS) await send(turn, performance.now());
      }),
    );
  } else {
    // Times count from when a request was due, so that a stall is not hidden by the waiting generator.
    const pause = (BATCH / rate) * 1000;
    const open: Promise<void>[] = [];
    for (let turn = 0; started + turn * pause < end; turn++) {
      const due = started + turn * pause;
      const wait = due - performance.now();
      if (wait > 0) await sleep(wait);
      open.push(send(turn, due));
    }
    await Promise.all(open);
  }
  const took = (performance.now() - started) / 1000;
  agent.destroy();
  return report(times, total, took, refused, failed);
}

/** The same records by the driver alone: one INSERT a batch, committed, from as many connections. */
async function bare(databaseUrl: string, next: () => { records: string[]; ids: string[] }): Promise<Load> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 8 });
  await pool.query('CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, record jsonb NOT NULL)');
  const times: number[] = [];
  let total = 0;
  const started = performance.now();
  const end = started + SECONDS * 1000;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (performance.now() < end) {
        const { records, ids } = next();
        const sent = performance.now();
        await pool.query('INSERT INTO bare SELECT * FROM unnest($1::uuid[], $2::jsonb[])', [ids, records]);
        times.push(performance.now() - sent);
        total += BATCH;
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  await pool.query('DROP TABLE bare');
  await pool.end();
  return report(times, total, took, 0, 0);
}

const print = (measurement: string, figures: object) => console.log(JSON.stringify({ measurement, ...figures }));

async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
}
const memoryOf = async (url: string) => Math.round((await gauge(url, 'process_resident_memory_bytes')) / 2 ** 20);

/** CPU seconds that PostgreSQL's processes have used, the finished ones included (Linux). */
function postgresCpu(cluster: string): number {
  try {
    const main = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]!;
    const ticks = (pid: string, waited: boolean) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return [11, 12, ...(waited ? [13, 14] : [])].reduce((sum, index) => sum + Number(fields[index]), 0);
    };
    const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ');
    return (ticks(main, true) + children.reduce((sum, pid) => sum + ticks(pid, false), 0)) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Runs a load and says what a submission costs in CPU time, which other work on the machine hardly changes. */
async function costOf(collectors: readonly string[], cluster: string, run: () => Promise<Load>): Promise<Load & { cpuMicrosecondsPerSubmission: { collector: number; postgres: number } }> {
  const cpu = async () => ({ collector: (await Promise.all(collectors.map((url) => gauge(url, 'process_cpu_seconds')))).reduce((sum, seconds) => sum + seconds, 0), postgres: postgresCpu(cluster) });
  const before = await cpu();
  const result = await run();
  const after = await cpu();
  const each = (name: 'collector' | 'postgres') => Math.round(((after[name] - before[name]) / result.total) * 1e6);
  return { ...result, cpuMicrosecondsPerSubmission: { collector: each('collector'), postgres: each('postgres') } };
}

const data = mkdtempSync(join(tmpdir(), 'attune-bench-'));
chmodSync(data, 0o755);
try {
  print('machine', { cores: availableParallelism(), model: cpus()[0]?.model, loadAverage: loadavg()[0], node: process.version, seconds: SECONDS, batch: BATCH, clients: CLIENTS });
  const one = await startCollector(data);
  const people = await agree(one.url, 'open');
  const next = bodies(people);
  await load([one.url], [next], null, 3);
  const cluster = join(data, 'postgres');
  const port = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[3]!;
  const databaseUrl = `postgres://attune:${readFileSync(join(data, 'postgres.password'), 'utf8').trim()}@127.0.0.1:${port}/attune`;
  const memory: number[] = [await memoryOf(one.url)];

  if (values.only !== 'two') await oneCollector();
  if (values.only !== 'one') await twoCollectors();
  await stop(one.child);

  async function oneCollector() {
    print(`one collector, ${RATE}/s, open loop`, await costOf([one.url], cluster, () => load([one.url], [next], RATE, SECONDS)));
    memory.push(await memoryOf(one.url));
    const most = await costOf([one.url], cluster, () => load([one.url], [next], null, SECONDS));
    memory.push(await memoryOf(one.url));
    print('one collector, as fast as it goes', most);
    // Does it go on growing?
    for (let turn = 0; turn < 4; turn++) {
      await load([one.url], [next], null, SECONDS / 2);
      memory.push(await memoryOf(one.url));
    }
    print('its memory in MB: after warming up, after each of the above, after four more', { memory });

    const plain = await bare(databaseUrl, next);
    print('bare pg inserts of the same records', plain);
    print('ratio', { collectorToBare: Math.round((most.submissionsPerSecond / plain.submissionsPerSecond) * 100) / 100 });
  }

  async function twoCollectors() {
    // The first goes on running as the owner of the server; two others, without state of their own, share its database.
    const key = readFileSync(join(data, 'log-key.pem'), 'utf8');
    const folder = join(data, randomUUID());
    const pair = [await startCollector(folder, { DATABASE_URL: databaseUrl, ATTUNE_LOG_KEY: key }, ['--no-jobs']), await startCollector(folder, { DATABASE_URL: databaseUrl, ATTUNE_LOG_KEY: key }, ['--no-jobs'])];
    const urls = pair.map(({ url }) => url);
    print(`two collectors, one drive, ${RATE}/s, open loop`, await costOf(urls, cluster, () => load(urls, [next], RATE, SECONDS)));
    print('two collectors, one drive, as fast as they go', await costOf(urls, cluster, () => load(urls, [next], null, SECONDS)));
    await Promise.all(pair.map(({ child }) => stop(child)));
  }
} finally {
  rmSync(data, { recursive: true, force: true });
}
