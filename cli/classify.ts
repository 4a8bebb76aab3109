/** `attune classify`: what the classifier hears in each text (design §8). */
import { z } from 'zod';
import { loadClassifier } from '../models/load-node.ts';
import { listPackFolders, readPackFolder } from '../packs/read.ts';
import { createAdapters } from '../review/adapters.ts';
import type { Adapter, Classifier } from '../review/classifier/types.ts';
import { loadPacks } from '../review/packs.ts';
import { detectLanguage } from '../review/text/language.ts';
import { eachLine, EXIT, UsageError } from './lines.ts';

const input = z.object({ id: z.union([z.string(), z.number()]), text: z.string(), lang: z.string().optional() });

/** @param locale a pack whose adapter is used for texts in its language */
export async function classifyLines(file: string | undefined, { locale }: { locale?: string | undefined } = {}): Promise<number> {
  const classifier = await loadClassifier();
  const adapter = locale === undefined ? undefined : adapterOf(locale, classifier);
  const { malformed } = await eachLine(file, input, async ({ id, text, lang }) => {
    const language = lang ?? detectLanguage(text);
    const [heard] = await classifier.classify([{ text, language }], undefined, adapter);
    const { generalisation, address, honorific, formality, praise, politeness } = heard!;
    return { id, language, generalisation, address, honorific, formality, praise, politeness };
  });
  return malformed > 0 ? EXIT.badInput : EXIT.ok;
}

function adapterOf(locale: string, classifier: Classifier): Adapter | undefined {
  const known = listPackFolders();
  if (!known.includes(locale)) throw new UsageError(`There is no pack "${locale}". There are: ${known.join(', ')}.`);
  // Only the packs that it builds on: all of them would take seconds.
  const chain: unknown[] = [];
  for (let id: string | undefined = locale; id !== undefined && known.includes(id) && chain.length < known.length; ) {
    const pack = readPackFolder(id) as { extends?: string };
    chain.push(pack);
    id = pack.extends;
  }
  const adapter = createAdapters(classifier, (problem) => console.error(problem))(loadPacks(chain).chain(locale));
  if (adapter === undefined) console.error(`No adapter is used for ${locale}: the answers are those without --locale.`);
  return adapter;
}
