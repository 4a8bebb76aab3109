/** `attune packs check`: what a pack author runs after every change. */
import { readAllPacks } from '../packs/read.ts';
import { loadPacks } from '../review/packs.ts';

/** @returns the exit code: 0 all well, 1 faults found. */
export async function checkPacks(ids: readonly string[], options: { examples: boolean }): Promise<number> {
  const library = loadPacks(readAllPacks());
  const wanted = (id: string) => ids.length === 0 || ids.includes(id);
  for (const pack of library.refused.filter(({ id }) => wanted(id))) {
    for (const reason of pack.reasons) console.log(`${pack.id}: ${reason}`);
  }
  void options;
  return library.refused.length > 0 ? 1 : 0;
}
