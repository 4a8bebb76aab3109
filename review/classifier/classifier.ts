// One import for Node and for the browser. `onnxruntime-web/wasm` resolves to ort.wasm.bundle.min.mjs, which carries its
// loader inside (no second .mjs to import, no blob: URL) and names the .wasm file by `new URL(…, import.meta.url)`, so
// Vite copies that file into the package. With one thread it starts no Worker of its own, so the extension's
// `script-src 'self' 'wasm-unsafe-eval'` is enough. Whoever creates the classifier may hand over the bytes of the .wasm
// file (`wasmBinary`: Node, tests) or say where it lies (`paths`).
import * as ort from 'onnxruntime-web/wasm';
import { batchesByLength } from './batches.ts';
import { ModelError, readConfig, thresholdOf, trustOf, type AttuneConfig } from './config.ts';
import { decodePassage } from './decode.ts';
import { createEncoder, type Pieces } from './pieces.ts';
import type { Classifier, ClassifierInput, HonorificJa, HonorificKo, PassageClassification } from './types.ts';

export interface ClassifierFiles {
  /** onnx/model_quantized.onnx */
  readonly model: Uint8Array;
  /** tokenizer.json, parsed */
  readonly tokenizerJson: unknown;
  /** tokenizer_config.json, parsed */
  readonly tokenizerConfig: unknown;
  /** config.json, parsed */
  readonly config: unknown;
  /** Where the run-time's own WebAssembly comes from; default: beside the bundled script. */
  readonly wasm?: {
    readonly wasmBinary?: Uint8Array | ArrayBuffer;
    readonly paths?: string | { readonly wasm?: string; readonly mjs?: string };
  };
}

/** The answer for a passage without a single letter: nothing is said, and no level is likelier than another. */
function nothingSaid(language: string, config: AttuneConfig): PassageClassification {
  const head = /^ja\b/i.test(language) ? 'honorific_ja' : /^ko\b/i.test(language) ? 'honorific_ko' : null;
  const labels = head ? config.heads[head].labels : [];
  return {
    generalisation: { asserted: 0, mention: 0, group: 0, none: 1 },
    address: { informal: 0, formal: 0, none: 1 },
    honorific: head
      ? (Object.fromEntries(labels.map((label) => [label, 1 / labels.length])) as unknown as HonorificJa | HonorificKo)
      : null,
    formality: 0.5,
    praise: 0,
    politeness: 0.5,
    spans: [],
  };
}

/** Lets timers and messages run: inference in WebAssembly blocks its thread, so an abort could not arrive otherwise. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

async function openSession(files: ClassifierFiles, config: AttuneConfig): Promise<ort.InferenceSession> {
  const advice = 'Reinstall Attune, or rebuild the model with models/training/build.py.';
  if (files.model.byteLength !== config.bytes) {
    throw new ModelError(
      `The model file has ${files.model.byteLength} bytes, but config.json describes one of ${config.bytes}: it is damaged or of another version. ${advice}`,
    );
  }
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  if (files.wasm?.wasmBinary) ort.env.wasm.wasmBinary = files.wasm.wasmBinary;
  if (files.wasm?.paths) ort.env.wasm.wasmPaths = files.wasm.paths;
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(files.model, {
      executionProviders: ['wasm'],
      graphOptimizationLevel: 'all',
    });
  } catch (error) {
    throw new ModelError(
      `The model file cannot be opened (${error instanceof Error ? error.message : String(error)}). ${advice}`,
      { cause: error },
    );
  }
  const missing = [config.outputs.heads, config.outputs.tags].filter((name) => !session.outputNames.includes(name));
  if (missing.length > 0) {
    throw new ModelError(`The model file has no output ${missing.join(', ')}: it does not belong to this config.json. ${advice}`);
  }
  return session;
}

/** Opens a model. The same code serves the command line and the extension's Worker. */
export async function createClassifier(files: ClassifierFiles): Promise<Classifier> {
  const config = readConfig(files.config);
  const encode = createEncoder(files.tokenizerJson, files.tokenizerConfig, config.maxTokens);
  const session = await openSession(files, config);
  const width = Math.max(...Object.values(config.heads).map((head) => head.logits[1]));
  const tagWidth = config.tags.labels.length;
  let queue: Promise<unknown> = Promise.resolve();

  async function run(inputs: readonly ClassifierInput[], signal?: AbortSignal): Promise<PassageClassification[]> {
    signal?.throwIfAborted();
    const results = new Array<PassageClassification>(inputs.length);
    const todo: { readonly at: number; readonly pieces: Pieces }[] = [];
    inputs.forEach((input, at) => {
      if (/\p{L}/u.test(input.text)) todo.push({ at, pieces: encode(input.text) });
      else results[at] = nothingSaid(input.language, config);
    });
    for (const batch of batchesByLength(todo.map(({ pieces }) => pieces.ids.length))) {
      await breathe();
      signal?.throwIfAborted();
      const rows = batch.at.map((at) => todo[at]!);
      const ids = new BigInt64Array(rows.length * batch.longest);
      const mask = new BigInt64Array(rows.length * batch.longest);
      rows.forEach(({ pieces }, row) => {
        pieces.ids.forEach((id, column) => {
          ids[row * batch.longest + column] = BigInt(id);
          mask[row * batch.longest + column] = 1n;
        });
      });
      const shape = [rows.length, batch.longest];
      const outputs = await session.run({
        input_ids: new ort.Tensor('int64', ids, shape),
        attention_mask: new ort.Tensor('int64', mask, shape),
      });
      const logits = outputs[config.outputs.heads]!.data as Float32Array;
      const tagLogits = outputs[config.outputs.tags]!.data as Float32Array;
      rows.forEach(({ at, pieces }, row) => {
        results[at] = decodePassage(
          inputs[at]!,
          logits.subarray(row * width, (row + 1) * width),
          tagLogits.subarray(row * batch.longest * tagWidth, (row + 1) * batch.longest * tagWidth),
          pieces.ranges,
          config,
        );
      });
    }
    return results;
  }

  return {
    id: `attune-mini@${config.version}`,
    modelHash: config.sha256,
    classify(passages, signal) {
      const result = queue.then(() => run(passages, signal));
      queue = result.catch(() => undefined);
      return result;
    },
    trust: (language, head) => trustOf(config, language, head),
    threshold: (head, label, language) => thresholdOf(config, head, label, language),
    dispose: () => (queue = queue.then(() => session.release())) as Promise<void>,
  };
}
