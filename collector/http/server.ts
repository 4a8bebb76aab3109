/** The HTTP server: limits, headers, problems and logs around the routes. */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import underPressure from '@fastify/under-pressure';
import fastify, { type FastifyReply, type FastifyServerOptions, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { LARGEST_BODY, WORK_HEADER } from '../../feedback/schema/index.ts';
import { type Settings } from '../config/settings.ts';
import { type App, type Context } from './context.ts';
import { clientNames } from './limits.ts';
import { pages } from './pages.ts';
import { frameworkProblem, handleProblems } from './problems.ts';
import { operationRoutes, readRoutes } from './read-routes.ts';
import { writeRoutes } from './write-routes.ts';

const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;
const EVENT_LOOP_LATE_MS = 2000;
const EXTENSION = /^(?:chrome|moz|safari-web)-extension:\/\/[\w.-]+$/;

/** Log lines say which route, how it went and how long it took. Never a body, an address of a client, or an id. */
export function loggerOptions(level: string): FastifyServerOptions['logger'] {
  return {
    level,
    base: { service: 'attune-collector' },
    serializers: {
      req: ({ method }) => ({ method }),
      res: ({ statusCode }) => ({ statusCode }),
      // A database's message can quote the row: only the kind of fault and the place in our code.
      err: (error) => ({ type: error.name, message: '', code: error.code, stack: (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12).join('\n') }),
    },
  };
}

export async function makeServer(context: Context, logger: FastifyServerOptions['logger']): Promise<App> {
  const { settings, metrics } = context;
  const app: App = fastify({
    logger: logger ?? false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Only as many hops as there are proxies: anybody can write the rest of the header.
    trustProxy: (_address: string, hop: number) => hop < settings.trustedProxies,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 100 },
    genReqId: () => '',
    frameworkErrors: (error, _request, reply) => void frameworkProblem(error, reply as unknown as FastifyReply),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleProblems(app);

  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], styleSrc: ["'self'"], scriptSrc: ["'self'"], connectSrc: ["'self'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
    hsts: settings.publicUrl?.startsWith('https://') === true ? { maxAge: 31_536_000 } : false,
  });
  await app.register(cors, {
    origin: (origin, decide) => decide(null, origin !== undefined && (EXTENSION.test(origin) || settings.origins.includes(origin))),
    methods: ['GET', 'POST', 'PUT'],
    allowedHeaders: ['content-type', WORK_HEADER],
    exposedHeaders: ['retry-after'],
    credentials: false,
    maxAge: 600,
  });
  if (settings.limits.requestsPerMinute > 0) await limitRate(app, settings, context.now);
  await app.register(underPressure, { maxEventLoopDelay: EVENT_LOOP_LATE_MS, retryAfter: 2 });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Attune collector', version: '1', description: 'Consented feedback on chatbots’ answers: consent, submissions, withdrawal, and a log that anybody can check. Every error is RFC 9457 problem details.' } },
    transform: jsonSchemaTransform,
  });

  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    metrics.count('http_requests_total', labels);
    metrics.observe('http_request_duration_seconds', reply.elapsedTime / 1000, { method: request.method, route });
    request.log.info({ ...labels, ms: Math.round(reply.elapsedTime * 10) / 10 }, 'request');
    done();
  });

  await app.register(async (scope) => {
    const typed = scope.withTypeProvider<ZodTypeProvider>();
    readRoutes(typed, context);
    writeRoutes(typed, context);
    operationRoutes(typed, context);
    pages(typed, context);
  });
  return app;
}

async function limitRate(app: App, { limits }: Settings, now: () => Date): Promise<void> {
  const nameOf = clientNames(now);
  await app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: ({ ip }) => nameOf(ip),
    errorResponseBuilder: (_request, { ttl }) => Object.assign(new Error(`More than ${limits.requestsPerMinute} requests a minute. Come back in ${Math.ceil(ttl / 1000)} seconds.`), { statusCode: 429 }),
  });
}
