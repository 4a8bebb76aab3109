/** What every answer has around it: limits, headers, origins, pages in which hostile text stays text. */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '../../../collector/http/limits.ts';
import { groupCommit, QueueFull } from '../../../collector/ingest/queue.ts';
import { createClient } from '../../../feedback/client/client.ts';
import { canonicalBytes } from '../../../feedback/log/keys.ts';
import { verifyReceipt } from '../../../feedback/log/receipt.ts';
import { DRIVE, removeFolder, testCollector, type TestCollector } from './harness.ts';
import { person } from './samples.ts';

const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>"\'&lt;\u202E';

let collector: TestCollector;
beforeAll(async () => {
  collector = await testCollector({ settings: { work: { cost: 1, prefix: '0' }, drives: [{ id: DRIVE, title: HOSTILE }], controller: { name: HOSTILE, address: HOSTILE, contact: HOSTILE }, limits: { requestsPerMinute: 0 } } });
});
afterAll(async () => {
  await collector.stop();
  removeFolder(collector.data);
});

describe('the extension\u2019s own client', () => {
  it('gets on with the collector from challenge to proof and withdrawal', async () => {
    const client = createClient({ collector: collector.url, fetch });
    const { signal } = new AbortController();
    const ok = <T>(reply: { type: string; value?: T }): T => {
      expect(reply).toMatchObject({ type: 'ok' });
      return reply.value!;
    };
    const drive = ok(await client.readDrive(DRIVE, signal));
    const notice = ok(await client.readNotice(DRIVE, 'ja', signal));
    expect(notice.language).toBe('ja');
    const someone = person(DRIVE, notice, { purposes: ['evaluate', 'demographics'] });
    expect(ok(await client.giveConsent(someone.consent, signal)).state).toBe('ConsentGiven');
    const { submission } = collector.sample(someone);
    const [outcome] = ok(await client.submit([new TextDecoder().decode(canonicalBytes(submission))], signal));
    if (outcome?.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
    const check = verifyReceipt(submission, outcome.receipt, drive.logKey);
    const proof = ok(await client.readProof(DRIVE, outcome.receipt.leafIndex, check.ok ? check.checkpoint.size : 0, signal));
    expect(verifyReceipt(submission, outcome.receipt, drive.logKey, proof)).toMatchObject({ ok: true });
    ok(await client.putDemographics({ drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: { ageBand: '18-29', gender: 'woman', locale: 'ja-JP', familiarity: 'native' } }, signal));
    expect(ok(await client.withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret }, signal))).toEqual({ withdrawn: [submission.id], consent: 'ConsentWithdrawn' });
  });
});

