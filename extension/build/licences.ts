import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages whose code is in the extension. `wxt` and `@wxt-dev/*` contribute their small run-time parts. */
const BUNDLED_PACKAGES = [
  '@floating-ui/core',
  '@floating-ui/dom',
  '@floating-ui/utils',
  '@huggingface/tokenizers',
  '@wxt-dev/browser',
  '@wxt-dev/storage',
  'eld',
  'onnxruntime-common',
  'onnxruntime-web',
  'react',
  'react-dom',
  'scheduler',
  'wxt',
  'zod',
];

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** One text with the licences of everything in the package, as those licences ask for. */
export async function licencesText(root: string): Promise<string> {
  const parts = [`Attune\n\n${await readFile(join(root, 'LICENSE'), 'utf8').catch(() => 'Apache License 2.0')}`];
  for (const name of BUNDLED_PACKAGES) {
    const folder = join(root, 'node_modules', name);
    const files = await readdir(folder).catch(() => null);
    if (!files) continue;
    const { version, license = 'unknown' } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson;
    const texts = await Promise.all(files.filter((file) => /^(licen[cs]e|notice)/i.test(file)).map((file) => readFile(join(folder, file), 'utf8')));
    parts.push([`${name} ${version} (${license})`, ...texts].join('\n\n'));
  }
  return `${parts.map((part) => part.trim()).join(`\n\n${'='.repeat(80)}\n\n`)}\n`;
}
