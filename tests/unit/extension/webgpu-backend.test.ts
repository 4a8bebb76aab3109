/** When WebGPU is on and when it is not; tests/e2e/webgpu.test.ts does the same with a real device. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createBackend, type BackendOptions } from '../../../extension/inference/webgpu/backend.ts';
import type { GpuSession } from '../../../extension/inference/webgpu/gpu-session.ts';
import { DEFAULT_MODEL } from '../../../models/load-node.ts';
import { readConfig } from '../../../review/classifier/config.ts';
import type { Golden } from '../../../review/classifier/golden.ts';
import type { ModelOutputs, ModelSession } from '../../../review/classifier/session.ts';

const json = (name: string) => JSON.parse(readFileSync(join(DEFAULT_MODEL, name), 'utf8')) as unknown;
const config = readConfig(json('config.json'));
const golden = json('golden.json') as Golden;
const [passage] = golden.passages;

/** What the golden file says about the passages whose ids are given; about others what it says of the first. */
function faithful(rows: readonly (readonly number[])[]): ModelOutputs {
  const longest = Math.max(...rows.map((ids) => ids.length));
  const known = rows.map((ids) => golden.passages.find((one) => one.ids.join() === ids.join()) ?? passage!);
  const tags = known.flatMap((one) => Array.from({ length: longest }, (_, piece) => one.tags[piece] ?? [0, 0, 0, 0, 0]).flat());
  return { heads: Float32Array.from(known.flatMap(({ heads }) => heads)), tags: Float32Array.from(tags) };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function sessions({ wrong = () => false }: { wrong?: () => boolean } = {}) {
  const lose = Promise.withResolvers<string>();
  const wasm = {
    run: vi.fn<ModelSession['run']>(async (rows) => {
      await pause(20);
      return faithful(rows);
    }),
    release: vi.fn(() => Promise.resolve()),
  } satisfies ModelSession;
  const gpu = {
    run: vi.fn<ModelSession['run']>((rows) => {
      const outputs = faithful(rows);
      if (wrong()) outputs.heads.fill(3);
      return Promise.resolve(outputs);
    }),
    release: vi.fn(() => Promise.resolve()),
    lost: lose.promise,
  } satisfies GpuSession;
  return { wasm, gpu, lose: lose.resolve };
}

function backendOf({ wasm, gpu }: Pick<ReturnType<typeof sessions>, 'wasm' | 'gpu'>, changed: Partial<BackendOptions> = {}) {
  return createBackend({ wasm, config, readGolden: () => Promise.resolve(golden), openGpu: () => Promise.resolve(gpu), ...changed });
}
const rows = [[2, 100, 3]];

describe('WebGPU', () => {
  it('serves when it is right and fast, with the adapter of the call', async () => {
    const both = sessions();
    const backend = backendOf(both);
    expect(backend.state).toMatchObject({ backend: 'wasm', why: expect.stringContaining('being tried') });
    await backend.session.run(rows);
    expect(both.wasm.run).toHaveBeenCalledWith(rows, undefined);
    await backend.tried;
    expect(backend.state.backend).toBe('webgpu');
    const adapter = { scale: Float32Array.of(1), shift: Float32Array.of(0) };
    await backend.session.run(rows, adapter);
    expect(both.gpu.run).toHaveBeenLastCalledWith(rows, adapter);
    await backend.session.release();
    expect(both.gpu.release).toHaveBeenCalledOnce();
    expect(both.wasm.release).toHaveBeenCalledOnce();
  });

  it('goes off when it stops giving the golden answers', async () => {
    let wrong = false;
    const both = sessions({ wrong: () => wrong });
    const backend = backendOf(both, { limits: { recheckEvery: 3 } });
    await backend.tried;
    wrong = true;
    await backend.session.run(rows);
    await backend.session.run(rows);
    expect(backend.state.backend).toBe('webgpu');
    expect(await backend.session.run(rows)).toEqual(faithful(rows));
    expect(backend.state).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/answers are wrong/) });
    expect(both.gpu.release).toHaveBeenCalledOnce();
  });

  it('goes off when an answer is no number or fails, and the call is answered', async () => {
    for (const fault of [() => Promise.resolve({ heads: Float32Array.of(NaN), tags: new Float32Array() }), () => Promise.reject(new Error('kernel failed'))]) {
      const both = sessions();
      const backend = backendOf(both);
      await backend.tried;
      both.gpu.run.mockImplementation(fault);
      expect(await backend.session.run(rows)).toEqual(faithful(rows));
      expect(backend.state).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/no number|kernel failed/) });
    }
  });

  it.each([
    ['a run hangs', 30, /more than 0\.03 s/],
    ['the device is lost during it', 5000, /unplugged/],
  ])('goes off when %s', async (_, timeoutMs, why) => {
    const both = sessions();
    const backend = backendOf(both, { limits: { timeoutMs, speedup: 0 } });
    await backend.tried;
    both.gpu.run.mockImplementation(() => new Promise(() => undefined));
    const answering = backend.session.run(rows);
    if (timeoutMs === 5000) both.lose('unplugged');
    expect(await answering).toEqual(faithful(rows));
    expect(backend.state).toMatchObject({ backend: 'wasm', why: expect.stringMatching(why) });
  });

  it('that opens too late is closed again', async () => {
    const both = sessions();
    const late = Promise.withResolvers<GpuSession>();
    const backend = backendOf(both, { openGpu: () => late.promise, limits: { timeoutMs: 20 } });
    await backend.tried;
    expect(backend.state.why).toMatch(/Opening it took more than 0\.02 s/);
    late.resolve(both.gpu);
    await pause(5);
    expect(both.gpu.release).toHaveBeenCalledOnce();
    await backend.session.run(rows);
    expect(both.gpu.run).not.toHaveBeenCalled();
  });

  it('is not believed without the golden file of this model', async () => {
    const both = sessions();
    const backend = backendOf(both, { readGolden: () => Promise.reject(new Error('golden.json belongs to another model file.')) });
    await backend.tried;
    expect(backend.state).toMatchObject({ backend: 'wasm', why: expect.stringMatching(/another model file/) });
    expect(both.gpu.run).not.toHaveBeenCalled();
  });
});
