/** A lock file that `npm ci` refuses makes a fresh clone useless, and nobody notices where everything is installed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../../scripts/lib/run.ts';

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> };

/** Whether `name` is found from the folder of a package, as Node looks for it. */
function isLocked(from: string, name: string): boolean {
  const folders = [...from.matchAll(/\/node_modules\//g)].map(({ index }) => from.slice(0, index));
  return [from, ...folders].some((folder) => `${folder}/node_modules/${name}` in packages) || `node_modules/${name}` in packages;
}

it('has an entry for every dependency of every package, optional ones too', () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path} → ${name}`),
  );
  expect(missing).toEqual([]);
});

it('names no registry, so that it installs from any', () => {
  expect(Object.entries(packages).flatMap(([path, { resolved }]) => (resolved === undefined ? [] : [path]))).toEqual([]);
});
