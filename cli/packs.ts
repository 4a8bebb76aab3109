/** `attune packs`: what a pack author runs. */
import type { Pack, Rule } from '../packs/schema/pack.ts';
import { PACKS_FOLDER, readAllPacks, readVotes } from '../packs/read.ts';
import { loadPacks } from '../review/packs.ts';
import { adapterFaults } from './pack-adapters.ts';
import { conflicts, expired, governance, untranslated } from './pack-audit.ts';
import { checkExamples } from './pack-examples.ts';
import { lookAlikes } from './pack-lookalikes.ts';
import { packLibrary } from './engine.ts';
import { ownWords, packWords } from './own-words.ts';
import { EXIT, UsageError, writeLine } from './lines.ts';

/**
 * Validates packs and runs their examples; prints one line for each fault.
 * @returns exit code 0 when all is well, 1 when faults were found.
 */
export async function checkPacks(ids: readonly string[], options: { examples: boolean }): Promise<number> {
  const started = performance.now();
  const unreadable: { id: string; reasons: readonly string[] }[] = [];
  const library = loadPacks(readAllPacks(PACKS_FOLDER, (id, reason) => unreadable.push({ id, reasons: [reason] })));
  const refused = [...unreadable, ...library.refused];
  const wanted = (id: string) => ids.length === 0 || ids.includes(id);
  for (const id of ids) if (!library.packs.has(id) && !refused.some((pack) => pack.id === id)) throw new UsageError(`There is no pack "${id}". There are: ${[...library.packs.keys()].join(', ')}.`);
  const faults = refused.filter(({ id }) => wanted(id)).flatMap(({ id, reasons }) => reasons.map((reason) => `${id}: ${reason}`));
  const examples = options.examples ? await checkExamples(library, wanted) : { faults: [], run: 0, skipped: 0 };
  const chosen = [...library.packs.values()].filter(({ id }) => wanted(id));
  const today = new Date().toISOString().slice(0, 10);
  const audited = [...lookAlikes(library, wanted), ...(await conflicts(library, wanted)), ...chosen.flatMap((pack) => [...expired(pack, today), ...untranslated(pack), ...governance(pack, library, readVotes(pack.id))])];
  audited.push(...adapterFaults(chosen));
  const words = ownWords(library);
  for (const pack of chosen) audited.push(...(await packWords(pack, words)));
  const all = [...faults, ...audited, ...examples.faults];
  for (const fault of all) console.log(fault);
  const rules = chosen.reduce((sum, pack) => sum + pack.rules.length, 0);
  console.error(`${all.length} faults in ${rules} rules; ${examples.run} examples run, ${examples.skipped} wait for packs of their language or audience; ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return all.length > 0 ? EXIT.findings : EXIT.ok;
}

export function listPacks(): number {
  for (const pack of packLibrary().packs.values()) console.log(JSON.stringify({ id: pack.id, version: pack.version, status: pack.status, extends: pack.extends ?? null, rules: pack.rules.length, name: pack.name['en'] }));
  return EXIT.ok;
}

export function explainRule(id: string): number {
  const found = findRule(id);
  if (found === undefined) throw new UsageError(`There is no rule "${id}". See the ids with: attune packs list, and in packs/*/rules/.`);
  const { pack, rule } = found;
  void writeLine({ pack: pack.id, version: pack.version, ...rule, sources: rule.sources.map((source) => pack.sources[source] ?? source) });
  return EXIT.ok;
}

function findRule(id: string): { pack: Pack; rule: Rule } | undefined {
  for (const pack of packLibrary().packs.values()) {
    const rule = pack.rules.find((one) => one.id === id);
    if (rule !== undefined) return { pack, rule };
  }
  return undefined;
}
