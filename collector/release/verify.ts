/** Is a release what it says? Everything that is computed from the rows is computed again and compared. */
import { validateCroissant } from './croissant/validate.ts';
import { checksums, type ReleaseFiles } from './files.ts';
import { smallestClass } from './k-anonymity.ts';
import { readAnnotations, readMeta, ReleaseError, textOf } from './read.ts';
import { renderRelease } from './release.ts';

export interface Verification {
  readonly ok: boolean;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  readonly checked: { readonly files: number; readonly annotations: number; readonly smallestClass: number };
}

/**
 * @param files of the release folder
 * @param withdrawn public ids that must not be in it (any more)
 */
export async function verifyRelease(files: ReleaseFiles, withdrawn: ReadonlySet<string> = new Set()): Promise<Verification> {
  const problems: string[] = [];
  const checked = { files: files.size, annotations: 0, smallestClass: 0 };
  try {
    const meta = readMeta(files);
    const rows = readAnnotations(files);
    checked.annotations = rows.length;
    const listed = new Map(textOf(files, 'SHA256SUMS').split('\n').filter(Boolean).map((line) => [line.slice(66), line.slice(0, 64)]));
    const actual = new Map(checksums(files).split('\n').filter(Boolean).map((line) => [line.slice(66), line.slice(0, 64)]));
    for (const [name, sum] of actual) {
      if (!listed.has(name)) problems.push(`${name} is not listed in SHA256SUMS.`);
      else if (listed.get(name) !== sum) problems.push(`${name} is not what SHA256SUMS says: it was changed.`);
    }
    for (const name of listed.keys()) if (!actual.has(name)) problems.push(`${name} is listed in SHA256SUMS but missing.`);

    if (new Set(rows.map(({ id }) => id)).size !== rows.length) problems.push('Some ids occur twice in data/annotations.jsonl.');
    checked.smallestClass = rows.length === 0 ? 0 : smallestClass(rows);
    if (rows.length > 0 && checked.smallestClass < meta.k) problems.push(`A combination of what is said about raters is shared by ${checked.smallestClass} only; release.json promises ${meta.k}.`);
    const still = rows.filter(({ id }) => withdrawn.has(id)).length;
    if (still > 0) problems.push(`${still} withdrawn rows are still there: run "attune release apply-withdrawals".`);

    const again = renderRelease(rows, meta);
    for (const [name, bytes] of again.files) {
      const found = files.get(name);
      if (found === undefined) problems.push(`${name} is missing.`);
      else if (name !== 'SHA256SUMS' && !Buffer.from(found).equals(Buffer.from(bytes))) problems.push(`${name} does not follow from data/annotations.jsonl.`);
    }
    const { leakage } = again.summary;
    if (leakage.groups > 0 || leakage.raters > 0) problems.push(`Splits leak: ${leakage.groups} of held-out rows share a group with train, ${leakage.raters} a rater.`);
    const croissant = await validateCroissant(JSON.parse(textOf(files, 'croissant.json')));
    problems.push(...croissant.errors.map((error) => `croissant.json: ${error}`));
  } catch (error) {
    if (!(error instanceof ReleaseError || error instanceof SyntaxError || error instanceof TypeError)) throw error;
    problems.push(error.message);
  }
  return { ok: problems.length === 0, problems, checked };
}
