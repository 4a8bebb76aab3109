/** kill -9 in a loop under load: the collector, its PostgreSQL, or both. Used by the test, and by tests/bench/collector-crash.ts for many rounds. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { examineLog } from '../../../collector/log/check.ts';
import { openKey } from '../../../collector/log/key.ts';
import { openDatabase } from '../../../collector/store/database.ts';
import { formatLogKey } from '../../../feedback/log/note.ts';
import { verifyReceipt } from '../../../feedback/log/receipt.ts';
import { type NoticeText, type Receipt, type Submission, type SubmissionOutcome } from '../../../feedback/schema/index.ts';
import { removeFolder, temporaryFolder } from './harness.ts';
import { person, sample } from './samples.ts';

const DRIVE = 'open';
const VICTIMS = ['collector', 'postgres', 'both'] as const;

export interface CrashReport {
  rounds: number;
  killed: Record<(typeof VICTIMS)[number], number>;
  sent: number;
  acknowledged: number;
  /** Acknowledged, and not in the database. */
  lost: number;
  /** In the database, or in the log, more than once. */
  doubled: number;
  /** Receipts that do not verify, or that changed when the item was sent again. */
  wrongReceipts: number;
  /** Answers that were no acknowledgement: the client sent again. */
  retries: number;
  logFaults: string[];
}

interface Sent {
  submission: Submission;
  receipt?: Receipt;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function launch(data: string, port: number): ChildProcess {
  return spawn(process.execPath, ['cli/attune.ts', 'collector', 'start', '--no-jobs', '--data', data, '--bind', `127.0.0.1:${port}`], {
    env: { ...process.env, ATTUNE_WORK: 'off', ATTUNE_REQUESTS_PER_MINUTE: '0', ATTUNE_SUBMISSIONS_PER_DAY: '0', ATTUNE_LOG_LEVEL: 'fatal' },
    stdio: process.env['CRASH_DEBUG'] === undefined ? 'ignore' : 'inherit',
  });
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`the collector ended by itself (${child.exitCode})`);
    if (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) }).then(({ ok }) => ok, () => false)) return;
    await sleep(50);
  }
  throw new Error('the collector did not come back');
}

/** @param clients how many send at once, each a batch of ten, again and again until it is acknowledged */
export async function crashRounds({ rounds, clients = 6 }: { rounds: number; clients?: number }): Promise<CrashReport> {
  const data = temporaryFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const killed = { collector: 0, postgres: 0, both: 0 };
  let [retries, wrongReceipts] = [0, 0];
  const all: Sent[] = [];
  let stopping = false;
  let child = launch(data, port);
  try {
    await ready(url, child);
    const notice = (await (await fetch(`${url}/v1/drives/${DRIVE}/notice?language=en`)).json()) as NoticeText;
    const people = Array.from({ length: clients }, () => person(DRIVE, notice));
    for (const { consent } of people) await fetch(`${url}/v1/consents`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(consent) });

    const client = async (index: number) => {
      while (!stopping) {
        const batch: Sent[] = Array.from({ length: 10 }, () => ({ submission: sample(people[index]!).submission }));
        all.push(...batch);
        const body = JSON.stringify({ submissions: batch.map(({ submission }) => submission) });
        for (let done = false; !done; ) {
          try {
            const reply = await fetch(`${url}/v1/submissions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(10_000) });
            if (!reply.ok) throw new Error(String(reply.status));
            const { outcomes } = (await reply.json()) as { outcomes: SubmissionOutcome[] };
            outcomes.forEach((outcome, at) => {
              if (outcome.outcome === 'refused') throw new Error(`refused: ${outcome.problem}`);
              batch[at]!.receipt = outcome.receipt;
            });
            done = true;
          } catch {
            retries++;
            await sleep(30);
          }
        }
        // Now and then an acknowledged batch is sent again, as an outbox does that has lost the answer.
        if (Math.random() < 0.1) {
          const reply = await fetch(`${url}/v1/submissions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then((answer) => (answer.ok ? (answer.json() as Promise<{ outcomes: SubmissionOutcome[] }>) : null), () => null);
          reply?.outcomes.forEach((outcome, at) => {
            const before = batch[at]!.receipt!;
            if (outcome.outcome !== 'replayed' || outcome.receipt.leafIndex !== before.leafIndex || outcome.receipt.nonce !== before.nonce) wrongReceipts++;
          });
        }
      }
    };
    const sending = Promise.all(people.map((_, index) => client(index)));

    for (let round = 0; round < rounds; round++) {
      const victim = VICTIMS[round % VICTIMS.length]!;
      const before = all.filter(({ receipt }) => receipt !== undefined).length;
      // Under load: only after something new was acknowledged, and then at any moment.
      while (all.filter(({ receipt }) => receipt !== undefined).length === before) await sleep(10);
      await sleep(Math.random() * 400);
      killed[victim]++;
      if (victim !== 'collector') {
        const pid = Number(readFileSync(join(data, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
        process.kill(pid, 'SIGKILL');
      }
      if (victim !== 'postgres') {
        child.kill('SIGKILL');
        child = launch(data, port);
      }
      await ready(url, child);
    }
    stopping = true;
    await sending;
  } finally {
    stopping = true;
    const exited = child.exitCode !== null || new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }

  const { db, close } = await openDatabase({ data });
  try {
    const key = openKey(data, {});
    const logKey = formatLogKey(key.signerFor(DRIVE));
    const rows = await sql<{ id: string; leaf_index: number }>`SELECT id, leaf_index FROM submission WHERE drive_id = ${DRIVE}`.execute(db);
    const stored = new Map<string, number>();
    for (const { id } of rows.rows) stored.set(id, (stored.get(id) ?? 0) + 1);
    const leaves = new Set(rows.rows.map(({ leaf_index }) => leaf_index));
    const { size } = await db.selectFrom('log_state').select('size').where('drive_id', '=', DRIVE).executeTakeFirstOrThrow();
    const acknowledged = all.filter((sent): sent is Required<Sent> => sent.receipt !== undefined);
    for (const { submission, receipt } of acknowledged) if (!verifyReceipt(submission, receipt, logKey).ok) wrongReceipts++;
    return {
      rounds,
      killed,
      sent: all.length,
      acknowledged: acknowledged.length,
      lost: acknowledged.filter(({ submission }) => !stored.has(submission.id)).length,
      doubled: rows.rows.length - stored.size + (rows.rows.length - leaves.size) + (size - rows.rows.length),
      wrongReceipts,
      retries,
      logFaults: await examineLog(db, DRIVE, key),
    };
  } finally {
    await close();
    removeFolder(data);
  }
}
