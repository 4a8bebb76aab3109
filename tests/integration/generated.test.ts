/** Generated files are what their generators would write today: nobody edits them by hand, and no update is forgotten. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

it.each(['packs/generate.ts', 'packs/schema/json-schema.ts', 'models/write-golden.ts', 'models/evaluation/write.ts'])('%s has nothing to write', (script) => {
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { cwd: ROOT, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
