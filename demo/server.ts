/**
 * Serves the demo chatbot on this machine only. `startDemo()` for `npm start` and the tests;
 * `node demo/server.ts [port]` to run it alone.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DIST = join(HERE, 'dist');

/** Stricter than most chat pages: what works under this policy works under theirs. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Demo {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

export async function buildDemo(): Promise<void> {
  // Under a test runner NODE_ENV is "test", and Vite would bundle React's slower development build.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile: join(HERE, 'vite.config.ts') });
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
}

/** Starts the server on `port`, or on a free one. The page has to be built before. */
export async function startDemo(port = 0): Promise<Demo> {
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(actual)}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error) reject(error);
          else resolve();
        });
        // A browser that is still open keeps its connections alive.
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', 'no-store');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = fileFor(request.url ?? '/');
  const type = file && CONTENT_TYPES[extname(file)];
  const body = file && type ? await readFile(file).catch(() => undefined) : undefined;
  if (!body || !type) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The built file for an address; conversations (`/c/<id>`) are all the one page. */
function fileFor(address: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address, 'http://127.0.0.1').pathname);
  } catch {
    return undefined;
  }
  if (path === '/' || /^\/c\/[\w-]+$/.test(path)) return join(DIST, 'index.html');
  const file = normalize(join(DIST, path));
  return file.startsWith(DIST + sep) && !file.includes('\0') ? file : undefined;
}

if (import.meta.main) {
  await buildDemo();
  const demo = await startDemo(Number(process.argv[2] ?? 0));
  console.log(`Demo chat: ${demo.url}\nStop it with Ctrl-C.`);
}
