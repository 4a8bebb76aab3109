/** The prompt that asks the chatbot to mend exactly one passage, in the language of the answer. */
import type { Finding, Language } from '../types.ts';
import { fill, followUpTexts, regionName, textLanguage } from './texts.ts';

/** Longest quote that is repeated; more would not help the chatbot find the place. UTF-16 units. */
const LONGEST_QUOTE = 300;

/**
 * @param audience BCP-47 locale of the audience.
 * @returns one paragraph of plain text; the quote is the only part that comes from the page.
 */
export function followUpPrompt(finding: Finding, answerLanguage: Language, audience: string): string {
  const texts = followUpTexts(answerLanguage);
  // The quote is filled in last, so braces in it stay what they are. The place is named in the language that speaks.
  const ask = fill(texts[finding.kind], { audience: regionName(audience.slice(-2), textLanguage(answerLanguage)) });
  return fill(texts.frame, { quote: shortened(finding.quote.replace(/\s+/g, ' ').trim()), ask });
}

function shortened(quote: string): string {
  if (quote.length <= LONGEST_QUOTE) return quote;
  // Half of a character outside the basic plane would show as a broken sign.
  return `${quote.slice(0, LONGEST_QUOTE).replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}
