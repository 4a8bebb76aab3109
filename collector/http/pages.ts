/** Pages for people, and the files that they load. */
import { readFileSync } from 'node:fs';
import { listDrives } from '../store/drives.ts';
import { repeatable } from '../store/transaction.ts';
import { type App, type Context } from './context.ts';
import { type Endpoint, goodbyePage, overviewPage } from './html.ts';

const asset = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
const ASSETS = { 'page.css': { type: 'text/css; charset=utf-8', body: asset('page.css') }, 'goodbye.js': { type: 'text/javascript; charset=utf-8', body: asset('goodbye.js') } } as const;

export function pages(app: App, { db, key }: Context): void {
  const hide = { schema: { hide: true } };
  const html = 'text/html; charset=utf-8';
  app.get('/', { ...hide, handler: async (_request, reply) => reply.type(html).send(overviewPage(await repeatable(() => listDrives(db, key)), endpointsOf(app))) });
  app.get('/goodbye', { ...hide, handler: async (_request, reply) => reply.type(html).send(goodbyePage()) });
  app.get('/openapi.json', { ...hide, handler: async (_request, reply) => reply.type('application/json; charset=utf-8').send(app.swagger()) });
  for (const [name, { type, body }] of Object.entries(ASSETS)) app.get(`/assets/${name}`, { ...hide, handler: async (_request, reply) => reply.type(type).header('cache-control', 'max-age=3600').send(body) });
}

function endpointsOf(app: App): Endpoint[] {
  const paths = app.swagger().paths ?? {};
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods as Record<string, { summary?: string }>).map(([method, { summary }]) => ({ method: method.toUpperCase(), path, summary: summary ?? '' })));
}
