/** The routes that only tell: drives, notices, the log, the list of withdrawals. */
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { z } from 'zod';
import { driveId, driveInfo, languageTag, logProof, noticeText, problemReply, sha256Hex } from '../../feedback/schema/index.ts';
import { proveConsistency, proveInclusion, readLog } from '../log/proofs.ts';
import { listDrives, readDrive, readNotice } from '../store/drives.ts';
import { missingMigrations } from '../store/migrate.ts';
import { withdrawals } from '../store/release-source.ts';
import { repeatable } from '../store/transaction.ts';
import { type App, type Context } from './context.ts';
import { sendProblem } from './problems.ts';

const problems = (...codes: number[]) => Object.fromEntries(codes.map((code) => [code, problemReply]));
const inDrive = z.object({ drive: driveId });
const count = z.coerce.number().pipe(z.int().min(0));
const positive = z.coerce.number().pipe(z.int().min(1));
const NO_DRIVE = { code: 'unknown', status: 404, detail: 'There is no such drive here.' };
const READY_WITHIN_MS = 1500;

export function readRoutes(app: App, context: Context): void {
  const { db, key } = context;

  app.get('/v1/drives', {
    schema: { summary: 'The drives of this collector', response: { 200: z.object({ drives: z.array(driveInfo) }), ...problems(429, 503) } },
    handler: async () => ({ drives: await repeatable(() => listDrives(db, key)) }),
  });

  app.get('/v1/drives/:drive', {
    schema: { summary: 'Who keeps the data of a drive, where and how long', params: inDrive, response: { 200: driveInfo, ...problems(400, 404, 429, 503) } },
    handler: async ({ params }, reply) => (await repeatable(() => readDrive(db, params.drive, key))) ?? sendProblem(reply, NO_DRIVE),
  });

  app.get('/v1/drives/:drive/notice', {
    schema: { summary: 'The notice in one language', params: inDrive, querystring: z.object({ language: languageTag.default('en') }), response: { 200: noticeText, ...problems(400, 404, 429, 503) } },
    handler: async ({ params, query }, reply) => (await repeatable(() => readNotice(db, params.drive, query.language))) ?? sendProblem(reply, NO_DRIVE),
  });

  app.get('/v1/drives/:drive/notices/:sha256', {
    schema: { summary: 'The exact text of a notice that was ever published, by its hash', params: inDrive.extend({ sha256: sha256Hex }), response: { 200: z.string(), ...problems(400, 404, 429, 503) } },
    handler: async ({ params }, reply) => {
      const notice = await repeatable(() => db.selectFrom('notice').select(['body', 'language']).where('drive_id', '=', params.drive).where('sha256', '=', params.sha256).executeTakeFirst());
      if (notice === undefined) return sendProblem(reply, { code: 'unknown', status: 404, detail: 'No notice with this hash was published.' });
      return reply.type('text/plain; charset=utf-8').header('content-language', notice.language).serializer((text: unknown) => text as string).send(notice.body);
    },
  });

  app.get('/v1/drives/:drive/withdrawals.jsonl', {
    schema: { summary: 'Every withdrawal, one line each, chained and signed', params: inDrive, response: { 200: z.string().describe('JSON lines: see WithdrawalEntry'), ...problems(400, 404, 429, 503) } },
    handler: async ({ params }, reply) => {
      if ((await repeatable(() => readLog(db, params.drive))) === null) return sendProblem(reply, NO_DRIVE);
      const lines = async function* () {
        for await (const line of withdrawals(db, params.drive)) yield `${line}\n`;
      };
      return reply.type('application/jsonl; charset=utf-8').send(Readable.from(lines()) as unknown as string);
    },
  });

  app.get('/v1/log/:drive/checkpoint', {
    schema: { summary: 'The newest signed checkpoint of a drive’s log', params: inDrive, response: { 200: z.string(), ...problems(400, 404, 429, 503) } },
    handler: async ({ params }, reply) => {
      const log = await repeatable(() => readLog(db, params.drive));
      if (log === null) return sendProblem(reply, NO_DRIVE);
      return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').serializer((text: unknown) => text as string).send(log.checkpoint);
    },
  });

  app.get('/v1/log/:drive/proof', {
    schema: { summary: 'Proof that a leaf is in the tree of a size', params: inDrive, querystring: z.object({ leaf: count, size: positive }), response: { 200: logProof, ...problems(400, 404, 429, 503) } },
    handler: async ({ params, query }, reply) => {
      const log = await repeatable(() => readLog(db, params.drive));
      if (log === null) return sendProblem(reply, NO_DRIVE);
      if (query.size > log.size || query.leaf >= query.size) return sendProblem(reply, { code: 'invalid', status: 400, detail: `The log has ${log.size} leaves: size may be at most that, and leaf must be below size.` });
      return repeatable(() => proveInclusion(db, params.drive, query.leaf, query.size));
    },
  });

  app.get('/v1/log/:drive/consistency', {
    schema: { summary: 'Proof that the tree of one size begins with that of a smaller one', params: inDrive, querystring: z.object({ from: positive, to: positive }), response: { 200: logProof, ...problems(400, 404, 429, 503) } },
    handler: async ({ params, query }, reply) => {
      const log = await repeatable(() => readLog(db, params.drive));
      if (log === null) return sendProblem(reply, NO_DRIVE);
      if (query.to > log.size || query.from > query.to) return sendProblem(reply, { code: 'invalid', status: 400, detail: `The log has ${log.size} leaves: "to" may be at most that, and "from" at most "to".` });
      return repeatable(() => proveConsistency(db, params.drive, query.from, query.to));
    },
  });
}

