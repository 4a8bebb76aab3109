import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createClassifier, type ClassifierFiles } from '../review/classifier/classifier.ts';
import { ModelError } from '../review/classifier/config.ts';
import type { Classifier } from '../review/classifier/types.ts';

/** The model that ships with Attune. */
export const DEFAULT_MODEL = join(import.meta.dirname, 'attune-mini');

/** Reads a model folder in Node. @throws {ModelError} naming the file that is missing */
export async function readModelFolder(folder: string = DEFAULT_MODEL): Promise<ClassifierFiles> {
  const wasm = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  const read = async (name: string) => {
    try {
      return await readFile(join(folder, name));
    } catch (error) {
      throw new ModelError(`The model folder ${folder} has no ${name}. Restore it, or rebuild it with models/training/build.py.`, {
        cause: error,
      });
    }
  };
  const json = async (name: string): Promise<unknown> => JSON.parse((await read(name)).toString('utf8'));
  return {
    model: await read(join('onnx', 'model_quantized.onnx')),
    tokenizerJson: await json('tokenizer.json'),
    tokenizerConfig: await json('tokenizer_config.json'),
    config: await json('config.json'),
    wasm: { wasmBinary: await readFile(wasm) },
  };
}

/** Opens a model folder in Node: for the command line and the tests. */
export async function loadClassifier(folder: string = DEFAULT_MODEL): Promise<Classifier> {
  return createClassifier(await readModelFolder(folder));
}
