import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RefusedPack } from '../../review/packs.ts';
import { BUNDLED } from '../assets.ts';
import { licencesText } from './licences.ts';

/** A file to put into the package, in the words of WXT's `build:publicAssets` hook. */
export type BundledFile =
  | { readonly relativeDest: string; readonly absoluteSrc: string }
  | { readonly relativeDest: string; readonly contents: string };

/** A file that should be there and is not, with what the extension will do without it. */
export interface MissingFile {
  readonly file: string;
  readonly effect: string;
}

const withoutSlash = (path: string): string => path.replace(/^\//, '');

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Finds the data files of the package. The build goes on without those that are missing, and says what that means.
 * @param webgpu whether the package can use WebGPU
 */
export async function collectBundledFiles(root: string, { webgpu = false } = {}): Promise<{ found: BundledFile[]; missing: MissingFile[] }> {
  const found: BundledFile[] = [];
  const missing: MissingFile[] = [];

  const wasm = resolve(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');
  const model = Object.values(BUNDLED.model).map((path) => ({ dest: withoutSlash(path), src: resolve(root, withoutSlash(path)) }));
  const absent: string[] = [];
  for (const { dest, src } of model) if (!(await exists(src))) absent.push(dest);
  if (absent.length > 0) {
    missing.push({
      file: absent.join(', '),
      effect: 'The extension works with the pack rules only, without the classifier.',
    });
  } else if (!(await exists(wasm))) {
    missing.push({ file: wasm, effect: 'Run `npm install`. Without it the classifier cannot run.' });
  } else {
    // The 14 MB runtime is only worth its weight together with the model.
    found.push({ relativeDest: withoutSlash(BUNDLED.wasm), absoluteSrc: wasm });
    for (const { dest, src } of model) found.push({ relativeDest: dest, absoluteSrc: src });
    if (webgpu) {
      found.push({ relativeDest: withoutSlash(BUNDLED.webgpu.wasm), absoluteSrc: resolve(root, 'node_modules/onnxruntime-web/dist', withoutSlash(BUNDLED.webgpu.wasm)) });
      found.push({ relativeDest: withoutSlash(BUNDLED.webgpu.golden), absoluteSrc: resolve(root, withoutSlash(BUNDLED.webgpu.golden)) });
    }
    const card = resolve(root, 'models/attune-mini/README.md');
    // Always there, so that the link in the options leads somewhere.
    found.push(
      (await exists(card))
        ? { relativeDest: withoutSlash(BUNDLED.modelCard), absoluteSrc: card }
        : { relativeDest: withoutSlash(BUNDLED.modelCard), contents: 'The source had no model card (models/attune-mini/README.md) when this was built.\n' },
    );
  }

  found.push({ relativeDest: withoutSlash(BUNDLED.licences), contents: await licencesText(root) });

  const { files, refused } = await compilePacks(root);
  if (files.length === 0) missing.push({ file: 'packs', effect: 'Without packs every review stays silent.' });
  found.push(...files);
  for (const { id, reasons } of refused) missing.push({ file: `pack ${id}`, effect: reasons.join(' ') });
  return { found, missing };
}

/** All packs of the repository that load, a file each, and an index of them. They are validated again where they are used. */
async function compilePacks(root: string): Promise<{ files: readonly BundledFile[]; refused: readonly RefusedPack[] }> {
  const [{ readAllPacks }, { loadPacks }, { indexOf }] = await Promise.all([import('../../packs/read.ts'), import('../../review/packs.ts'), import('../../review/pack-index.ts')]);
  const folder = resolve(root, 'packs');
  if (!(await exists(folder))) return { files: [], refused: [] };
  const unread: RefusedPack[] = [];
  const raw = readAllPacks(folder, (id, reason) => unread.push({ id, reasons: [reason] })) as { id: string }[];
  const { packs, refused } = loadPacks(raw);
  const files = raw.filter(({ id }) => packs.has(id)).map((pack) => ({ relativeDest: withoutSlash(BUNDLED.packs.pack(pack.id)), contents: JSON.stringify(pack) }));
  if (files.length > 0) files.push({ relativeDest: withoutSlash(BUNDLED.packs.index), contents: JSON.stringify(indexOf(packs.values())) });
  return { files, refused: [...unread, ...refused] };
}
