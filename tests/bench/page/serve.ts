/** Builds the page with the extension's own settings for the runtime and serves it, with the model, on loopback. */
import { createReadStream, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { ortForExtensions } from '../../../extension/build/ort-for-extensions.ts';
import { DEFAULT_MODEL } from '../../../models/load-node.ts';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };
/** The extension pages' own policy: what needs more would fail there, too. */
const CSP = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** @param extra further files to serve, by path. */
export async function serveClassifierPage({ model = DEFAULT_MODEL, extra = {} }: { model?: string; extra?: Readonly<Record<string, Uint8Array>> } = {}): Promise<{ url: string; close(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'attune-bench-'));
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    plugins: [ortForExtensions()],
    worker: { format: 'iife', plugins: () => [ortForExtensions()] },
    build: { outDir, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  });
  const { resolve: find } = createRequire(import.meta.url);
  const fileFor = (path: string) => {
    const safe = normalize(decodeURIComponent(path)).replace(/^(\.\.[/\\])+/, '');
    if (/^\/ort-wasm-simd-threaded(\.jspi)?\.wasm$/.test(safe)) return find(`onnxruntime-web${safe}`);
    if (safe.startsWith('/model/')) return join(model, safe.slice('/model/'.length));
    return join(outDir, safe === '/' ? 'index.html' : safe);
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const made = extra[path];
    if (made !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(made);
      return;
    }
    const file = fileFor(path);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': CSP });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
