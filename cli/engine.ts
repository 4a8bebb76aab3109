/** The engine as the command line runs it: packs and classifier from disk. */
import { loadClassifier } from '../models/load-node.ts';
import { PACKS_FOLDER, readAllPacks } from '../packs/read.ts';
import type { Classifier } from '../review/classifier/types.ts';
import { loadPacks, type PackLibrary } from '../review/packs.ts';
import { createReviewer, type Reviewer } from '../review/review.ts';
import { UsageError } from './lines.ts';

export function packLibrary(): PackLibrary {
  const library = loadPacks(readAllPacks(PACKS_FOLDER, (id, reason) => console.error(`The pack "${id}" was left out: ${reason}`)));
  for (const { id, reasons } of library.refused) console.error(`The pack "${id}" was left out: ${reasons[0] ?? ''}${reasons.length > 1 ? ` (and ${reasons.length - 1} more; see: attune packs check ${id})` : ''}`);
  return library;
}

export async function reviewer({ rulesOnly = false } = {}): Promise<{ reviewer: Reviewer; library: PackLibrary; classifier: Classifier | undefined }> {
  const library = packLibrary();
  if (rulesOnly) return { reviewer: createReviewer({ packs: library }), library, classifier: undefined };
  try {
    const classifier = await loadClassifier();
    return { reviewer: createReviewer({ packs: library, classifier, onProblem: (problem) => console.error(problem) }), library, classifier };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    console.error(`The classifier could not be loaded, so rules work alone: ${failed}`);
    return { reviewer: createReviewer({ packs: library, classifier: { failed } }), library, classifier: undefined };
  }
}

/** @throws {UsageError} naming the audiences there are. */
export function checkAudience(locale: string, { audiences }: Reviewer): string {
  const known = audiences().map((audience) => audience.locale);
  const match = known.find((one) => one.toLowerCase() === locale.toLowerCase().replace('_', '-'));
  if (match === undefined) throw new UsageError(`There is no pack for the audience "${locale}". There are: ${known.join(', ')}.`);
  return match;
}
