/** Which adapter the classifier gets for an audience. */
import { openAdapter, type AdapterTarget } from './classifier/adapter.ts';
import type { Adapter } from './classifier/types.ts';
import type { Pack } from '../packs/schema/pack.ts';

/** @param chain packs of an audience, most specific first */
export type AdapterFor = (chain: readonly Pack[]) => Adapter | undefined;

/**
 * Finds the most specific pack with an adapter that may be used. Each adapter is read when it is first asked for.
 * @param onProblem told once of each adapter that is left out
 */
export function createAdapters(classifier: AdapterTarget, onProblem: (problem: string) => void): AdapterFor {
  const opened = new Map<string, Adapter | undefined>();

  function open({ id, adapter }: Pack): Adapter | undefined {
    if (adapter === undefined) return undefined;
    if (!opened.has(id)) {
      const result = openAdapter(adapter, id, classifier);
      opened.set(id, result.ok ? result.adapter : undefined);
      if (!result.ok) onProblem(result.reason);
    }
    return opened.get(id);
  }

  return (chain) => {
    for (const pack of chain) {
      const adapter = open(pack);
      if (adapter !== undefined) return adapter;
    }
    return undefined;
  };
}
