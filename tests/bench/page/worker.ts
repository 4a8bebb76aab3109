/** The classifier in a dedicated Worker, as in the extension: same code, same runtime, one thread. Reference graphs run beside it. */
import * as ort from 'onnxruntime-web/wasm';
import { batchesByLength } from '../../../review/classifier/batches.ts';
import { createClassifier } from '../../../review/classifier/classifier.ts';
import { createEncoder } from '../../../review/classifier/pieces.ts';
import type { Classifier } from '../../../review/classifier/types.ts';
import type { Ask, Reply } from './main.ts';
import { bytes, json, modelFiles } from './model-files.ts';

let opened: Promise<Classifier> | undefined;
async function open(): Promise<Classifier> {
  return createClassifier(await modelFiles());
}

const references = new Map<string, Promise<ort.InferenceSession>>();
/** Needs the classifier to be open: that is where the runtime gets its WebAssembly from. */
async function reference(path: string, texts: readonly string[], vocabulary: number): Promise<void> {
  let session = references.get(path);
  if (session === undefined) references.set(path, (session = bytes(path).then((graph) => ort.InferenceSession.create(graph, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' }))));
  const encode = createEncoder(await json('/model/tokenizer.json'), await json('/model/tokenizer_config.json'), 128);
  const rows = texts.map((text) => encode(text).ids);
  for (const { at, longest } of batchesByLength(rows.map((ids) => ids.length))) {
    const [ids, mask] = [new BigInt64Array(at.length * longest), new BigInt64Array(at.length * longest)];
    at.forEach((one, row) =>
      rows[one]!.forEach((id, column) => {
        ids[row * longest + column] = BigInt(id % vocabulary);
        mask[row * longest + column] = 1n;
      }),
    );
    const dims = [at.length, longest];
    await (await session).run({ input_ids: new ort.Tensor('int64', ids, dims), attention_mask: new ort.Tensor('int64', mask, dims) });
  }
}

async function answer(ask: Ask): Promise<Reply> {
  const started = performance.now();
  opened ??= open();
  const classifier = await opened;
  const ready = performance.now();
  switch (ask.type) {
    case 'classify': {
      const answers = await classifier.classify(ask.passages);
      return { answers, openMs: ready - started, runMs: performance.now() - ready };
    }
    case 'reference':
      await reference(ask.graph, ask.texts, ask.vocabulary);
      return { answers: [], openMs: 0, runMs: performance.now() - ready };
  }
}

self.addEventListener('message', (event: MessageEvent<{ id: number; ask: Ask }>) => {
  const { id, ask } = event.data;
  answer(ask).then(
    (reply) => self.postMessage({ id, reply }),
    (error: unknown) => self.postMessage({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
