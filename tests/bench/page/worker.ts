/** The classifier in a dedicated Worker, as in the extension: same code, same runtime, one thread. */
import { createClassifier } from '../../../review/classifier/classifier.ts';
import type { Classifier, ClassifierInput } from '../../../review/classifier/types.ts';

const bytes = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer());
const json = async (path: string): Promise<unknown> => (await fetch(path)).json();

let opened: Promise<Classifier> | undefined;
async function open(): Promise<Classifier> {
  const [model, tokenizerJson, tokenizerConfig, config, wasmBinary] = await Promise.all([
    bytes('/model/onnx/model_quantized.onnx'),
    json('/model/tokenizer.json'),
    json('/model/tokenizer_config.json'),
    json('/model/config.json'),
    bytes('/ort-wasm-simd-threaded.wasm'),
  ]);
  return createClassifier({ model, tokenizerJson, tokenizerConfig, config, wasm: { wasmBinary } });
}

self.addEventListener('message', (event: MessageEvent<{ id: number; passages: ClassifierInput[] }>) => {
  const { id, passages } = event.data;
  void (async () => {
    try {
      const started = performance.now();
      opened ??= open();
      const classifier = await opened;
      const ready = performance.now();
      const answers = await classifier.classify(passages);
      self.postMessage({ id, answers, openMs: ready - started, runMs: performance.now() - ready });
    } catch (error) {
      self.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  })();
});
