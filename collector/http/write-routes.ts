/** The routes that change something. Anonymous writers show a proof of work; withdrawing is free. */
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { batchReply, consentReply, consentRequest, demographicsRequest, LARGEST_BATCH, problemReply, submission, submissionBatch, type SubmissionOutcome, withdrawalReply, withdrawalRequest, WORK_HEADER } from '../../feedback/schema/index.ts';
import { putDemographics } from '../consent/demographics.ts';
import { giveConsent } from '../consent/give.ts';
import { consentReceipt } from '../consent/receipt.ts';
import { outcomeOf } from '../ingest/ingest.ts';
import { prepare, type Prepared } from '../ingest/prepare.ts';
import { refuse } from '../ingest/refusal.ts';
import { withdraw } from '../withdraw/withdraw.ts';
import { type App, type Context } from './context.ts';
import { complaints, refusalProblem, sendProblem } from './problems.ts';

const problems = (...codes: number[]) => Object.fromEntries(codes.map((code) => [code, problemReply]));
const workHeader = z.object({ [WORK_HEADER]: z.string().optional().describe('Base64 of {challenge, solution}: a solved task of /v1/challenge, each good for one request') });
/** Each submission is checked by itself, so that a wrong one does not keep the others out. */
const envelope = z.strictObject({ submissions: z.array(z.unknown()).min(1).max(LARGEST_BATCH) });

export function writeRoutes(app: App, context: Context): void {
  const { db, key, metrics, now } = context;

  const needWork = async (request: FastifyRequest, reply: FastifyReply) => {
    const check = await context.work.check(request.headers[WORK_HEADER]);
    return check.ok ? undefined : sendProblem(reply, { code: 'work-needed', status: 428, detail: check.detail });
  };

  app.get('/v1/challenge', {
    schema: { summary: 'A proof-of-work task (altcha); 204 where none is asked for', response: { 200: z.looseObject({ parameters: z.looseObject({}), signature: z.string() }), 204: z.null(), ...problems(429, 503) } },
    handler: async (_request, reply) => {
      const challenge = await context.work.challenge();
      if (challenge === null) return reply.code(204).send(null);
      return reply.header('cache-control', 'no-store').send({ ...challenge, parameters: { ...challenge.parameters }, signature: challenge.signature! });
    },
  });

  app.post('/v1/consents', {
    schema: { summary: 'Gives a consent, or replaces one', headers: workHeader, body: consentRequest, response: { 200: consentReply, 201: consentReply, ...problems(400, 403, 409, 413, 415, 428, 429, 503) } },
    preHandler: needWork,
    handler: async (request, reply) => {
      const outcome = await giveConsent(db, request.body, now());
      metrics.count('attune_consents_total', { outcome: outcome.ok ? outcome.kind : outcome.problem });
      if (!outcome.ok) return refusalProblem(reply, outcome);
      const receipt = consentReceipt(outcome.consent, outcome.events, outcome.settings, context.baseUrl());
      return reply.code(outcome.kind === 'created' ? 201 : 200).send({ receipt, state: outcome.consent.state });
    },
  });

  app.post('/v1/submissions', {
    schema: { summary: 'Sends 1 to 50 submissions; each has its own outcome', headers: workHeader, body: submissionBatch, response: { 200: batchReply, ...problems(400, 413, 415, 428, 429, 503) } },
    validatorCompiler: ({ schema, httpPart }) => (data: unknown) => {
      const parsed = (httpPart === 'body' ? envelope : (schema as unknown as z.ZodType)).safeParse(data);
      return parsed.success ? { value: parsed.data } : { error: Object.assign(new Error(complaints(parsed.error.issues)), { statusCode: 400, detail: complaints(parsed.error.issues) }) };
    },
    attachValidation: true,
    // The outcomes are our own and of the type that the schema has: 50 receipts are written as they are.
    serializerCompiler: () => (reply) => JSON.stringify(reply),
    preHandler: async (request, reply) => {
      if (request.validationError !== undefined) return sendProblem(reply, { code: 'invalid', status: 400, detail: request.validationError.message });
      return needWork(request, reply);
    },
    handler: async (request) => {
      const outcomes = await submit(context, request.body.submissions);
      for (const outcome of outcomes) metrics.count('attune_submissions_total', { outcome: outcome.outcome === 'refused' ? outcome.problem : outcome.outcome });
      return { outcomes };
    },
  });

  app.put('/v1/demographics', {
    schema: { summary: 'Stores answers about a participant, where the consent allows them', body: demographicsRequest, response: { 204: z.null(), ...problems(400, 403, 413, 415, 429, 503) } },
    handler: async (request, reply) => {
      const outcome = await putDemographics(db, request.body, now());
      return outcome.ok ? reply.code(204).send(null) : refusalProblem(reply, outcome);
    },
  });

  app.post('/v1/withdrawals', {
    schema: { summary: 'Withdraws one submission, or everything of a participant', body: withdrawalRequest, response: { 200: withdrawalReply, ...problems(400, 404, 413, 415, 429, 503) } },
    handler: async (request, reply) => {
      const outcome = await withdraw(db, key, request.body, now());
      metrics.count('attune_withdrawals_total', { outcome: outcome.ok ? request.body.what : outcome.problem });
      if (!outcome.ok) return sendProblem(reply, { code: 'unknown', status: 404, detail: 'There is no such item, or the secret belongs to another one. Nothing was changed.' });
      return { withdrawn: outcome.withdrawn, consent: outcome.consent };
    },
  });
}

/** Checks each item, hands the good ones to their drive's queue, and puts the outcomes back in order. */
async function submit({ queue, screen }: Context, items: readonly unknown[]): Promise<SubmissionOutcome[]> {
  const outcomes: SubmissionOutcome[] = [];
  const byDrive = new Map<string, { at: number; item: Prepared }[]>();
  items.forEach((item, at) => {
    const parsed = submission.safeParse(item);
    if (!parsed.success) {
      outcomes[at] = outcomeOf(idOf(item), refuse('invalid', complaints(parsed.error.issues)));
      return;
    }
    const group = byDrive.get(parsed.data.drive) ?? [];
    byDrive.set(parsed.data.drive, group);
    group.push({ at, item: prepare(parsed.data, screen) });
  });
  // All or a fault: when one drive's queue is full the client sends all again, and the others answer "replayed".
  await Promise.all(
    [...byDrive].map(async ([drive, group]) => {
      const stored = await queue.push(drive, group.map(({ item }) => item));
      group.forEach(({ at }, index) => (outcomes[at] = stored[index]!));
    }),
  );
  return outcomes;
}

/** The id that an item claims, when it could be one. */
function idOf(item: unknown): string {
  return typeof item === 'object' && item !== null && 'id' in item && z.uuid().safeParse(item.id).success ? String(item.id) : '';
}
