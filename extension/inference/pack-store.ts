/**
 * Packs as they are needed: a reader has one or two locales and reads in a few languages, so most of the packs in the
 * package never cost memory or time.
 */
import type { Classifier } from '../../review/classifier/types.ts';
import { languagesOf, packIndex, packsNeeded, type PackIndex } from '../../review/pack-index.ts';
import { loadPacks } from '../../review/packs.ts';
import { createReviewer, type Reviewer } from '../../review/review.ts';
import type { Answer } from '../../review/types.ts';

export interface PackStore {
  readonly index: PackIndex;
  /** Changes whenever any pack does. */
  readonly versions: string;
  /** A reviewer that knows the packs for this answer; the same one as long as no other pack is needed. */
  reviewerFor(answer: Answer, locale: string): Promise<Reviewer>;
}

/** Beyond this many packs (root, and some locales with their languages) those not needed now are let go. */
const MOST_LOADED = 16;

export interface PackStoreOptions {
  /** Reads a file of the package as JSON; throws when it cannot. */
  read(path: string): Promise<unknown>;
  readonly paths: { readonly index: string; pack(id: string): string };
  readonly classifier: Classifier | { readonly failed: string };
  /** Told of each pack that cannot be used, once. */
  onProblem(problem: string): void;
}

/** @throws when the index cannot be read; a pack that cannot be read costs that pack only */
export async function openPackStore({ read, paths, classifier, onProblem }: PackStoreOptions): Promise<PackStore> {
  const index = packIndex.parse(await read(paths.index));
  const loaded = new Map<string, unknown>();
  const told = new Set<string>();
  const problem = (text: string) => {
    if (!told.has(text)) onProblem(text);
    told.add(text);
  };
  let reviewer: Reviewer | undefined;

  return {
    index,
    versions: index.map(({ id, version }) => `${id}@${version}`).sort().join(' '),
    async reviewerFor(answer, locale) {
      const needed = packsNeeded(index, locale, languagesOf(answer));
      const missing = needed.filter((id) => !loaded.has(id));
      if (reviewer !== undefined && missing.length === 0) return reviewer;
      if (loaded.size + missing.length > MOST_LOADED) for (const id of [...loaded.keys()].filter((one) => !needed.includes(one))) loaded.delete(id);
      await Promise.all(missing.map(async (id) => {
        try {
          loaded.set(id, await read(paths.pack(id)));
        } catch (error) {
          // Asked for again by the next review: a package that is being updated comes back.
          problem(`The pack ${id} could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
        }
      }));
      const packs = loadPacks([...loaded.values()]);
      for (const { id, reasons } of packs.refused) problem(`The pack ${id} was left out: ${reasons.join(' ')}`);
      return (reviewer = createReviewer({ packs, classifier, onProblem: problem }));
    },
  };
}
