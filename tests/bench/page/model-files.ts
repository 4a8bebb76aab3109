/** The shipped model's files as serve.ts serves them, for the Workers of this page. */
import type { ClassifierFiles } from '../../../review/classifier/classifier.ts';

export const bytes = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer());
export const json = async (path: string): Promise<unknown> => (await fetch(path)).json();

export async function modelFiles(): Promise<ClassifierFiles> {
  const [model, tokenizerJson, tokenizerConfig, config, wasmBinary] = await Promise.all([
    bytes('/model/onnx/model_quantized.onnx'),
    json('/model/tokenizer.json'),
    json('/model/tokenizer_config.json'),
    json('/model/config.json'),
    bytes('/ort-wasm-simd-threaded.wasm'),
  ]);
  return { model, tokenizerJson, tokenizerConfig, config, wasm: { wasmBinary } };
}
