/**
 * The model as a function from pieces to logits, whichever backend computes it. Everything that knows onnxruntime's
 * tensors is here; what the logits mean is decode.ts' business.
 */
// One import for Node and for the browser. `onnxruntime-web/wasm` resolves to ort.wasm.bundle.min.mjs, which carries its
// loader inside (no second .mjs to import, no blob: URL) and names the .wasm file by `new URL(…, import.meta.url)`, so
// Vite copies that file into the package. With one thread it starts no Worker of its own, so the extension's
// `script-src 'self' 'wasm-unsafe-eval'` is enough. Whoever creates the classifier may hand over the bytes of the .wasm
// file (`wasmBinary`: Node, tests) or say where it lies (`paths`).
import * as wasmRuntime from 'onnxruntime-web/wasm';
import { withRequiredInputs } from './adapter-inputs.ts';
import { headWidth, ModelError, type AttuneConfig } from './config.ts';
import type { Adapter } from './types.ts';

/** What is used of onnxruntime-web; its flavours (`/wasm`, `/webgpu`) share this interface. */
export type OnnxRuntime = Pick<typeof wasmRuntime, 'env' | 'InferenceSession' | 'Tensor'>;

export interface WasmSource {
  readonly wasmBinary?: Uint8Array | ArrayBuffer;
  readonly paths?: string | { readonly wasm?: string; readonly mjs?: string };
}

export interface ModelOutputs {
  /** Row by row: one logit for each label of each head. */
  readonly heads: Float32Array;
  /** Row by row, piece by piece (padded to the longest row): one logit for each tag. */
  readonly tags: Float32Array;
}

export interface ModelSession {
  /**
   * @param rows ids of each passage's pieces, `<s>` and `</s>` included
   * @param adapter for all rows; without one the model answers as it was trained
   */
  run(rows: readonly (readonly number[])[], adapter?: Pick<Adapter, 'scale' | 'shift'>): Promise<ModelOutputs>;
  release(): Promise<void>;
}

/** Opens a model that `config` describes. @throws {ModelError} saying what to do */
export type OpenSession = (model: Uint8Array, config: AttuneConfig, wasm?: WasmSource) => Promise<ModelSession>;

/** Inputs of the graph that adapters go into; by default ones and zeros. */
const ADAPTER_INPUTS = ['adapter_scale', 'adapter_shift'] as const;

const ADVICE = 'Reinstall Attune, or rebuild the model with models/training/build.py.';

/** A session of `onnxruntime-web/wasm`: one thread, the same numbers on every machine. */
export const openWasmSession: OpenSession = (model, config, wasm) => openSession(wasmRuntime, model, config, { wasm });

export interface SessionOptions {
  readonly wasm?: WasmSource | undefined;
  /** Default: WebAssembly. */
  readonly provider?: wasmRuntime.InferenceSession.ExecutionProviderConfig;
  /** What the backend needs done to the model. */
  readonly prepare?: (model: Uint8Array) => Uint8Array;
}

/**
 * @param runtime the flavour of onnxruntime-web that has the backend
 * @throws {ModelError} when the model is not the one that `config` describes, or cannot be opened
 */
export async function openSession(runtime: OnnxRuntime, model: Uint8Array, config: AttuneConfig, { wasm, provider = 'wasm', prepare = (bytes) => bytes }: SessionOptions = {}): Promise<ModelSession> {
  if (model.byteLength !== config.bytes) {
    throw new ModelError(
      `The model file has ${model.byteLength} bytes, but config.json describes one of ${config.bytes}: it is damaged or of another version. ${ADVICE}`,
    );
  }
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  if (wasm?.wasmBinary) runtime.env.wasm.wasmBinary = wasm.wasmBinary;
  if (wasm?.paths) runtime.env.wasm.wasmPaths = wasm.paths;
  const session = await runtime.InferenceSession.create(prepare(config.adapter ? withRequiredInputs(model, ADAPTER_INPUTS) : model), { executionProviders: [provider], graphOptimizationLevel: 'all' }).catch((error: unknown) => {
    throw new ModelError(`The model file cannot be opened (${error instanceof Error ? error.message : String(error)}). ${ADVICE}`, { cause: error });
  });
  const missing = [config.outputs.heads, config.outputs.tags].filter((name) => !session.outputNames.includes(name));
  if (missing.length > 0) {
    throw new ModelError(`The model file has no output ${missing.join(', ')}: it does not belong to this config.json. ${ADVICE}`);
  }
  const adapterFeeds = adapterFeedsOf(runtime, config);
  return {
    async run(rows, adapter) {
      const longest = Math.max(...rows.map((ids) => ids.length));
      const ids = new BigInt64Array(rows.length * longest);
      const mask = new BigInt64Array(rows.length * longest);
      rows.forEach((row, at) => {
        row.forEach((id, column) => {
          ids[at * longest + column] = BigInt(id);
          mask[at * longest + column] = 1n;
        });
      });
      const shape = [rows.length, longest];
      const outputs = await session.run({
        input_ids: new runtime.Tensor('int64', ids, shape),
        attention_mask: new runtime.Tensor('int64', mask, shape),
        ...adapterFeeds(adapter),
      });
      const heads = outputs[config.outputs.heads]!.data as Float32Array;
      const width = heads.length / rows.length;
      if (width !== headWidth(config)) {
        throw new ModelError(`The model file gives ${width} logits for a passage, but config.json describes ${headWidth(config)}: they do not belong together. ${ADVICE}`);
      }
      return { heads, tags: outputs[config.outputs.tags]!.data as Float32Array };
    },
    release: () => session.release(),
  };
}

/** What a run feeds for an adapter, or for none. */
function adapterFeedsOf({ Tensor }: OnnxRuntime, config: AttuneConfig): (adapter?: Pick<Adapter, 'scale' | 'shift'>) => Record<string, wasmRuntime.Tensor> {
  const shape = config.adapter;
  if (shape === undefined) return () => ({});
  const dims = [shape.sites, shape.width];
  const identity = { scale: new Float32Array(shape.sites * shape.width).fill(1), shift: new Float32Array(shape.sites * shape.width) };
  return ({ scale, shift } = identity) => ({ adapter_scale: new Tensor('float32', scale, dims), adapter_shift: new Tensor('float32', shift, dims) });
}
