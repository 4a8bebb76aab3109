/** Every error is RFC 9457 problem details; none repeats what was sent, none tells of the inside. */
import { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { PROBLEMS, type Problem } from '../../feedback/schema/index.ts';
import { QueueFull } from '../ingest/queue.ts';
import { StoreUnavailable } from '../store/transaction.ts';

const TITLES: Record<string, string> = {
  'invalid': 'The request is not right',
  'consent-missing': 'There is no such consent',
  'consent-not-valid': 'The consent is not valid',
  'purpose-not-allowed': 'The consent does not cover this',
  'drive-closed': 'The drive is closed',
  'mismatch': 'Something else was accepted under this id',
  'withdrawn': 'This was withdrawn',
  'too-many': 'Too many requests',
  'unknown': 'There is nothing like this here',
  'work-needed': 'A proof of work is needed',
  'too-large': 'The request is too large',
  'unsupported-type': 'Send JSON',
  'busy': 'The collector is busy',
  'fault': 'The collector has a fault',
};

/** Seconds after which a client may come back. */
const COME_BACK = 2;

export interface ProblemDetails {
  code: string;
  status: number;
  detail: string;
  retryAfter?: number;
}

export function sendProblem(reply: FastifyReply, { code, status, detail, retryAfter }: ProblemDetails): FastifyReply {
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  // As text: no schema of a success may be laid over it.
  return reply
    .code(status)
    .type('application/problem+json; charset=utf-8')
    .serializer((text: unknown) => text as string)
    .send(JSON.stringify({ type: `urn:attune:problem:${code}`, title: TITLES[code] ?? 'The request was refused', status, detail }));
}

export const refusalProblem = (reply: FastifyReply, { problem, detail }: { problem: Problem; detail: string }) => sendProblem(reply, { code: problem, status: PROBLEMS[problem], detail });

/** Parts of a schema's complaint, without the values. */
export const complaints = (issues: readonly { path: readonly PropertyKey[]; message: string }[]): string =>
  issues
    .slice(0, 5)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ')
    .slice(0, 1000);

function problemOf(error: FastifyError): ProblemDetails {
  if (hasZodFastifySchemaValidationErrors(error)) {
    return { code: 'invalid', status: 400, detail: error.validation.slice(0, 5).map(({ instancePath, message }) => `${instancePath.replaceAll('/', '.').replace(/^\./, '') || error.validationContext}: ${message}`).join('; ').slice(0, 1000) };
  }
  if (error instanceof QueueFull || error instanceof StoreUnavailable) return { code: 'busy', status: 503, detail: error.message, retryAfter: COME_BACK };
  switch (error.statusCode) {
    case 413:
      return { code: 'too-large', status: 413, detail: 'The body is larger than this interface takes. Send fewer submissions at once.' };
    case 415:
      return { code: 'unsupported-type', status: 415, detail: 'The content type must be application/json.' };
    case 429:
      return { code: 'too-many', status: 429, detail: error.message };
    case 503:
      return { code: 'busy', status: 503, detail: 'The collector is busy. Try again shortly.', retryAfter: COME_BACK };
    default:
      if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return { code: 'invalid', status: error.statusCode, detail: 'The request cannot be read: check its address, its content type and that its body is JSON.' };
      return { code: 'fault', status: 500, detail: 'Something went wrong inside the collector. It has been logged.' };
  }
}

/** For what is wrong before a route is found, such as an address that is too long. */
export const frameworkProblem = (error: FastifyError, reply: FastifyReply) => sendProblem(reply, problemOf(error));

export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, { code: 'unknown', status: 404, detail: 'There is no such address. / lists what there is.' }));
}
