/** The classifier with WebGPU as a possible backend. */
import { createClassifier, type ClassifierFiles } from '../../../review/classifier/classifier.ts';
import { readGolden } from '../../../review/classifier/golden.ts';
import { openWasmSession } from '../../../review/classifier/session.ts';
import type { Classifier } from '../../../review/classifier/types.ts';
import { createBackend, type Backend, type BackendState, type Limits } from './backend.ts';
import { findGpu, openGpuSession, type GpuOptions } from './gpu-session.ts';

/** Files that are read only where there is a graphics processor. */
export interface GpuFiles {
  /** ort-wasm-simd-threaded.jspi.wasm */
  wasm(): Promise<Uint8Array>;
  /** golden.json, parsed */
  golden(): Promise<unknown>;
}

export interface OpenedWithWebgpu {
  readonly classifier: Classifier;
  backend(): BackendState;
  /** Resolves when WebGPU has been tried. */
  readonly tried: Promise<void>;
}

/** Opens the classifier in WebAssembly at once and tries WebGPU beside it. @throws {ModelError} */
export async function openWithWebgpu(files: ClassifierFiles, gpuFiles: GpuFiles, options: GpuOptions & { readonly limits?: Partial<Limits> } = {}): Promise<OpenedWithWebgpu> {
  let backend: Backend | undefined;
  const classifier = await createClassifier(files, async (model, config, wasm) => {
    backend = createBackend({
      wasm: await openWasmSession(model, config, wasm),
      readGolden: async () => readGolden(await gpuFiles.golden(), config),
      config,
      openGpu: async () => {
        const adapter = await findGpu(options);
        return openGpuSession(adapter, model, config, await gpuFiles.wasm());
      },
      ...(options.limits && { limits: options.limits }),
    });
    return backend.session;
  });
  const opened = backend!;
  return { classifier, backend: () => opened.state, tried: opened.tried };
}
