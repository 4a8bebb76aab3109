/** The erasure drill: what somebody takes back is gone from the next release, is listed, and can be taken out of older copies. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publicId } from '../../../feedback/log/keys.ts';
import { attune } from '../../fixtures/attune-cli.ts';
import { DRIVE, testCollector, type TestCollector } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'attune-erasure-'));
const at = (name: string) => join(folder, name);
let collector: TestCollector;
beforeAll(async () => {
  collector = await testCollector();
}, 60_000);
afterAll(async () => {
  await collector.stop();
  rmSync(folder, { recursive: true, force: true });
});

const release = (command: string[]) => attune(['release', ...command], '', { DATABASE_URL: collector.collector.databaseUrl });
const build = (version: string) => release(['build', '--drive', DRIVE, '--version', version, '--data', collector.data, '--out', at(version)]);
const idsIn = (name: string) => new Set(readFileSync(join(at(name), 'data/annotations.jsonl'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { id: string }).id));

it('a submission that is withdrawn leaves the next release, the list names it, and older copies can be cleaned', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, () => collector.agree({ purposes: ['evaluate', 'publish-labels', 'publish-text'] })));
  const samples = people.map((someone) => collector.sample(someone));
  const outcomes = await collector.submit(...samples);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(samples.map(() => 'accepted'));
  const ids = samples.map(({ submission }) => publicId(submission.id));

  const first = await build('1.0.0');
  expect(first.stderr).not.toMatch(/error/i);
  expect(first.code).toBe(0);
  expect(idsIn('1.0.0')).toEqual(new Set(ids));

  const gone = samples[3]!;
  expect((await collector.withdraw({ what: 'submission', drive: DRIVE, id: gone.submission.id, secret: gone.secret })).status).toBe(200);
  writeFileSync(at('withdrawals.jsonl'), await collector.list());
  expect(readFileSync(at('withdrawals.jsonl'), 'utf8')).toContain(ids[3]);

  expect((await build('2.0.0')).code).toBe(0);
  expect(idsIn('2.0.0')).toEqual(new Set(ids.filter((id) => id !== ids[3])));
  expect((await release(['verify', at('2.0.0'), '--withdrawals', at('withdrawals.jsonl')])).code).toBe(0);

  const old = await release(['verify', at('1.0.0'), '--withdrawals', at('withdrawals.jsonl')]);
  expect(old.code).toBe(1);
  expect(old.lines[0]!.problems.join()).toContain('1 withdrawn rows are still there');
  const cleaned = await release(['apply-withdrawals', at('1.0.0'), at('withdrawals.jsonl'), '--out', at('cleaned')]);
  expect(cleaned.lines[0]).toMatchObject({ withdrawn: 1, version: '2.0.0' });
  expect(idsIn('cleaned')).toEqual(idsIn('2.0.0'));
  expect((await release(['verify', at('cleaned'), '--withdrawals', at('withdrawals.jsonl')])).code).toBe(0);
}, 120_000);

it('whoever takes back the consent to publish is not in the next release either', async () => {
  const someone = await collector.agree({ purposes: ['evaluate', 'publish-labels'] });
  const kept = collector.sample(someone);
  await collector.submit(kept);
  await collector.agree({ same: someone, purposes: ['evaluate'], replaces: someone.consent.id });
  expect((await build('3.0.0')).code).toBe(0);
  expect(idsIn('3.0.0')).not.toContain(publicId(kept.submission.id));
}, 60_000);
