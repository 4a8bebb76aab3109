/** Guesses the situation from the words of the answer and of what the reader asked. */
import type { Observation } from './observe.ts';
import type { Prompt } from './context.ts';
import type { Situation } from './types.ts';

/** What the reader asked says more about the situation than the answer's words. */
const PROMPT_WEIGHT = 2;
/** Votes needed, and how far ahead of the next. */
const ENOUGH_VOTES = 3;
const LEAD = 1.3;

/** @returns undefined when the words do not tell. */
export function guessSituation(observations: readonly Observation[], prompt: Prompt | undefined): Situation | undefined {
  const votes = new Map<Situation, number>();
  const vote = (situation: Situation, weight: number) => votes.set(situation, (votes.get(situation) ?? 0) + weight);
  for (const { tools, said } of observations) {
    // One passage votes once for a situation, however often it repeats the word.
    for (const situation of new Set(tools.situations.search(said).map(({ owner }) => owner))) vote(situation, 1);
  }
  if (prompt !== undefined) for (const { owner } of prompt.tools.situations.search(prompt.text)) vote(owner, PROMPT_WEIGHT);
  const [first, second] = [...votes].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  if (first === undefined || first[1] < ENOUGH_VOTES || (second !== undefined && first[1] < second[1] * LEAD)) return undefined;
  return first[0];
}
