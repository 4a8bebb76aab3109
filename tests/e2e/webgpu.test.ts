/**
 * WebGPU as a backend, on SwiftShader (a software renderer: right numbers, no speed): it is believed only after it has said what
 * WebAssembly says, and left at the first sign of trouble.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { loadClassifier } from '../../models/load-node.ts';
import type { PassageClassification } from '../../review/classifier/types.ts';
import { buildExtension } from '../../scripts/lib/build.ts';
import { launchChromium } from '../../scripts/lib/chromium.ts';
import type { GpuAsk, GpuReply } from '../bench/page/main.ts';
import { serveClassifierPage } from '../bench/page/serve.ts';
import { say, startSession } from './harness.ts';

const passages = readFileSync(join(import.meta.dirname, '../fixtures/classifier/parity.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { text: string; lang: string })
  .filter(({ text }) => text.length > 8 && text.length < 40)
  .filter((_, at) => at % 70 === 0)
  .map(({ text, lang }) => ({ text, language: lang }));
const FLAGS = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
const TOLERANCE = 0.02;
/** A software renderer takes seconds for what a graphics processor does in milliseconds. */
const PATIENT = { timeoutMs: 200_000, speedup: 0 };
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let page: Awaited<ReturnType<typeof serveClassifierPage>>;
let browser: Awaited<ReturnType<typeof launchChromium>>;
let inNode: PassageClassification[];
let ask: (what: GpuAsk) => Promise<GpuReply>;
beforeAll(async () => {
  page = await serveClassifierPage();
  browser = await launchChromium({ headless: true, args: FLAGS });
  const tab = await browser.context.newPage();
  await tab.goto(page.url);
  await tab.waitForFunction(() => typeof window.attuneAskGpu === 'function');
  ask = (what) => tab.evaluate((input) => window.attuneAskGpu(input), what);
  const classifier = await loadClassifier();
  inNode = await classifier.classify(passages);
  await classifier.dispose();
});
afterAll(async () => {
  await browser?.close();
  await page?.close();
});

const open = (what: Partial<Extract<GpuAsk, { type: 'open' }>>) => ask({ type: 'open', softwareToo: true, limits: PATIENT, tamper: 0, withoutGpu: false, ...what });
const classify = () => ask({ type: 'classify', passages });

/** Largest difference of any probability from what Node says. */
function apart(answers: readonly PassageClassification[]): number {
  const flat = ({ spans: _, ...rest }: PassageClassification): number[] => Object.values(rest).flatMap((value: unknown) => (typeof value === 'number' ? [value] : (Object.values(value ?? {}) as number[])));
  expect(answers).toHaveLength(passages.length);
  return Math.max(...answers.flatMap((answer, at) => flat(answer).map((value, column) => Math.abs(value - flat(inNode[at]!)[column]!))));
}

describe('WebGPU', () => {
  test('is used when it gives the golden answers, and answers as Node does; lost, it leaves WebAssembly to go on', async () => {
    const opened = await open({});
    expect(opened.why).toMatch(/^It gave the golden answers at \d+\.\d\d times the speed of WebAssembly/);
    expect(opened.backend).toBe('webgpu');
    const answered = await classify();
    expect(answered.backend).toBe('webgpu');
    expect(apart(answered.answers)).toBeLessThan(TOLERANCE);

    const lost = await ask({ type: 'lose' });
    expect(lost).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/WebGPU is off: the graphics device was lost/) });
    expect(apart((await classify()).answers)).toBeLessThan(TOLERANCE);
  });

  test('lost in the middle of a run, the run is answered all the same', async () => {
    expect((await open({})).backend).toBe('webgpu');
    const answering = classify();
    await ask({ type: 'lose' });
    const answered = await answering;
    expect(answered).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/the graphics device was lost/) });
    expect(apart(answered.answers)).toBeLessThan(TOLERANCE);
  });

  test('is refused when its answers differ from the golden ones', async () => {
    const opened = await open({ tamper: 1 });
    expect(opened).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/its answers are wrong: a probability is off by 0\.\d+/) });
    expect(apart((await classify()).answers)).toBeLessThan(TOLERANCE);
  });

  test('is refused when it is no faster', async () => {
    const opened = await open({ limits: { ...PATIENT, speedup: 1.3 } });
    expect(opened).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/0\.\d\d times the speed of WebAssembly.*less than 1\.3/) });
  });

  test('is refused when it takes too long, and WebAssembly answers meanwhile', async () => {
    const opened = await open({ limits: { timeoutMs: 50 } });
    expect(opened).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/took more than 0\.05 s/) });
    expect(apart((await classify()).answers)).toBeLessThan(TOLERANCE);
  });

  test('is not tried on a software renderer, nor where there is none, and nothing is read for it', async () => {
    const cases: [Partial<Extract<GpuAsk, { type: 'open' }>>, RegExp][] = [
      [{ softwareToo: false }, /software renderer/],
      [{ withoutGpu: true }, /This browser has no WebGPU/],
    ];
    for (const [what, why] of cases) {
      const opened = await open(what);
      expect(opened).toMatchObject({ backend: 'wasm', why: expect.stringMatching(why), fetched: [] });
      expect(apart((await classify()).answers)).toBeLessThan(TOLERANCE);
    }
  });
});

describe('a build with WXT_WEBGPU=1', () => {
  test('reviews as ever, and the options say which backend it has and why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-webgpu-build-'));
    try {
      await buildExtension('chrome', { webgpu: true, folder });
      await using session = await startSession({ build: join(folder, 'chrome-mv3'), args: FLAGS });
      await say(session.page, 'Bei Fieber über 102 °F rufen Sie bitte sofort die 911 an.');
      expect(await session.settled()).not.toEqual({});
      const options = await session.page.context().newPage();
      await options.goto(`chrome-extension://${session.extensionId}/options.html`);
      await expect.poll(() => options.locator('[data-attune="model"]').textContent()).toMatch(/attune-mini@.*\(WebAssembly: WebGPU is off: The only graphics processor is a software renderer\.\)/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
