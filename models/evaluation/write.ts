/**
 * Writes report.md, plots/ and the model card from figures.json, without measuring anything.
 *   node models/evaluation/write.ts            after a change of the report, the plots or the card
 *   node models/evaluation/write.ts --check    exits 1 when a file is not what this would write
 * Figures of a new model: npm run --silent attune -- evaluate all
 */
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { EVALUATION_FOLDER, publish, publishedFiles } from './publish.ts';
import type { Figures } from './types.ts';

try {
  const figures = JSON.parse(await readFile(join(EVALUATION_FOLDER, 'figures.json'), 'utf8')) as Figures;
  if (figures.format !== 2) throw new Error('figures.json has another format. Run: npm run --silent attune -- evaluate all');
  if (process.argv.includes('--check')) {
    const wanted = await publishedFiles(figures);
    const there = async (path: string) => readFile(path, 'utf8').catch(() => null);
    const old = [];
    for (const [path, content] of wanted) if ((await there(path)) !== content) old.push(path);
    const plots = join(EVALUATION_FOLDER, 'plots');
    for (const name of await readdir(plots).catch(() => [])) if (!wanted.has(join(plots, name))) old.push(join(plots, name));
    for (const path of old) console.error(`${relative(process.cwd(), path)} is not what figures.json gives. Run: node models/evaluation/write.ts`);
    if (old.length > 0) process.exitCode = 1;
  } else {
    await publish(figures);
  }
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
