/** From figures.json to everything a person reads: report, plots and model card. The same figures always give the same files. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { readConfig } from '../../review/classifier/config.ts';
import { DEFAULT_MODEL } from '../load-node.ts';
import { modelCard, type NetworkShape } from './card.ts';
import { readManifest } from './manifest.ts';
import { drawPlots } from './plots.ts';
import { reportMarkdown } from './report.ts';
import type { Figures } from './types.ts';

/** Where the figures of the shipped model are. */
export const EVALUATION_FOLDER = import.meta.dirname;

export interface PublishPlaces {
  /** Folder of the model that was measured. */
  readonly model?: string;
  /** Folder for figures.json, report.md and plots/. */
  readonly folder?: string;
  /** File of the model card; default: README.md of the model, or in `folder` where that is another one. */
  readonly card?: string;
}

/** Content of all files by path. */
export async function publishedFiles(figures: Figures, { model = DEFAULT_MODEL, folder = EVALUATION_FOLDER, card }: PublishPlaces = {}): Promise<Map<string, string>> {
  const json = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(model, name), 'utf8'));
  const raw = await json('config.json');
  const config = readConfig(raw);
  if (config.sha256 !== figures.model.sha256) {
    throw new Error(`The figures are of another model (${figures.model.sha256.slice(0, 16)}…) than ${model} (${config.sha256.slice(0, 16)}…). Run: npm run --silent attune -- evaluate all`);
  }
  const plots = drawPlots(figures);
  const names = Object.keys(plots);
  const cardFile = card ?? (folder === EVALUATION_FOLDER ? join(model, 'README.md') : join(folder, 'model-card.md'));
  const sizes = await Promise.all(['onnx/model_quantized.onnx', 'tokenizer.json'].map(async (name) => (await stat(join(model, name))).size));
  const written = modelCard({
    figures,
    config,
    shape: ((raw as { attune?: { shape?: NetworkShape } }).attune?.shape ?? {}),
    manifest: readManifest(await json('training-manifest.json')),
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    plotFolder: relative(dirname(cardFile), join(folder, 'plots')).replaceAll('\\', '/'),
    plots: names,
  });
  return new Map([
    [join(folder, 'figures.json'), figuresJson(figures)],
    [join(folder, 'report.md'), reportMarkdown(figures, config, names)],
    ...names.map((name) => [join(folder, 'plots', name), plots[name]!] as const),
    [cardFile, written],
  ]);
}

/** One line a figure and a curve: readable in a diff. */
function figuresJson(figures: Figures): string {
  const lines = <T>(list: readonly T[], indent: string) => list.map((one) => `${indent}${JSON.stringify(one)}`).join(',\n');
  const measures = figures.measures.map(({ figures: list, ...rest }) => `  ${JSON.stringify(rest).slice(0, -1)},"figures":[\n${lines(list, '    ')}\n  ]}`);
  const curves = Object.entries(figures.curves).map(([set, list]) => `  ${JSON.stringify(set)}: [\n${lines(list, '    ')}\n  ]`);
  const calibration = Object.entries(figures.calibration).map(([head, value]) => `  ${JSON.stringify(head)}: ${JSON.stringify(value)}`);
  return `{
"format": ${figures.format},
"model": ${JSON.stringify(figures.model)},
"sample": ${JSON.stringify(figures.sample)},
"measures": [\n${measures.join(',\n')}\n],
"curves": {\n${curves.join(',\n')}\n},
"calibration": {\n${calibration.join(',\n')}\n}
}
`;
}

/** Writes all files. @returns their paths */
export async function publish(figures: Figures, places: PublishPlaces = {}): Promise<string[]> {
  const files = await publishedFiles(figures, places);
  for (const [path, content] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return [...files.keys()];
}
