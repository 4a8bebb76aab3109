import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChallenge, verifySolution, type Challenge, type Solution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient, type CollectorClient } from '../../../feedback/client/client.ts';
import { SAMPLE_DRIVE } from './drive-sample.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function serve(answer: (request: IncomingMessage, response: ServerResponse, body: string) => unknown): Promise<CollectorClient> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => void answer(request, response, body));
  });
  await new Promise<void>((resolve) => void server!.listen(0, '127.0.0.1', resolve));
  return createClient({ collector: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, fetch, timeoutMs: 3000 });
}
const signal = new AbortController().signal;
const json = (response: ServerResponse, status: number, body: unknown, headers = {}): unknown => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const problem = (name: string, status: number): unknown => ({ type: `urn:attune:problem:${name}`, title: name, status, detail: `because ${name}` });

it('pays the proof of work, and sends the very bytes', async () => {
  const secret = 'x'.repeat(32);
  let seen = '';
  let verified: unknown;
  const client = await serve(async (request, response, body) => {
    if (request.url === '/v1/challenge') return json(response, 200, await createChallenge({ algorithm: 'PBKDF2/SHA-256', cost: 100, keyPrefix: '0', deriveKey, hmacSignatureSecret: secret, expiresAt: new Date(Date.now() + 60_000) }));
    const { challenge, solution } = JSON.parse(Buffer.from(String(request.headers['x-attune-work']), 'base64').toString()) as { challenge: Challenge; solution: Solution };
    ({ verified } = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: secret }));
    seen = body;
    return json(response, 200, { outcomes: [{ outcome: 'refused', id: 'x', status: 409, problem: 'mismatch', detail: '' }] });
  });
  expect(await client.submit(['{"b":1,"a":"ä"}', '{}'], signal)).toMatchObject({ type: 'ok', value: [{ problem: 'mismatch' }] });
  expect(verified).toBe(true);
  expect(seen).toBe('{"submissions":[{"b":1,"a":"ä"},{}]}');
});

it('asks for no work where none is wanted', async () => {
  const client = await serve((request, response) => (request.url === '/v1/challenge' ? response.writeHead(204).end() : json(response, 200, { outcomes: [] })));
  expect(await client.submit(['{}'], signal)).toEqual({ type: 'ok', value: [] });
});

it('refuses to compute without end for a hostile collector', async () => {
  const client = await serve(async (_request, response) => json(response, 200, await createChallenge({ algorithm: 'PBKDF2/SHA-256', cost: 10_000_000, keyPrefix: 'ffffffff', deriveKey })));
  expect(await client.submit(['{}'], signal)).toMatchObject({ type: 'later' });
});

describe('an answer that is none', () => {
  it.each([
    ['the consent is wrong', 403, problem('consent-not-valid', 403), { type: 'refused', problem: 'consent-not-valid', detail: 'because consent-not-valid' }],
    ['there is nothing', 404, problem('unknown', 404), { type: 'refused', problem: 'unknown' }],
    ['a problem of tomorrow', 422, problem('unheard-of', 422), { type: 'refused', problem: 'other' }],
    ['a proof of work is missing', 428, problem('work-needed', 428), { type: 'later' }],
    ['too many', 429, problem('too-many', 429), { type: 'later', afterMs: 7000 }],
    ['it is busy', 503, problem('busy', 503), { type: 'later', afterMs: 7000 }],
    ['a captive portal', 404, '<html>', { type: 'later' }],
    ['not what was promised', 200, { id: 1 }, { type: 'later' }],
  ])('%s', async (_what, status, body, wanted) => {
    const client = await serve((_request, response) => json(response, status, body, status >= 429 ? { 'retry-after': '7' } : {}));
    expect(await client.readDrive('open', signal)).toMatchObject(wanted);
  });

  it('nobody answers, or not in time', async () => {
    const slow = await serve(() => undefined);
    const begin = Date.now();
    expect(await slow.readDrive('open', signal)).toMatchObject({ type: 'later' });
    expect(Date.now() - begin).toBeLessThan(6000);
    server?.closeAllConnections();
    expect(await createClient({ collector: 'http://127.0.0.1:1', fetch }).readDrive('open', signal)).toMatchObject({ type: 'later' });
  }, 10_000);
});

it('reads a drive', async () => {
  const client = await serve((_request, response) => json(response, 200, SAMPLE_DRIVE));
  expect(await client.readDrive('open', signal)).toEqual({ type: 'ok', value: SAMPLE_DRIVE });
});
