import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_MODEL, loadClassifier } from '../../models/load-node.ts';
import { createClassifier } from '../../review/classifier/classifier.ts';
import type { Classifier } from '../../review/classifier/types.ts';
import { tinyModel } from '../fixtures/tiny-model.ts';

let classifier: Classifier;
let scratch: string;
beforeAll(async () => {
  classifier = await loadClassifier();
  scratch = await mkdtemp(join(tmpdir(), 'attune-model-'));
});
afterAll(async () => {
  await classifier.dispose();
  await rm(scratch, { recursive: true });
});

const english = (text: string) => ({ text, language: 'en' });

describe('any text', () => {
  test('empty, blank, numbers, lone surrogates, control characters and 100,000 characters are answered', async () => {
    const texts = ['', ' \n', '12:30', '\ud83d', 'a\udc00b', '\u0000\u0007\u001b[31mred', 'long '.repeat(20_000), '漢'.repeat(100_000), '😀'.repeat(3_000)];
    const answers = await classifier.classify(texts.map(english));
    expect(answers).toHaveLength(texts.length);
    answers.forEach((answer, at) => {
      const { asserted, mention, group, none } = answer.generalisation;
      expect(asserted + mention + group + none).toBeCloseTo(1, 5);
      const { informal, formal, none: nobody } = answer.address;
      expect(informal + formal + nobody).toBeCloseTo(1, 5);
      for (const span of answer.spans) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeLessThanOrEqual(texts[at]!.length);
        expect(span.start).toBeLessThan(span.end);
      }
    });
  });

  test('no passages, no answers', async () => {
    expect(await classifier.classify([])).toEqual([]);
  });

  test('a passage without letters says nothing', async () => {
    const [answer] = await classifier.classify([english('12:30 – 14:00 🙂')]);
    expect(answer).toMatchObject({ generalisation: { none: 1 }, address: { none: 1 }, praise: 0, spans: [] });
  });

  test('an answer does not depend on the company it is in', async () => {
    const texts = ['The bridge was opened in 1932.', 'Könnten Sie mir bitte helfen?', 'x', 'People from the hills are all lazy, as everyone knows, and they never work.'];
    const together = await classifier.classify(texts.map(english));
    for (const [at, text] of texts.entries()) {
      const [alone] = await classifier.classify([english(text)]);
      expect(Math.abs(alone!.generalisation.asserted - together[at]!.generalisation.asserted)).toBeLessThan(1e-4);
      expect(Math.abs(alone!.address.formal - together[at]!.address.formal)).toBeLessThan(1e-4);
    }
  });
});

describe('runs', () => {
  test('two calls at once are queued and both answered', async () => {
    const [first, second] = await Promise.all([
      classifier.classify([english('One sentence here.')]),
      classifier.classify([english('Another sentence there.'), english('And a third.')]),
    ]);
    expect(first).toHaveLength(1);
    expect(second).toHaveLength(2);
  });

  test('an aborted call rejects with its reason and the next one works', async () => {
    const controller = new AbortController();
    const many = Array.from({ length: 400 }, (_, at) => english(`Sentence number ${at} about the weather in the valley and the hills.`));
    const call = classifier.classify(many, controller.signal);
    setTimeout(() => controller.abort(new Error('gone')), 5);
    await expect(call).rejects.toThrow('gone');
    await expect(classifier.classify(many, AbortSignal.abort(new Error('never')))).rejects.toThrow('never');
    expect(await classifier.classify([english('Still here.')])).toHaveLength(1);
  });
});

describe('model files', () => {
  const copy = async (name: string) => {
    const folder = join(scratch, name);
    await cp(DEFAULT_MODEL, folder, { recursive: true });
    return folder;
  };

  test('the configuration describes the model file beside it', async () => {
    const bytes = await readFile(join(DEFAULT_MODEL, 'onnx/model_quantized.onnx'));
    const { attune } = JSON.parse(await readFile(join(DEFAULT_MODEL, 'config.json'), 'utf8')) as { attune: { sha256: string } };
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(attune.sha256);
    expect(classifier.modelHash).toBe(attune.sha256);
  });

  test('model with tokenizer weighs at most 15 MB', async () => {
    const sizes = await Promise.all(['onnx/model_quantized.onnx', 'tokenizer.json'].map((name) => stat(join(DEFAULT_MODEL, name))));
    expect(sizes.reduce((sum, file) => sum + file.size, 0)).toBeLessThanOrEqual(15_000_000);
  });

  test('a truncated model file is named as damaged', async () => {
    const folder = await copy('short');
    await truncate(join(folder, 'onnx/model_quantized.onnx'), 1000);
    await expect(loadClassifier(folder)).rejects.toThrow(/1000 bytes.*damaged.*Reinstall/s);
  });

  test('a model file of the right size but with other content is refused', async () => {
    const folder = await copy('garbage');
    const file = join(folder, 'onnx/model_quantized.onnx');
    await writeFile(file, new Uint8Array((await stat(file)).size).fill(7));
    await expect(loadClassifier(folder)).rejects.toThrow(/cannot be prepared: it is not an ONNX file.*Reinstall/s);
  });

  test('a graph that gives fewer logits than config.json describes is refused', async () => {
    const other = await createClassifier(tinyModel({ logits: 17 }));
    await expect(other.classify([english('The bridge was opened in 1932.')])).rejects.toThrow(/gives 17 logits.*describes 18.*rebuild/s);
    await other.dispose();
  });

  test('a missing file is named', async () => {
    const folder = await copy('missing');
    await rm(join(folder, 'tokenizer.json'));
    await expect(loadClassifier(folder)).rejects.toThrow(/no tokenizer\.json/);
  });
});
