/** Loads packs, classifier and reviewer inside the Worker, from the files in the package. */
import { createClassifier } from '../../review/classifier/classifier.ts';
import type { Classifier } from '../../review/classifier/types.ts';
import { BUNDLED } from '../assets.ts';
import type { Engine } from '../messages.ts';
import type { LoadedEngine } from './engine.ts';
import { openPackStore } from './pack-store.ts';

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

export async function loadEngine(): Promise<LoadedEngine> {
  const problems: string[] = [];
  const classifier = await openClassifier().catch((error: unknown) => ({ failed: messageOf(error) }));
  const packs = await openPackStore({ read: json, paths: BUNDLED.packs, classifier, onProblem: (problem) => problems.push(problem) });
  const state: Engine['classifier'] =
    'failed' in classifier ? { state: 'failed', reason: classifier.failed } : { state: 'ready', model: classifier.id };
  return {
    versions: `${packs.versions} ${'failed' in classifier ? 'no model' : classifier.modelHash}`,
    description: {
      audiences: packs.index.filter(({ forReaders }) => forReaders).map(({ id, name }) => ({ locale: id, name })).sort((a, b) => a.locale.localeCompare(b.locale)),
      packs: packs.versions,
      problems,
      classifier: state,
    },
    review: async ({ answer, audience, uiLanguage, sensitivity }, signal) => (await packs.reviewerFor(answer, audience.locale)).review(answer, audience, { uiLanguage, sensitivity, signal }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
