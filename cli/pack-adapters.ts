/** What is wrong with packs' adapters, beside the model that ships. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_MODEL } from '../models/load-node.ts';
import type { Pack } from '../packs/schema/pack.ts';
import { adapterTargetOf, openAdapter, type AdapterTarget } from '../review/classifier/adapter.ts';
import { readConfig } from '../review/classifier/config.ts';

/** One line for each adapter that would be left out. @param model folder of the model they are for */
export function adapterFaults(packs: readonly Pick<Pack, 'id' | 'adapter'>[], model = DEFAULT_MODEL): string[] {
  const carriers = packs.filter(({ adapter }) => adapter !== undefined);
  if (carriers.length === 0) return [];
  let target: AdapterTarget;
  try {
    target = adapterTargetOf(readConfig(JSON.parse(readFileSync(join(model, 'config.json'), 'utf8'))));
  } catch (error) {
    return [`The adapters of ${carriers.map(({ id }) => id).join(', ')} cannot be checked without the model: ${error instanceof Error ? error.message : String(error)}`];
  }
  return carriers.flatMap(({ id, adapter }) => {
    const result = openAdapter(adapter, id, target);
    return result.ok ? [] : [`${id}: ${result.reason}`];
  });
}
