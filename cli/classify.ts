/** `attune classify`: what the classifier hears in each text (design §8). */
import { z } from 'zod';
import { loadClassifier } from '../models/load-node.ts';
import { detectLanguage } from '../review/text/language.ts';
import { eachLine, EXIT } from './lines.ts';

const input = z.object({ id: z.union([z.string(), z.number()]), text: z.string(), lang: z.string().optional() });

export async function classifyLines(file: string | undefined): Promise<number> {
  const classifier = await loadClassifier();
  const { malformed } = await eachLine(file, input, async ({ id, text, lang }) => {
    const language = lang ?? detectLanguage(text);
    const [heard] = await classifier.classify([{ text, language }]);
    const { generalisation, address, honorific, formality, praise, politeness } = heard!;
    return { id, language, generalisation, address, honorific, formality, praise, politeness };
  });
  return malformed > 0 ? EXIT.badInput : EXIT.ok;
}
