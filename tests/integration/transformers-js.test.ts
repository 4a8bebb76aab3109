/** The model folder is what `@huggingface/transformers` expects: somebody else's loader and onnxruntime-node give our numbers. */
import { AutoModel, AutoModelForSequenceClassification, AutoTokenizer, env, pipeline, type PreTrainedModel, type PreTrainedTokenizer } from '@huggingface/transformers';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../models/load-node.ts';
import { readConfig, type AttuneConfig } from '../../review/classifier/config.ts';
import { createEncoder, type Encode } from '../../review/classifier/pieces.ts';
import { openWasmSession, type ModelSession } from '../../review/classifier/session.ts';

const PASSAGES = [
  'People from the hills are all lazy, as everyone knows.',
  'Könnten Sie mir bitte sagen, wo der Bahnhof ist?',
  '田中さんに3時にお電話いただけますでしょうか。',
  '민수에게 3시에 전화해 주시겠습니까?',
  'هل يمكنك الاتصال بسارة الساعة الثالثة؟',
  'אפשר להתקשר אל נועה בשעה 3?',
  'क्या आप आशा को 3 बजे फ़ोन कर सकते हैं?',
  'กรุณาโทรหาคุณมาลีตอน 3 โมงครับ',
  'Вы можете позвонить Анне в 3 часа?',
  '请您在3点给小明打电话。',
];
const NAME = 'attune-mini';
/** Two builds of onnxruntime add up floats in another order; logits are some units apart from 0. */
const TOLERANCE = 1e-3;

interface LogitsOf {
  readonly logits: { readonly dims: number[]; readonly data: Float32Array };
}

let config: AttuneConfig;
let encode: Encode;
let session: ModelSession;
let own: Float32Array;
let tokenizer: PreTrainedTokenizer;
beforeAll(async () => {
  env.allowRemoteModels = false;
  env.localModelPath = dirname(DEFAULT_MODEL);
  const json = async (name: string) => JSON.parse(await readFile(join(DEFAULT_MODEL, name), 'utf8')) as unknown;
  config = readConfig(await json('config.json'));
  encode = createEncoder(await json('tokenizer.json'), await json('tokenizer_config.json'), config.maxTokens);
  const wasmBinary = await readFile(createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  session = await openWasmSession(await readFile(join(DEFAULT_MODEL, 'onnx/model_quantized.onnx')), config, { wasmBinary });
  own = (await session.run(PASSAGES.map((text) => encode(text).ids))).heads;
  tokenizer = await AutoTokenizer.from_pretrained(NAME);
});
afterAll(() => session.release());

const inputs = (texts: string[]) => tokenizer(texts, { padding: true, truncation: true }) as Record<string, unknown>;
const apart = (a: Float32Array, b: Float32Array) => a.reduce((worst, value, at) => Math.max(worst, Math.abs(value - b[at]!)), 0);

test('the tokenizer cuts the same pieces', () => {
  const { input_ids } = inputs(PASSAGES) as unknown as { input_ids: { tolist(): bigint[][] } };
  input_ids.tolist().forEach((ids, at) => {
    const expected = encode(PASSAGES[at]!).ids;
    expect(ids.map(Number)).toEqual([...expected, ...Array.from({ length: ids.length - expected.length }, () => 0)]);
  });
});

describe('the model', () => {
  test.each([
    ['AutoModel', AutoModel],
    ['AutoModelForSequenceClassification', AutoModelForSequenceClassification],
  ])('%s gives the logits of our run-time', async (_, Auto) => {
    const model: PreTrainedModel = await Auto.from_pretrained(NAME, { dtype: 'q8' });
    const { logits } = (await model(inputs(PASSAGES))) as LogitsOf;
    expect(logits.dims).toEqual([PASSAGES.length, own.length / PASSAGES.length]);
    expect(apart(logits.data, own)).toBeLessThan(TOLERANCE);
    await model.dispose();
  });

  test('a text-classification pipeline names the labels', async () => {
    const classify = await pipeline('text-classification', NAME, { dtype: 'q8' });
    const width = own.length / PASSAGES.length;
    const answers = (await classify(PASSAGES, { top_k: width })) as unknown as { label: string; score: number }[][];
    const labels = Object.entries(config.heads).flatMap(([head, { labels }]) => labels.map((label) => `${head}:${label}`));
    answers.forEach((scores, at) => {
      const byLabel = new Map(scores.map(({ label, score }) => [label, score]));
      expect([...byLabel.keys()].sort()).toEqual([...labels].sort());
      labels.forEach((label, column) => expect(byLabel.get(label)).toBeCloseTo(1 / (1 + Math.exp(-own[at * width + column]!)), 3));
    });
    await classify.dispose();
  });
});
