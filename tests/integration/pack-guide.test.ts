/** The rule that docs/contributing-a-pack.md teaches with is itself a good rule: readers will copy it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkExamples } from '../../cli/pack-examples.ts';
import { readAllPacks } from '../../packs/read.ts';
import { loadPacks } from '../../review/packs.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/contributing-a-pack.md'), 'utf8');

it('the example rule of the guide is valid, and its examples behave', async () => {
  const block = guide.split('```yaml').map((part) => part.split('```')[0]!).find((part) => part.includes('- id:'));
  const rules = parse(block!.replace(/^ {3}/gm, '')) as unknown[];
  expect(rules).toHaveLength(1);
  const packs = readAllPacks().map((pack) => ((pack as { id: string }).id === 'de-DE' ? { ...(pack as object), rules } : pack));
  const library = loadPacks(packs);
  expect(library.refused).toEqual([]);
  const { faults, run } = await checkExamples(library, (id) => id === 'de-DE');
  expect(faults).toEqual([]);
  expect(run).toBe(6);
});
