import { expect, it } from 'vitest';
import { crashRounds } from './crash.ts';

it('keeps every acknowledged submission once, whatever is killed under load', { timeout: 120_000 }, async () => {
  const report = await crashRounds({ rounds: 6, clients: 4 });
  expect(report).toMatchObject({ lost: 0, doubled: 0, wrongReceipts: 0, logFaults: [], killed: { collector: 2, postgres: 2, both: 2 } });
  expect(report.acknowledged).toBe(report.sent);
  expect(report.acknowledged).toBeGreaterThan(50);
  expect(report.retries).toBeGreaterThan(0);
});
