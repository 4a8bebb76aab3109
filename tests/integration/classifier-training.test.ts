/** The training's own tests, and the whole training, tiny: from the data folder to a model that this run-time opens. Skipped where Python, torch or
 * the data are missing. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder } from '../../models/evaluation/data.ts';
import { loadClassifier } from '../../models/load-node.ts';

const ROOT = join(import.meta.dirname, '../..');
/** ATTUNE_PYTHON names a Python in which models/training/requirements.txt is installed. */
const python = process.env['ATTUNE_PYTHON'];
const withoutPython =
  python === undefined
    ? 'ATTUNE_PYTHON is not set'
    : spawnSync(python, ['-c', 'import torch, tokenizers, onnx, onnxruntime, sklearn, onnxscript, transformers']).status !== 0
      ? `${python} lacks packages of models/training/requirements.txt`
      : null;
const missing = withoutPython ?? (existsSync(join(dataFolder(), 'labelled')) ? null : `no data at ${dataFolder()}`);
if (missing !== null) console.warn(`training tests skipped: ${missing}`);

test.skipIf(withoutPython !== null)('the training passes its own tests', { timeout: 120_000 }, () => {
  const run = spawnSync(python!, ['-m', 'unittest', 'discover', '-s', join(ROOT, 'models/training/tests')], { encoding: 'utf8' });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stderr).toMatch(/Ran [1-9]/);
});

test.skipIf(missing !== null)('build.py --smoke makes a model folder that opens and answers; further.py goes on from it, and study.py from its work', { timeout: 600_000 }, async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'attune-smoke-'));
  try {
    const run = spawnSync(
      python!,
      [join(ROOT, 'models/training/build.py'), '--smoke', '--out', join(scratch, 'model'), '--work', join(scratch, 'work')],
      { encoding: 'utf8' },
    );
    expect(run.status, run.stderr).toBe(0);
    const classifier = await loadClassifier(join(scratch, 'model'));
    const [answer] = await classifier.classify([{ text: 'Könnten Sie mir bitte helfen?', language: 'de' }]);
    expect(answer!.address.informal + answer!.address.formal + answer!.address.none).toBeCloseTo(1, 5);
    expect(classifier.threshold('generalisation', 'asserted_named', 'de')).toBeLessThan(1);
    const hash = classifier.modelHash;
    await classifier.dispose();
    const further = spawnSync(
      python!,
      [join(ROOT, 'models/training/further.py'), '--smoke', '--model', join(scratch, 'model'), '--out', join(scratch, 'further'), '--work', join(scratch, 'more')],
      { encoding: 'utf8' },
    );
    expect(further.status, further.stderr).toBe(0);
    const second = await loadClassifier(join(scratch, 'further'));
    expect(second.modelHash).not.toBe(hash);
    const [again] = await second.classify([{ text: 'Könnten Sie mir bitte helfen?', language: 'de' }]);
    // It has learned something, and has not forgotten the rest.
    expect(Math.abs(again!.address.formal - answer!.address.formal)).toBeLessThan(0.2);
    await second.dispose();
    const { further: steps } = JSON.parse(await readFile(join(scratch, 'further/training-manifest.json'), 'utf8')) as { further: unknown[] };
    expect(steps).toHaveLength(1);
    const study = spawnSync(
      python!,
      [join(ROOT, 'models/training/study.py'), '--work', join(scratch, 'work'), '--shapes', '32x1', '--pretrain', '2', '--share', '0.3'],
      { encoding: 'utf8' },
    );
    expect(study.status, study.stderr).toBe(0);
    expect(study.stdout).toMatch(/^\| 32 \| 1 \| 0\.\d+ M \|/m);
  } finally {
    await rm(scratch, { recursive: true });
  }
});
