/** Every endpoint of the OpenAPI page, with what its schema allows, nearly allows, and does not allow at all. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemReply } from '../../../feedback/schema/index.ts';
import { DRIVE, removeFolder, testCollector, type TestCollector } from './harness.ts';

type Schema = Record<string, any>;

/** Texts that break things: markup, SQL, control and direction characters, broken surrogates, very long ones. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom('', "' OR 1=1; --", '<script>alert(1)</script>', '\u0000', '\uD800', '../../etc/passwd', '${jndi:ldap://x}', '__proto__', 'constructor', '\u202Egpj', 'null', '9'.repeat(400), 'x'.repeat(5000)),
);
const anything: fc.Arbitrary<unknown> = fc.oneof(nasty, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.array(nasty, { maxLength: 3 }), fc.dictionary(fc.constantFrom('id', '__proto__', 'x'), nasty, { maxKeys: 2 }));

/** Values of a JSON Schema, each part now and then replaced by something else. */
function valuesOf(schema: Schema, wrong: number): fc.Arbitrary<unknown> {
  const right = rightValues(schema, wrong);
  return wrong === 0 ? right : fc.oneof({ weight: 100 - wrong, arbitrary: right }, { weight: wrong, arbitrary: anything });
}

function rightValues(schema: Schema, wrong: number): fc.Arbitrary<unknown> {
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (schema['enum'] !== undefined) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (options !== undefined) return fc.oneof(...(options as Schema[]).map((option) => valuesOf(option, wrong)));
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      const required = properties.map(([name]) => name).filter((name) => (schema['required'] as string[] | undefined)?.includes(name) && Math.random() * 100 >= wrong / 4);
      return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, valuesOf(inner, wrong)])), { requiredKeys: required });
    }
    case 'array':
      return fc.array(valuesOf((schema['items'] ?? {}) as Schema, wrong), { minLength: schema['minItems'] ?? 0, maxLength: Math.min(3, schema['maxItems'] ?? 3) });
    case 'integer':
      return fc.integer({ min: Math.max(-(2 ** 31), schema['minimum'] ?? -5), max: Math.min(2 ** 31 - 1, schema['maximum'] ?? 99) });
    case 'number':
      return fc.double({ min: schema['minimum'] ?? 0, max: schema['maximum'] ?? 1, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      if (schema['pattern'] !== undefined && !/\(\?[=!<]/.test(schema['pattern'] as string)) return fc.stringMatching(new RegExp(schema['pattern'] as string));
      return schema['format'] === 'date' ? fc.constantFrom('2026-11-22', '2020-02-30') : nasty;
    default:
      return anything;
  }
}

let collector: TestCollector;
let document: Schema;
beforeAll(async () => {
  collector = await testCollector();
  document = (await collector.send('GET', '/openapi.json')).json;
});
afterAll(async () => {
  await collector.stop();
  removeFolder(collector.data);
});

const ENDPOINTS = ['GET /v1/drives', 'GET /v1/drives/{drive}', 'GET /v1/drives/{drive}/notice', 'GET /v1/drives/{drive}/notices/{sha256}', 'GET /v1/drives/{drive}/withdrawals.jsonl', 'GET /v1/log/{drive}/checkpoint', 'GET /v1/log/{drive}/proof', 'GET /v1/log/{drive}/consistency', 'GET /v1/challenge', 'POST /v1/consents', 'POST /v1/submissions', 'PUT /v1/demographics', 'POST /v1/withdrawals', 'GET /healthz', 'GET /readyz', 'GET /metrics'];

it('knows every endpoint that the OpenAPI page lists', () => {
  const listed = Object.entries(document['paths'] as Record<string, Schema>).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
  expect(listed.sort()).toEqual([...ENDPOINTS].sort());
  expect(document['openapi']).toBe('3.1.0');
});

/** No fault of the collector, and nothing but problem details for what it refuses; the answers are those that the page promises. */
function check(reply: Awaited<ReturnType<TestCollector['send']>>, promised: readonly string[]) {
  expect(reply.status, reply.text).toBeLessThan(500);
  if (reply.status >= 400) {
    expect(reply.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problemReply.parse(reply.json).status).toBe(reply.status);
    expect(reply.text).not.toMatch(/node_modules|SELECT|INSERT|at Object|postgres/i);
  } else expect(promised).toContain(String(reply.status));
}

describe.each(ENDPOINTS)('%s', (endpoint) => {
  const [method, path] = endpoint.split(' ') as [string, string];
  const operation = () => document['paths'][path][method.toLowerCase()] as Schema;

  it('answers whatever comes', async () => {
    const { parameters = [], requestBody, responses } = operation();
    const body = requestBody?.content['application/json'].schema as Schema | undefined;
    const promised = Object.keys(responses);
    for (const wrong of [0, 10, 60]) {
      await fc.assert(
        fc.asyncProperty(fc.tuple(...(parameters as Schema[]).map(({ schema }) => (wrong === 0 ? valuesOf(schema as Schema, 0) : nasty))), body === undefined ? fc.constant(undefined) : valuesOf(body, wrong), async (values, value) => {
          let address = path;
          const query = new URLSearchParams();
          (parameters as Schema[]).forEach(({ name, in: where }, index) => {
            const text = String(values[index]).toWellFormed();
            if (where === 'path') address = address.replace(`{${name}}`, name === 'drive' && Math.random() < 0.5 ? DRIVE : encodeURIComponent(text).slice(0, 300));
            else if (where === 'query') query.set(name as string, text.slice(0, 2000));
          });
          check(await collector.send(method, `${address}${query.size === 0 ? '' : `?${query}`}`, value === undefined ? undefined : JSON.stringify(value)), promised);
        }),
        { numRuns: body === undefined ? 8 : 30 },
      );
    }
  });

  it.runIf(method !== 'GET')('answers what is no JSON, too long, or of another type', async () => {
    const { responses } = operation();
    for (const [body, headers] of [
      ['{', {}],
      ['', {}],
      ['[]', {}],
      ['"text"', {}],
      ['{"__proto__":{"x":1}}', {}],
      ['{"a":1}', { 'content-type': 'text/plain' }],
      ['a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['<a/>', { 'content-type': 'application/xml' }],
      [`{"x":"${'y'.repeat(70_000)}"}`, {}],
      [`${'['.repeat(20_000)}${']'.repeat(20_000)}`, {}],
      ['\u{FEFF}{}', {}],
    ] as [string, Record<string, string>][]) {
      const reply = await collector.send(method, path, body, headers);
      expect(reply.status).toBeGreaterThanOrEqual(400);
      check(reply, Object.keys(responses));
    }
  });

  it('is not there by another method', async () => {
    for (const other of ['DELETE', 'PATCH', method === 'GET' ? 'PUT' : 'GET']) {
      const reply = await collector.send(other, path.replace('{drive}', DRIVE).replace('{sha256}', '0'.repeat(64)));
      expect([404, 400]).toContain(reply.status);
      check(reply, []);
    }
  });
});
