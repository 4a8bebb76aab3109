/** What is known of packs before they are loaded, and which of them a review needs. */
import { z } from 'zod';
import type { Pack } from '../packs/schema/pack.ts';
import { detectLanguage } from './text/language.ts';
import { readAnswerText } from './text/passages.ts';
import type { Answer, Language } from './types.ts';

const entry = z.object({
  id: z.string(),
  version: z.string(),
  extends: z.string().optional(),
  name: z.record(z.string(), z.string()),
  /** Readers can choose it: it has conventions of its own and is not deprecated. */
  forReaders: z.boolean(),
});
export const packIndex = z.array(entry);
export type PackIndex = z.infer<typeof packIndex>;

export function indexOf(packs: Iterable<Pack>): PackIndex {
  return [...packs].map(({ id, version, extends: parent, name, conventions, status }) => ({ id, version, ...(parent === undefined ? {} : { extends: parent }), name, forReaders: conventions !== undefined && status !== 'deprecated' }));
}

/** Packs that can say something about an answer to an audience: its own chain, and the language packs of what is written. */
export function packsNeeded(index: PackIndex, locale: string, languages: Iterable<Language>): string[] {
  const byId = new Map(index.map((pack) => [pack.id, pack]));
  const needed = new Set<string>();
  for (const start of [locale, ...languages]) {
    for (let id: string | undefined = start; id !== undefined && byId.has(id) && !needed.has(id); id = byId.get(id)!.extends) needed.add(id);
  }
  return [...needed].sort();
}

/** Languages of an answer's passages and of the question. */
export function languagesOf(answer: Answer): Set<Language> {
  const { language, passages } = readAnswerText(answer);
  return new Set([language, ...passages.map((passage) => passage.language), ...(answer.prompt === undefined ? [] : [detectLanguage(answer.prompt, language)])]);
}
