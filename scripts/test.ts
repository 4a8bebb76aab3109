/**
 * `npm test`: every check there is. All steps run even when one fails; the last line is the sum, `N passed, N failed`
 * (and `, N skipped` when there are any), and the exit code is 1 when anything failed or nothing ran.
 *
 *   npm test                     everything
 *   npm test -- lint types       only these steps
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run, stopAll, type RunResult } from './lib/run.ts';

const MINUTE_MS = 60_000;
const RESULTS = join(ROOT, 'test-results');
/** How much of a failed step's output is shown. */
const TAIL_LINES = 80;

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Shown when something failed. */
  readonly details?: string;
}

interface Step {
  readonly name: string;
  readonly what: string;
  /** A step that has to succeed for this one to make sense. */
  readonly needs?: string;
  readonly work: () => Promise<Count>;
}

function tail(text: string): string {
  const lines = text.trimEnd().split('\n');
  const cut = lines.length - TAIL_LINES;
  return [...(cut > 0 ? [`… ${cut} lines before`] : []), ...lines.slice(-TAIL_LINES)].join('\n');
}

/** A command that counts as one test. */
async function one(command: string, args: readonly string[], accept = (result: RunResult) => result.code === 0): Promise<Count> {
  const result = await run(command, args, { timeoutMs: 8 * MINUTE_MS });
  if (!result.timedOut && accept(result)) return { passed: 1, failed: 0, skipped: 0 };
  const details = result.timedOut ? `${result.output}\nIt took longer than 8 minutes.` : result.output;
  return { passed: 0, failed: 1, skipped: 0, details };
}

/** The parts of Vitest's JSON report that we count. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

async function vitest(projects: readonly string[], timeoutMs: number): Promise<Count> {
  const file = join(RESULTS, `${projects.join('-')}.json`);
  await rm(file, { force: true });
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...projects.flatMap((name) => ['--project', name]),
  ];
  const { output, timedOut, code } = await run('vitest', args, { timeoutMs });
  const report = await readFile(file, 'utf8').then(
    (json) => JSON.parse(json) as VitestReport,
    () => undefined,
  );
  if (!report) {
    const why = timedOut ? `It took longer than ${timeoutMs / MINUTE_MS} minutes.` : `Vitest ended with code ${code} and wrote no report.`;
    return { passed: 0, failed: 1, skipped: 0, details: `${output}\n${why}` };
  }
  // A file that could not be loaded has no tests to count, and an error between tests belongs to none of them.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && (!report.success || code !== 0) ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    details: output,
  };
}

interface LintReport {
  readonly errors: readonly { readonly message: string; readonly description: string; readonly file?: string }[];
}

/** Mozilla's own check of the Firefox package: no errors. Its warnings are about code of React and of the WASM runtime. */
async function addonsLinter(): Promise<Count> {
  const { stdout, output } = await run('addons-linter', ['--output', 'json', '.output/firefox-mv3'], { timeoutMs: 3 * MINUTE_MS });
  try {
    const { errors } = JSON.parse(stdout) as LintReport;
    if (errors.length === 0) return { passed: 1, failed: 0, skipped: 0 };
    return {
      passed: 0,
      failed: 1,
      skipped: 0,
      details: errors.map(({ message, description, file }) => `${file ?? ''} ${message} ${description}`).join('\n'),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, details: output };
  }
}

const STEPS: readonly Step[] = [
  { name: 'prepare', what: 'generated types', work: () => one('wxt', ['prepare']) },
  { name: 'lint', what: 'eslint, with our own rules', work: () => one('eslint', ['.']) },
  { name: 'types', what: 'tsc', work: () => one('tsc', []) },
  {
    name: 'imports',
    what: 'directions of imports, cycles',
    work: () => one('depcruise', ['--output-type', 'err', '.']),
  },
  { name: 'packs', what: 'packs and the examples of their rules', work: () => one('node', ['cli/attune.ts', 'packs', 'check']) },
  { name: 'chrome', what: 'package for Chrome', work: () => one('wxt', ['zip']) },
  { name: 'firefox', what: 'package for Firefox', work: () => one('wxt', ['zip', '-b', 'firefox', '--mv3']) },
  { name: 'addons-linter', what: "Mozilla's check of the Firefox package", needs: 'firefox', work: addonsLinter },
  { name: 'unit', what: 'vitest: unit tests', work: () => vitest(['unit'], 8 * MINUTE_MS) },
  { name: 'integration', what: 'vitest: parts together', work: () => vitest(['integration'], 8 * MINUTE_MS) },
  { name: 'e2e', what: 'vitest: in Chromium and Firefox', needs: 'chrome', work: () => vitest(['e2e'], 15 * MINUTE_MS) },
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(', ')}. There are: ${STEPS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopAll('SIGKILL');
    process.exit(130);
  });
}

await mkdir(RESULTS, { recursive: true });
const outcomes = new Map<string, Count>();
const lines: string[] = [];

for (const { name, what, needs, work } of STEPS) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const start = performance.now();
  const missing = needs !== undefined && (outcomes.get(needs)?.failed ?? 0) > 0;
  const count: Count = missing
    ? { passed: 0, failed: 1, skipped: 0, details: `Not run, because "${needs}" failed.` }
    : await work().catch((error: unknown) => ({ passed: 0, failed: 1, skipped: 0, details: String(error) }));
  outcomes.set(name, count);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
  const line = `${count.failed === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(14)}${seconds} s  ${what}: ${count.passed} passed, ${count.failed} failed${skipped}`;
  lines.push(line);
  console.log(line);
  if (count.failed > 0 && count.details) console.log(`${tail(count.details).replace(/^/gm, '     | ')}\n`);
}

const sum = (key: 'passed' | 'failed' | 'skipped') => [...outcomes.values()].reduce((total, count) => total + count[key], 0);
const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
if (failed > 0) console.log(`\nAll steps:\n${lines.join('\n')}`);
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