describe('headers', () => {
  it('let no page do more than it must', async () => {
    for (const path of ['/', '/goodbye', '/v1/drives', '/openapi.json', '/nowhere']) {
      const { headers } = await collector.send('GET', path);
      expect(headers.get('content-security-policy'), path).toBe("default-src 'none';style-src 'self';script-src 'self';connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'");
      expect([headers.get('x-content-type-options'), headers.get('referrer-policy'), headers.get('server'), headers.get('x-powered-by'), headers.get('set-cookie')], path).toEqual(['nosniff', 'no-referrer', null, null, null]);
    }
  });

  it.each([
    ['chrome-extension://abcdefghijklmnopabcdefghijklmnop', true],
    ['moz-extension://12345678-1234-4234-8234-123456789012', true],
    ['https://evil.example', false],
    ['null', false],
    ['https://chrome-extension.example', false],
  ])('let %s call: %s', async (origin, allowed) => {
    const preflight = await collector.send('OPTIONS', '/v1/submissions', undefined, { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,x-attune-work' });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    expect((await collector.send('GET', '/v1/drives', undefined, { origin })).headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('limits', () => {
  it('of size: 64 KiB and 50 items', async () => {
    const limited = await testCollector();
    try {
      const big = await limited.send('POST', '/v1/submissions', { submissions: ['x'.repeat(65 * 1024)] });
      expect([big.status, big.json.type]).toEqual([413, 'urn:attune:problem:too-large']);
      const many = await limited.send('POST', '/v1/submissions', { submissions: Array.from({ length: 51 }, () => 1) });
      expect([many.status, many.json.type]).toEqual([400, 'urn:attune:problem:invalid']);
      expect((await limited.send('POST', '/v1/submissions', { submissions: [] })).status).toBe(400);
      expect((await limited.send('POST', '/v1/submissions', { submissions: [1], more: 1 })).status).toBe(400);
    } finally {
      await limited.stop();
      removeFolder(limited.data);
    }
  });

  it('of rate: by network, without believing headers that anybody can write', async () => {
    const limited = await testCollector({ settings: { limits: { requestsPerMinute: 5 } } });
    try {
      const replies = [];
      for (let index = 0; index < 8; index++) replies.push(await limited.send('GET', '/v1/drives', undefined, { 'x-forwarded-for': `10.0.${index}.1` }));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
      expect(replies[7]!.json).toMatchObject({ type: 'urn:attune:problem:too-many', status: 429 });
      expect(Number(replies[7]!.headers.get('retry-after'))).toBeGreaterThan(0);
      // Watching over it goes on.
      expect((await limited.send('GET', '/healthz')).status).toBe(200);
    } finally {
      await limited.stop();
      removeFolder(limited.data);
    }
  });

  it.each([
    ['192.0.2.77', '192.0.2'],
    ['::ffff:192.0.2.77', '192.0.2'],
    ['2001:db8:aa:bb01::1', '20010db800aabb'],
    ['2001:db8:aa:bbff:1:2:3:4', '20010db800aabb'],
    ['::1', '00000000000000'],
    ['fe80::1%eth0', 'fe800000000000'],
    ['nonsense', 'unknown'],
  ])('know a client by its network: %s', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('group commit', () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

  it('puts what arrives meanwhile into one run, and bounds what waits', async () => {
    const runs: number[][] = [];
    let release: () => void = () => undefined;
    const queue = groupCommit<number, number>({
      run: async (_, items) => {
        runs.push([...items]);
        await new Promise<void>((resolve) => (release = resolve));
        return items.map((item) => item * 2);
      },
      largest: 4,
      limit: 6,
      isOutage: () => true,
    });
    const replies = [[1], [2, 3], [4], [5, 6]].map((items) => queue.push('drive', items));
    await expect(queue.push('drive', [7])).rejects.toBeInstanceOf(QueueFull);
    for (let turn = 0; turn < 3; turn++) {
      await settle();
      release();
    }
    expect(await Promise.all(replies)).toEqual([[2], [4, 6], [8], [10, 12]]);
    expect(runs).toEqual([[1], [2, 3, 4], [5, 6]]);
    await queue.idle();
    expect(queue.waiting()).toBe(0);
  });

  it('lets one bad request fail alone', async () => {
    const queue = groupCommit<number, number>({
      run: async (_, items) => {
        await settle();
        if (items.includes(13)) throw new Error('13');
        return [...items];
      },
      largest: 100,
      limit: 100,
      isOutage: () => false,
    });
    const settled = await Promise.allSettled([1, 2, 13, 4, 5].map((item) => queue.push('drive', [item])));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });
});

describe('pages', () => {
  it('list every endpoint, and show hostile text as text', async () => {
    const { text } = await collector.send('GET', '/');
    expect(text).toContain('POST /v1/submissions');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('<script>');
    expect(text).not.toContain('\u202E');
    expect(text).toContain('&lt;script&gt;');
  });

  it('run nothing of it in a real browser; the farewell page withdraws everything by its own button', async () => {
    const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking'] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(`${collector.url}/`);
      expect(await page.title()).toBe('Attune collector');
      expect(await page.locator('h3').first().textContent()).toContain('<script>');

      const client = createClient({ collector: collector.url, fetch });
      const { signal } = new AbortController();
      const someone = person(DRIVE, await collector.notice());
      await client.giveConsent(someone.consent, signal);
      await client.submit([collector.sample(someone), collector.sample(someone)].map(({ submission }) => JSON.stringify(submission)), signal);
      await page.goto(`${collector.url}/goodbye#${DRIVE}.${someone.participant}.${someone.secret}`);
      await page.getByRole('button', { name: 'Withdraw everything I sent' }).click();
      await page.getByText('Done. 2 items were deleted').waitFor();
      expect(await collector.db.selectFrom('submission').select('id').where('participant', '=', someone.participant).execute()).toEqual([]);
      expect(new URL(page.url()).hash).toBe('');
      await page.goto(`${collector.url}/goodbye`);
      expect(await page.getByRole('button').isDisabled()).toBe(true);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('offer metrics without content', async () => {
    const { text } = await collector.send('GET', '/metrics');
    for (const name of ['http_requests_total', 'http_request_duration_seconds_bucket', 'attune_submissions_total', 'attune_queue_items', 'process_resident_memory_bytes']) expect(text).toContain(name);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    for (const line of text.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"]*",?)+\})? -?[\d.e+-]+)$/);
  });
});

it('the farewell script reads nothing but the fragment', () => {
  const script = readFileSync(new URL('../../../collector/http/assets/goodbye.js', import.meta.url), 'utf8');
  expect(script).not.toMatch(/innerHTML|eval|cookie|localStorage/);
});
