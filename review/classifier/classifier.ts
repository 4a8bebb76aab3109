import { batchesByLength } from './batches.ts';
import { adapterTargetOf, sameShape } from './adapter.ts';
import { headWidth, ModelError, readConfig, thresholdOf, trustOf, type AttuneConfig } from './config.ts';
import { decodePassage } from './decode.ts';
import { createEncoder, type Pieces } from './pieces.ts';
import { openWasmSession, type OpenSession, type WasmSource } from './session.ts';
import type { Adapter, Classifier, ClassifierInput, HonorificJa, HonorificKo, PassageClassification } from './types.ts';

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
  readonly wasm?: WasmSource;
}

/** The answer for a passage without a single letter: nothing is said, and no level is likelier than another. */
function nothingSaid(language: string, config: AttuneConfig): PassageClassification {
  const head = /^ja\b/i.test(language) ? 'honorific_ja' : /^ko\b/i.test(language) ? 'honorific_ko' : null;
  const labels = head ? config.heads[head].labels : [];
  return {
    generalisation: { asserted: 0, mention: 0, group: 0, none: 1 },
    generalisationInAnswer: 0,
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

/** A passage on its way through the model: where its answer goes, and its pieces. */
interface Row {
  readonly at: number;
  readonly pieces: Pieces;
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

/**
 * Opens a model. The same code serves the command line and the extension's Worker.
 * @param open where logits come from; default: `onnxruntime-web/wasm`
 * @throws {ModelError} when a file is damaged or does not belong to the others
 */
export async function createClassifier(files: ClassifierFiles, open: OpenSession = openWasmSession): Promise<Classifier> {
  const config = readConfig(files.config);
  const encode = createEncoder(files.tokenizerJson, files.tokenizerConfig, config.maxTokens);
  const session = await open(files.model, config, files.wasm);
  const width = headWidth(config);
  const tagWidth = config.tags.labels.length;
  let queue: Promise<unknown> = Promise.resolve();

  function checkFit({ locale, modelHash, shape }: Adapter): void {
    if (modelHash === config.sha256 && config.adapter !== undefined && sameShape(shape, config.adapter)) return;
    throw new ModelError(`The adapter of the pack ${locale} belongs to another model. Classify without it, or train one for this model.`);
  }

  async function run(inputs: readonly ClassifierInput[], signal?: AbortSignal, adapter?: Adapter): Promise<PassageClassification[]> {
    signal?.throwIfAborted();
    if (adapter !== undefined) checkFit(adapter);
    const results = new Array<PassageClassification>(inputs.length);
    const plain: Row[] = [];
    const adapted: Row[] = [];
    inputs.forEach((input, at) => {
      if (/\p{L}/u.test(input.text)) (adapter?.serves(input.language) === true ? adapted : plain).push({ at, pieces: encode(input.text) });
      else results[at] = nothingSaid(input.language, config);
    });
    const batches = [
      { todo: plain, using: undefined },
      { todo: adapted, using: adapter },
    ].flatMap(({ todo, using }) => batchesByLength(todo.map(({ pieces }) => pieces.ids.length)).map(({ at, longest }) => ({ rows: at.map((one) => todo[one]!), longest, using })));
    for (const { rows, longest, using } of batches) {
      await breathe();
      signal?.throwIfAborted();
      const { heads: logits, tags: tagLogits } = await session.run(rows.map(({ pieces }) => pieces.ids), using);
      rows.forEach(({ at, pieces }, row) => {
        results[at] = decodePassage(
          inputs[at]!,
          logits.subarray(row * width, (row + 1) * width),
          tagLogits.subarray(row * longest * tagWidth, (row + 1) * longest * tagWidth),
          pieces.ranges,
          config,
        );
      });
    }
    return results;
  }

  return {
    ...adapterTargetOf(config),
    classify(passages, signal, adapter) {
      const result = queue.then(() => run(passages, signal, adapter));
      queue = result.catch(() => undefined);
      return result;
    },
    trust: (language, head) => trustOf(config, language, head),
    threshold: (head, label, language) => thresholdOf(config, head, label, language),
    dispose: () => (queue = queue.then(() => session.release())) as Promise<void>,
  };
}
