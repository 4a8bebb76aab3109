/** The second look for personal data, with the recognisers of the browser: a hit keeps a text from publication, not from storage. */
import { findPersonalData } from '../../feedback/redact/redact.ts';
import { type RedactionType, type Submission } from '../../feedback/schema/index.ts';

/** @returns which kinds were found and where, or null */
export function screenSubmission(submission: Submission): string | null {
  const { feedback, excerpt, context } = submission;
  const region = context.localeJudged.split('-').at(-1)!;
  const found: string[] = [];
  const look = (where: string, text: string | null | undefined, language: string) => {
    if (text === null || text === undefined) return;
    const kinds = new Set<RedactionType>(findPersonalData(text, { region, language, ownNames: [] }).map(({ type }) => type));
    if (kinds.size > 0) found.push(`${where}: ${[...kinds].sort().join(', ')}`);
  };
  look('excerpt', excerpt?.text, excerpt?.language ?? 'und');
  look('comment', feedback.comment, context.uiLanguage);
  look('rewrite', feedback.type === 'answer' ? null : feedback.rewrite, excerpt?.language ?? 'und');
  return found.length === 0 ? null : found.join('; ');
}
