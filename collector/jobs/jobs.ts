/** Runs the maintenance on a schedule, once for all collectors of a database: pg-boss, in a schema of its own. */
import PgBoss from 'pg-boss';
import { type Database } from '../store/tables.ts';
import { expireConsents, forgetWork, purge } from './maintenance.ts';

const JOBS = {
  'expire-consents': { cron: '7 * * * *', run: expireConsents },
  'purge': { cron: '23 3 * * *', run: purge },
  'forget-work': { cron: '37 * * * *', run: forgetWork },
} as const satisfies Record<string, { cron: string; run: (db: Database, now: Date) => Promise<number> }>;

export interface Jobs {
  /** Runs one now, on whichever collector takes it first. */
  trigger: (name: keyof typeof JOBS) => Promise<void>;
  stop: () => Promise<void>;
}

/** @param onEvent told what each job did, and of faults; the next run tries again */
export async function startJobs(url: string, db: Database, onEvent: (message: string) => void, pollingIntervalSeconds = 30): Promise<Jobs> {
  const boss = new PgBoss({ connectionString: url, schema: 'attune_jobs', max: 2, application_name: 'attune-collector-jobs', retryLimit: 3, retryBackoff: true });
  boss.on('error', (error) => onEvent(`jobs: ${error.message}`));
  await boss.start();
  for (const [name, { cron, run }] of Object.entries(JOBS)) {
    await boss.createQueue(name);
    await boss.work(name, { pollingIntervalSeconds }, async () => {
      const count = await run(db, new Date());
      if (count > 0) onEvent(`${name}: ${count} rows`);
    });
    await boss.schedule(name, cron);
  }
  return {
    trigger: async (name) => {
      await boss.send(name, {});
    },
    stop: () => boss.stop({ graceful: true, timeout: 5000 }),
  };
}