/** For those who run the collector: is it alive, can it work, how much does it do. */
export function operationRoutes(app: App, context: Context): void {
  const { db, queue, settings, metrics } = context;
  const status = z.object({ status: z.enum(['ok', 'unavailable']), detail: z.string() });
  const quiet = { config: { rateLimit: false as const } };

  app.get('/healthz', { ...quiet, schema: { summary: 'The process answers', response: { 200: status } }, handler: async () => ({ status: 'ok' as const, detail: 'alive' }) });

  app.get('/readyz', {
    ...quiet,
    schema: { summary: 'The database answers, its tables are right, and there is room in the queue', response: { 200: status, 503: status } },
    handler: async (_request, reply) => {
      const no = (detail: string) => reply.code(503).header('retry-after', 2).send({ status: 'unavailable', detail });
      try {
        const missing = await repeatable(async () => {
          await sql`SELECT 1`.execute(db);
          return missingMigrations(db);
        }, READY_WITHIN_MS);
        if (missing.length > 0) return await no(`migrations ${missing.join(', ')} are missing`);
      } catch {
        return no('the database does not answer');
      }
      if (queue.waiting() > settings.limits.waiting * 0.9) return no('the queue is full');
      return { status: 'ok' as const, detail: 'ready' };
    },
  });

  app.get('/metrics', {
    ...quiet,
    schema: { summary: 'Prometheus metrics', response: { 200: z.string(), ...problems(404) } },
    handler: async (request, reply) => {
      if (settings.metrics === 'loopback' && !/^(127\.|::1$|::ffff:127\.)/.test(request.ip)) return sendProblem(reply, { code: 'unknown', status: 404, detail: 'There is no such address. / lists what there is.' });
      const { rss, heapUsed } = process.memoryUsage();
      const { user, system } = process.cpuUsage();
      const text = metrics.text({ attune_queue_items: queue.waiting(), process_cpu_seconds: (user + system) / 1e6, process_resident_memory_bytes: rss, nodejs_heap_used_bytes: heapUsed });
      return reply.type('text/plain; version=0.0.4; charset=utf-8').serializer((body: unknown) => body as string).send(text);
    },
  });
}
