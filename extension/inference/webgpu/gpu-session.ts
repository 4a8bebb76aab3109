/**
 * A session of `onnxruntime-web/jspi`: WebGPU. Of the builds of onnxruntime-web that have it, this is the smallest (17 MB beside
 * 27 and 28 MB); it needs JavaScript promise integration (Chrome 137).
 */
import * as runtime from 'onnxruntime-web/jspi';
import type { AttuneConfig } from '../../../review/classifier/config.ts';
import { withFloat32Tables } from '../../../review/classifier/float32-tables.ts';
import { openSession, type ModelSession } from '../../../review/classifier/session.ts';

export interface GpuSession extends ModelSession {
  /** Says why, once the device is gone. */
  readonly lost: Promise<string>;
}

export interface GpuOptions {
  /** A software renderer will do: for tests. */
  readonly softwareToo?: boolean;
}

/**
 * Asks for a graphics processor without loading anything.
 * @throws {Error} saying why there is none to use
 */
export async function findGpu({ softwareToo = false }: GpuOptions = {}): Promise<GPUAdapter> {
  if (!('gpu' in navigator) || (navigator.gpu as GPU | undefined) === undefined) throw new Error('This browser has no WebGPU.');
  if (!('Suspending' in WebAssembly)) throw new Error('This browser cannot wait for WebGPU within WebAssembly (JSPI).');
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('There is no graphics processor that WebGPU can use.');
  if (adapter.info.isFallbackAdapter && !softwareToo) throw new Error('The only graphics processor is a software renderer.');
  return adapter;
}

/**
 * @param wasmBinary ort-wasm-simd-threaded.jspi.wasm
 * @throws {Error} when the device or the model cannot be opened
 */
export async function openGpuSession(adapter: GPUAdapter, model: Uint8Array, config: AttuneConfig, wasmBinary: Uint8Array): Promise<GpuSession> {
  const device = await adapter.requestDevice();
  const lost = device.lost.then(({ reason, message }) => `the graphics device was lost (${message || reason})`);
  try {
    const session = await openSession(runtime, model, config, { wasm: { wasmBinary }, provider: { name: 'webgpu', device }, prepare: withFloat32Tables });
    return {
      run: session.run.bind(session),
      lost,
      async release() {
        await session.release();
        device.destroy();
      },
    };
  } catch (error) {
    device.destroy();
    throw error;
  }
}
