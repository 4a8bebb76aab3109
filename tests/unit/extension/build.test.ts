import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectBundledFiles } from '../../../extension/build/collect-assets.ts';
import { licencesText } from '../../../extension/build/licences.ts';
import { ortForExtensions } from '../../../extension/build/ort-for-extensions.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('onnxruntime-web in the package', () => {
  const file = join(ROOT, 'node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs');
  const { transform } = ortForExtensions();
  const run = transform as unknown as (this: { error(message: string): never }, code: string, id: string) => { code: string } | null;
  const context = {
    error(message: string): never {
      throw new Error(message);
    },
  };

  it('has no blob: URL, no run-time import and no import.meta left', () => {
    const { code } = run.call(context, readFileSync(file, 'utf8'), file) ?? { code: '' };
    expect(code).not.toBe('');
    expect(code).not.toMatch(/createObjectURL|import\.meta|\bimport\(/);
  });

  it('fails the build when a new version has another way to do it', () => {
    expect(() => run.call(context, 'const x = import(somewhere)', file)).toThrow(/adapt/);
  });

  it('leaves every other file alone', () => {
    expect(run.call(context, 'import.meta.url', join(ROOT, 'review/review.ts'))).toBeNull();
  });
});

it('says what is missing and what that means, and goes on', async () => {
  const { found, missing } = await collectBundledFiles(join(ROOT, 'tests/unit/extension/examples'));
  expect(found.map(({ relativeDest }) => relativeDest)).toEqual(['licences.txt']);
  expect(missing.map(({ effect }) => effect).join(' ')).toMatch(/without the classifier/);
});

it('names the licence of everything that is bundled', async () => {
  const text = await licencesText(ROOT);
  for (const name of ['react-dom', 'zod', 'onnxruntime-web', '@huggingface/tokenizers']) expect(text).toMatch(new RegExp(`^${name} [\\d.]+ \\(`, 'm'));
  expect(text).not.toContain('(unknown)');
});
