/** The prompt that asks the chatbot to mend exactly one passage, in the language of the answer. */
import type { Finding, Language } from '../types.ts';
import { fill, followUpTexts, regionName } from './texts.ts';

/** Longest quote that is repeated; more would not help the chatbot find the place. UTF-16 units. */
const LONGEST_QUOTE = 300;

/**
 * @param audience BCP-47 locale of the audience.
 * @returns one paragraph of plain text; the quote is the only part that comes from the page.
 */
export function followUpPrompt(finding: Finding, answerLanguage: Language, audience: string): string {
  const texts = followUpTexts(answerLanguage);
  const quote = finding.quote.length > LONGEST_QUOTE ? `${finding.quote.slice(0, LONGEST_QUOTE)}…` : finding.quote;
  // Only the frame is filled twice, so braces in the quote stay what they are.
  const ask = fill(texts[finding.kind], { audience: regionName(audience.slice(-2), answerLanguage) });
  return fill(texts.frame, { quote: quote.replace(/\s+/g, ' ').trim(), ask });
}
