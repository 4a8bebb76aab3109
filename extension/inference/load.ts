/** Loads packs, classifier and reviewer inside the Worker, from the files in the package. */
import { createReviewer } from '../../review/review.ts';
import { loadPacks, type PackLibrary } from '../../review/packs.ts';
import { createClassifier } from '../../review/classifier/classifier.ts';
import type { Classifier } from '../../review/classifier/types.ts';
import { BUNDLED } from '../assets.ts';
import type { Engine } from '../messages.ts';
import type { LoadedEngine } from './engine.ts';

async function bytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} could not be read (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await bytes(path)));
}

async function openClassifier(): Promise<Classifier> {
  const [model, tokenizerJson, tokenizerConfig, config, wasmBinary] = await Promise.all([
    bytes(BUNDLED.model.onnx),
    json(BUNDLED.model.tokenizer),
    json(BUNDLED.model.tokenizerConfig),
    json(BUNDLED.model.config),
    bytes(BUNDLED.wasm),
  ]);
  return createClassifier({ model, tokenizerJson, tokenizerConfig, config, wasm: { wasmBinary } });
}

async function openPacks(problems: string[]): Promise<PackLibrary> {
  let data: unknown = [];
  try {
    data = await json(BUNDLED.packs);
  } catch (error) {
    problems.push(`The culture packs could not be loaded: ${messageOf(error)}`);
  }
  const library = loadPacks(Array.isArray(data) ? data : []);
  for (const { id, reasons } of library.refused) problems.push(`The pack ${id} was left out: ${reasons.join(' ')}`);
  return library;
}

export async function loadEngine(): Promise<LoadedEngine> {
  const problems: string[] = [];
  const [packs, classifier] = await Promise.all([
    openPacks(problems),
    openClassifier().catch((error: unknown) => ({ failed: messageOf(error) })),
  ]);
  const reviewer = createReviewer({ packs, classifier });
  const state: Engine['classifier'] =
    'failed' in classifier ? { state: 'failed', reason: classifier.failed } : { state: 'ready', model: classifier.id };
  return {
    versions: `${packs.versions} ${'failed' in classifier ? 'no model' : classifier.modelHash}`,
    description: {
      audiences: reviewer.audiences().map(({ locale, name }) => ({ locale, name: { ...name } })),
      packs: packs.versions,
      problems,
      classifier: state,
    },
    review: ({ answer, audience, uiLanguage, sensitivity }, signal) => reviewer.review(answer, audience, { uiLanguage, sensitivity, signal }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
