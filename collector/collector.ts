/** Puts a collector together and starts it. */
import { type FastifyServerOptions } from 'fastify';
import { type SubmissionOutcome } from '../feedback/schema/index.ts';
import { addressOf, checkOpening, drivesOf } from './config/opening.ts';
import { type Settings } from './config/settings.ts';
import { makeMetrics } from './http/metrics.ts';
import { makeServer } from './http/server.ts';
import { makeWork } from './http/work.ts';
import { ingest } from './ingest/ingest.ts';
import { type Prepared, type Screen } from './ingest/prepare.ts';
import { groupCommit } from './ingest/queue.ts';
import { type Jobs, startJobs } from './jobs/jobs.ts';
import { checkKey } from './log/check.ts';
import { openKey } from './log/key.ts';
import { openDatabase } from './store/database.ts';
import { saveDrive } from './store/drives.ts';
import { lockFolder } from './store/folder.ts';
import { migrate } from './store/migrate.ts';
import { StoreUnavailable } from './store/transaction.ts';
import { screenSubmission } from './ingest/screen.ts';

/** Submissions in one transaction: more wait for the next. */
const LARGEST_TRANSACTION = 500;

const HELP = {
  http_requests_total: 'Requests by method, route and status.',
  http_request_duration_seconds: 'Time from a request to its answer.',
  attune_submissions_total: 'Submissions by outcome.',
  attune_consents_total: 'Consents by outcome.',
  attune_withdrawals_total: 'Withdrawals by kind.',
  attune_transactions_total: 'Transactions that stored submissions.',
  attune_transaction_seconds: 'Time of a transaction that stores submissions.',
  attune_queue_items: 'Submissions that wait to be stored.',
} as const;

export interface CollectorOptions {
  settings: Settings;
  /** Folder of the key, and of the embedded database. */
  data: string;
  /** `postgres://…` instead of the embedded server. */
  databaseUrl?: string | undefined;
  /** Private key in PEM, where it is not in the data folder. */
  keyPem?: string | undefined;
  /** Maintenance on a schedule; several collectors may all run it. */
  jobs?: boolean;
  logger?: FastifyServerOptions['logger'];
  onNotice?: (message: string) => void;
  /** For tests: what a record is looked through with, and the time. */
  screen?: Screen;
  now?: () => Date;
}

export interface Collector {
  url: string;
  databaseUrl: string;
  jobs: Jobs | null;
  /** Takes no more requests, finishes those it has, then stops the database if it is its own. */
  stop: () => Promise<void>;
}

/**
 * Starts a collector.
 * @throws {NotReadyForPublic | EmbeddedError | MigrationError | KeyError | FolderInUse} each says what to do
 */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { settings, data, databaseUrl, jobs: withJobs = true, logger = false, onNotice = () => undefined, screen = screenSubmission, now = () => new Date() } = options;
  checkOpening(settings);
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    // With a server of its own several collectors may share a folder that holds only the key.
    if (databaseUrl === undefined) undo.push(lockFolder(data));
    const key = openKey(data, { pem: options.keyPem, name: settings.name });
    const database = await openDatabase({ url: databaseUrl, data, onNotice });
    undo.push(database.close);
    const { db } = database;
    await migrate(db);
    await checkKey(db, key);
    for (const drive of drivesOf(settings)) await saveDrive(db, drive, key, now());

    const metrics = makeMetrics(HELP);
    const quota = settings.limits.submissionsPerDay === 0 ? null : settings.limits.submissionsPerDay;
    const queue = groupCommit<Prepared, SubmissionOutcome>({
      run: async (drive, items) => {
        const started = performance.now();
        const outcomes = await ingest({ db, key, quota, now }, drive, items);
        metrics.count('attune_transactions_total');
        metrics.observe('attune_transaction_seconds', (performance.now() - started) / 1000);
        return outcomes;
      },
      largest: LARGEST_TRANSACTION,
      limit: settings.limits.waiting,
      isOutage: (error) => error instanceof StoreUnavailable,
    });
    undo.push(queue.idle);
    const { host, port } = addressOf(settings);
    let url = '';
    const app = await makeServer({ settings, db, key, queue, screen, metrics, now, work: makeWork(settings.work, key, db, now), baseUrl: () => settings.publicUrl?.replace(/\/$/, '') ?? url }, logger);
    undo.push(() => app.close());
    const jobs = withJobs ? await startJobs(database.url, db, onNotice) : null;
    if (jobs !== null) undo.push(jobs.stop);
    url = await app.listen({ host, port });
    return { url, databaseUrl: database.url, jobs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
