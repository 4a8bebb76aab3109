/** Runs the examples that rules and address forms carry through the real engine: packs are their own tests. */
import type { Pack, Rule } from '../packs/schema/pack.ts';
import { createReviewer, type Reviewer } from '../review/review.ts';
import { audienceLocales, type PackLibrary } from '../review/packs.ts';
import { parseMarkdown } from '../review/text/markdown.ts';
import { createLanguageTools } from '../review/language-tools.ts';
import { dominantForm } from '../review/detectors/address.ts';
import { readAnswerText } from '../review/text/passages.ts';
import { matchText } from '../review/patterns/index.ts';
import type { Audience } from '../review/types.ts';

type Example = Rule['examples']['positive'][number];

/**
 * @returns one line for each example that does not behave, and how many were run. Rules only: the classifier has tests
 *   of its own, and a rule must stand without it.
 */
export async function checkExamples(library: PackLibrary, wanted: (pack: string) => boolean): Promise<{ faults: string[]; run: number; skipped: number }> {
  const reviewer = createReviewer({ packs: library });
  const locales = audienceLocales(library).map(({ locale }) => locale);
  const faults: string[] = [];
  let run = 0;
  let skipped = 0;
  for (const pack of library.packs.values()) {
    if (!wanted(pack.id)) continue;
    for (const rule of pack.rules) {
      for (const [expected, examples] of [[true, rule.examples.positive], [false, rule.examples.negative]] as const) {
        for (const example of examples) {
          const audiences = example.audience === undefined ? audiencesFor(pack, rule, locales, example, expected) : [example.audience].filter((locale) => locales.includes(locale));
          // Shared rules carry wordings for languages and audiences whose packs are still to come.
          if (audiences.length === 0 || library.packs.get(example.lang)?.language === undefined) {
            skipped++;
            continue;
          }
          run++;
          const marked = await anyMarks(reviewer, rule, example, audiences);
          if (marked === expected) continue;
          const tried = `for ${audiences.slice(0, 3).join(', ')}${audiences.length > 3 ? ' …' : ''}`;
          faults.push(`${pack.id}: rule ${rule.id} ${expected ? 'misses' : 'wrongly marks'} (${tried}): ${example.text}`);
        }
      }
    }
    for (const fault of addressFaults(pack, library)) faults.push(fault);
    run += pack.language?.address?.examples.length ?? 0;
  }
  return { faults, run, skipped };
}

/** So many audiences try the negative examples of a rule that does not depend on the place. */
const SAME_FOR_ALL = 2;

/** Audiences that a rule may speak to. A positive example must be found for at least one of them, a negative for none. */
function audiencesFor(pack: Pack, rule: Rule, locales: readonly string[], example: Example, expected: boolean): string[] {
  if (locales.includes(pack.id)) return [pack.id];
  const foreign = rule.type === 'assumption' ? locales.filter((locale) => !rule.belongs.includes(locale.slice(-2))) : [...locales];
  // Readers of the example's language first: that is what its author had in mind.
  foreign.sort((a, b) => Number(b.startsWith(example.lang)) - Number(a.startsWith(example.lang)));
  // What belongs where decides only about assumptions; other rules of a language say the same to each of its readers.
  return rule.type === 'assumption' || expected ? foreign : foreign.slice(0, SAME_FOR_ALL);
}

async function anyMarks(reviewer: Reviewer, rule: Rule, example: Example, audiences: readonly string[]): Promise<boolean> {
  const answer = parseMarkdown(example.text, example.prompt);
  for (const locale of audiences) {
    // Tone depends on how much an audience welcomes; an author tests the wording, so nothing is welcome here.
    const audience: Audience = { locale, ...((example.situation ?? rule.situations?.[0]) && { situation: example.situation ?? rule.situations![0]! }), ...(rule.type === 'tone' && { wishes: { enthusiasm: 'less', directness: 'soft' } }) };
    // Before ranking: another rule that hears the same words must not hide this one.
    const candidates = await reviewer.propose(answer, audience, { language: example.lang });
    if (candidates.some((candidate) => candidate.rule === rule.id)) return true;
  }
  return false;
}

function addressFaults(pack: Pack, library: PackLibrary): string[] {
  const address = pack.language?.address;
  if (address === undefined) return [];
  const forms = formFinder(library, pack.id);
  return address.examples.flatMap(({ text, form }) => {
    const shown = forms(text);
    return shown === form ? [] : [`${pack.id}: address example shows ${shown ?? 'no form'} instead of ${form ?? 'no form'}: ${text}`];
  });
}

function formFinder(library: PackLibrary, language: string): (text: string) => string | null {
  const tools = createLanguageTools(library)(language);
  return (text) => {
    const { passages } = readAnswerText(parseMarkdown(text), language);
    return dominantForm(passages.map((passage) => matchText(passage.said)), tools.address!);
  };
}
