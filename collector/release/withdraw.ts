/** Takes withdrawn rows out of a copy of a release, and makes everything else anew from what is left. */
import type { ReleaseFiles } from './files.ts';
import { anonymise } from './k-anonymity.ts';
import { readAnnotations, readMeta } from './read.ts';
import { renderRelease, type Release } from './release.ts';

export interface Withdrawal {
  readonly release: Release;
  /** Rows that the list names. */
  readonly withdrawn: number;
  /** Rows that had to go with them: too few people were left to hide among. */
  readonly suppressed: number;
}

/**
 * @param files of the release folder
 * @param ids public ids from the withdrawals list
 * @param listed lines of the list, kept in release.json so that the next run need not ask
 * @returns the new release (major version + 1), or null when the list names none of its rows
 */
export function applyWithdrawals(files: ReleaseFiles, ids: ReadonlySet<string>, listed: number): Withdrawal | null {
  const meta = readMeta(files);
  const rows = readAnnotations(files);
  const left = rows.filter(({ id }) => !ids.has(id));
  if (left.length === rows.length) return null;
  const { rows: kept, suppressed } = anonymise(left, meta.k);
  const [major] = meta.version.split('.').map(Number) as [number];
  const release = renderRelease(kept, {
    ...meta,
    version: `${major + 1}.0.0`,
    leftOut: { ...meta.leftOut, 'too-few-people': meta.leftOut['too-few-people'] + suppressed },
    withdrawalsApplied: listed,
  });
  return { release, withdrawn: rows.length - left.length, suppressed };
}
