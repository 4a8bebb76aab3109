/** Loads packs, classifier and reviewer inside the Worker, from the files in the package. */
import { createClassifier, type ClassifierFiles } from '../../review/classifier/classifier.ts';
import type { Classifier } from '../../review/classifier/types.ts';
import { BUNDLED } from '../assets.ts';
import type { Engine } from '../messages.ts';
import type { LoadedEngine } from './engine.ts';
import { openPackStore } from './pack-store.ts';
import type { BackendState } from './webgpu/backend.ts';

/** Put in by the build: whether WebGPU may be tried. */
declare const __ATTUNE_WEBGPU__: boolean;

async function bytes(path: string): Promise<Uint8Array> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} could not be read (${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(new TextDecoder().decode(await bytes(path)));
}

interface OpenedClassifier {
  readonly classifier: Classifier;
  /** What computes just now; undefined where there is no choice. */
  backend(): BackendState | undefined;
}

async function openClassifier(): Promise<OpenedClassifier> {
  const [model, tokenizerJson, tokenizerConfig, config] = await Promise.all([
    bytes(BUNDLED.model.onnx),
    json(BUNDLED.model.tokenizer),
    json(BUNDLED.model.tokenizerConfig),
    json(BUNDLED.model.config),
  ]);
  const files: ClassifierFiles = { model, tokenizerJson, tokenizerConfig, config, wasm: { paths: { wasm: BUNDLED.wasm } } };
  if (!__ATTUNE_WEBGPU__) return { classifier: await createClassifier(files), backend: () => undefined };
  // Imported here alone, so that a build without it does not carry it.
  const { openWithWebgpu } = await import('./webgpu/open.ts');
  return openWithWebgpu(files, { wasm: () => bytes(BUNDLED.webgpu.wasm), golden: () => json(BUNDLED.webgpu.golden) });
}

export async function loadEngine(): Promise<LoadedEngine> {
  const problems: string[] = [];
  const opened = await openClassifier().catch((error: unknown) => ({ failed: messageOf(error) }));
  const classifier = 'failed' in opened ? opened : opened.classifier;
  const packs = await openPackStore({ read: json, paths: BUNDLED.packs, classifier, onProblem: (problem) => problems.push(problem) });
  const state = (): Engine['classifier'] => {
    if ('failed' in opened) return { state: 'failed', reason: opened.failed };
    const backend = opened.backend();
    return { state: 'ready', model: opened.classifier.id, ...(backend && { backend }) };
  };
  return {
    versions: `${packs.versions} ${'failed' in classifier ? 'no model' : classifier.modelHash}`,
    get description() {
      return {
        audiences: packs.index.filter(({ forReaders }) => forReaders).map(({ id, name }) => ({ locale: id, name })).sort((a, b) => a.locale.localeCompare(b.locale)),
        packs: packs.versions,
        problems,
        classifier: state(),
      };
    },
    review: async ({ answer, audience, uiLanguage, sensitivity }, signal) => (await packs.reviewerFor(answer, audience.locale)).review(answer, audience, { uiLanguage, sensitivity, signal }),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
