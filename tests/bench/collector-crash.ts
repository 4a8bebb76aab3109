/** Many rounds of kill -9 under load: `node tests/bench/collector-crash.ts [--rounds 60]`. Prints what was acknowledged, lost and doubled. */
import { parseArgs } from 'node:util';
import { crashRounds } from '../integration/collector/crash.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '60' } } });
const report = await crashRounds({ rounds: Number(values.rounds) });
console.log(JSON.stringify(report));
if (report.lost + report.doubled + report.wrongReceipts + report.logFaults.length > 0) process.exitCode = 1;
