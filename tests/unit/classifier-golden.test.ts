import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../models/load-node.ts';
import { readConfig } from '../../review/classifier/config.ts';
import { apartFromGolden, readGolden, type Golden } from '../../review/classifier/golden.ts';
import { withFloat32Tables } from '../../review/classifier/float32-tables.ts';
import { GraphWriter } from '../bench/onnx-writer.ts';
import type { ModelOutputs } from '../../review/classifier/session.ts';

const json = (name: string) => JSON.parse(readFileSync(join(DEFAULT_MODEL, name), 'utf8')) as { attune: { sha256: string } };
const config = readConfig(json('config.json'));
/** Of this model whatever its numbers are: only the layout matters here. */
const data = { ...(json('golden.json') as unknown as Golden), model: config.sha256 };
const golden = readGolden(data, config);

/** Outputs that say exactly what the file says. */
function faithful({ passages }: Golden): ModelOutputs {
  const longest = Math.max(...passages.map(({ ids }) => ids.length));
  const padding = (row: readonly number[]) => Array.from({ length: longest - row.length }, () => [9, 9, 9, 9, 9]);
  return { heads: Float32Array.from(passages.flatMap(({ heads }) => heads)), tags: Float32Array.from(passages.flatMap(({ ids, tags }) => [...tags, ...padding(ids)].flat())) };
}

describe('golden logits', () => {
  test('are met by the same numbers, and only by them', () => {
    expect(apartFromGolden(faithful(golden), golden, config)).toBeLessThan(1e-6);
    for (const part of ['heads', 'tags'] as const) {
      const outputs = faithful(golden);
      outputs[part][1]! += 12;
      expect(apartFromGolden(outputs, golden, config)).toBeGreaterThan(0.02);
    }
  });

  test('are not met by what is no number, or by too few', () => {
    for (const wrong of [NaN, Infinity]) {
      const outputs = faithful(golden);
      outputs.heads[3] = wrong;
      expect(apartFromGolden(outputs, golden, config)).toBe(Infinity);
    }
    const { heads, tags } = faithful(golden);
    expect(apartFromGolden({ heads: heads.subarray(1), tags }, golden, config)).toBe(Infinity);
    expect(apartFromGolden({ heads, tags: new Float32Array() }, golden, config)).toBe(Infinity);
  });

  test.each([
    ['of another model', { ...data, model: 'd'.repeat(64) }, /another model file.*write-golden/],
    ['of no format', { ...data, format: 3 }, /not valid at format.*write-golden/],
    ['with a passage cut off', { ...data, passages: data.passages.map((passage) => ({ ...passage, heads: passage.heads.slice(1) })) }, /logits for each passage/],
    ['without passages', { ...data, passages: [] }, /not valid at passages/],
  ])('%s are refused', (_, wrong, reason) => expect(() => readGolden(wrong, config)).toThrow(reason));
});

test('half-precision tables are widened, and no number changes', async () => {
  const numbers = [0, 1, -2.5, 0.333251953125, 65_504, 5.960464477539063e-8];
  const graph = (type: 'float' | 'float16') => {
    const view = new DataView(new ArrayBuffer(2 * numbers.length));
    numbers.forEach((value, at) => view.setFloat16(2 * at, value, true));
    const writer = new GraphWriter();
    const table = writer.weight(type, [numbers.length], type === 'float' ? Float32Array.from(numbers) : view);
    const wide = writer.node('Cast', [writer.node('Gather', [table, 'at'])], { to: { int: 1 } });
    return { model: writer.model({ at: ['int64', ['count']] }, wide), output: wide };
  };
  const { model, output } = graph('float16');
  const widened = withFloat32Tables(model);
  expect(widened.length).toBe(graph('float').model.length);
  expect(Buffer.compare(withFloat32Tables(widened), widened)).toBe(0);
  ort.env.wasm.wasmBinary = readFileSync(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  for (const bytes of [model, widened]) {
    const session = await ort.InferenceSession.create(bytes);
    const answer = await session.run({ at: new ort.Tensor('int64', BigInt64Array.from(numbers, (_, at) => BigInt(at)), [numbers.length]) });
    expect([...(answer[output]!.data as Float32Array)]).toEqual([...Float32Array.from(numbers)]);
    await session.release();
  }
});
