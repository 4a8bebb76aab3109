/** What the routes share: one collector's parts, made by `startCollector`. */
import { type FastifyBaseLogger, type FastifyInstance, type RawReplyDefaultExpression, type RawRequestDefaultExpression, type RawServerDefault } from 'fastify';
import { type ZodTypeProvider } from 'fastify-type-provider-zod';
import { type SubmissionOutcome } from '../../feedback/schema/index.ts';
import { type Settings } from '../config/settings.ts';
import { type Prepared, type Screen } from '../ingest/prepare.ts';
import { type GroupCommit } from '../ingest/queue.ts';
import { type CollectorKey } from '../log/key.ts';
import { type Database } from '../store/tables.ts';
import { type Metrics } from './metrics.ts';
import { type Work } from './work.ts';

export interface Context {
  settings: Settings;
  db: Database;
  key: CollectorKey;
  queue: GroupCommit<Prepared, SubmissionOutcome>;
  screen: Screen;
  work: Work;
  metrics: Metrics;
  now: () => Date;
  /** Where people reach this collector, without a slash at the end. */
  baseUrl: () => string;
}

export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>;
