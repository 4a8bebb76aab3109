/** `attune evaluate` on the classifier's sets: the lines that scripts read, and the files that people read. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataFolder } from '../../models/evaluation/data.ts';
import { publishedFiles } from '../../models/evaluation/publish.ts';
import { SET_NAMES } from '../../models/evaluation/sets/index.ts';
import type { Figures } from '../../models/evaluation/types.ts';
import { attune } from '../fixtures/attune-cli.ts';

const missing = ['labelled', 'text'].some((part) => !existsSync(join(dataFolder(), part))) ? `no data at ${dataFolder()}: set ATTUNE_DATA` : null;
if (missing !== null) console.warn(`evaluation of the classifier skipped: ${missing}`);

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'attune-evaluation-'));
});
afterAll(() => rm(scratch, { recursive: true }));

it.skipIf(missing !== null)('`all` measures every set and writes figures, report, plots and model card', { timeout: 180_000 }, async () => {
  const ran = await attune(['evaluate', 'all', '--rows', '60', '--out', scratch]);
  expect(ran.code, ran.stderr).toBe(0);
  expect([...new Set(ran.lines.map(({ set }) => set as string))]).toEqual(SET_NAMES);
  for (const { set, model, metric, figures } of ran.lines) {
    expect(model).toMatch(/^attune-mini@/);
    expect(metric).toMatch(/\w/);
    expect(figures[0].language).toBe('all');
    for (const figure of figures) {
      expect(Object.keys(figure).sort()).toEqual(['bar', 'floor', 'high', 'language', 'low', 'published', 'rows', 'value']);
      // An answer holds several faults and marks.
      expect(figure.rows, set).toBeLessThanOrEqual(set === 'answers' ? 60 * 6 : 60);
      if (figure.value === null || figure.low === null) continue;
      expect(figure.low).toBeLessThanOrEqual(figure.high);
      for (const value of [figure.value, figure.low, figure.high]) expect(value).toSatisfy((share: number) => share >= 0 && share <= 1);
    }
  }
  // A model that has learned: the sampled rows of the marked address sets are nearly all right.
  expect(ran.lines.find(({ set, measure }) => set === 'cocoa' && measure === 'two-way')!.figures[0].value).toBeGreaterThan(0.9);

  expect((await readdir(scratch)).sort()).toEqual(['figures.json', 'model-card.md', 'plots', 'report.md']);
  const figures = JSON.parse(await readFile(join(scratch, 'figures.json'), 'utf8')) as Figures;
  expect(figures.measures).toEqual(ran.lines);
  expect(figures.sample).toBe(60);
  const [report, card] = await Promise.all(['report.md', 'model-card.md'].map((name) => readFile(join(scratch, name), 'utf8')));
  expect(report).toContain('**A sample: 60 rows of each set.**');
  for (const [, plot] of [...report!.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g), ...card!.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)]) expect(existsSync(join(scratch, plot!)), plot).toBe(true);
  for (const section of ['## Intended use', '## Limits', '## Training data and licences', '## Cost']) expect(card).toContain(section);

  // The files follow from the figures alone.
  const again = await publishedFiles(figures, { folder: scratch });
  for (const [path, content] of again) expect(await readFile(path, 'utf8'), path).toBe(content);
  await expect(publishedFiles({ ...figures, model: { ...figures.model, sha256: '0'.repeat(64) } }, { folder: scratch })).rejects.toThrow(/another model/);
});

it.skipIf(missing !== null)('one set writes lines and no files', async () => {
  const ran = await attune(['evaluate', 'tydip', '--rows', '40']);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.lines).toMatchObject([{ set: 'tydip', metric: 'accuracy without the middle, test', figures: [{ language: 'all', floor: 0.825, published: 0.892, bar: 0.82 }, { language: 'en' }] }]);
});

it('a sample never replaces the report of the shipped model', async () => {
  const ran = await attune(['evaluate', 'all', '--rows', '5']);
  expect(ran).toMatchObject({ code: 2, lines: [] });
  expect(ran.stderr).toContain('--out');
});

it('says what to do where the data folder is absent', async () => {
  const ran = await attune(['evaluate', 'genil'], '', { ATTUNE_DATA: join(scratch, 'nowhere') });
  expect(ran).toMatchObject({ code: 2, lines: [] });
  expect(ran.stderr).toContain('Set ATTUNE_DATA');
});
