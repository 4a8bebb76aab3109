/** What the reader wants: the profile's wishes, and for this answer what the prompt asks for. */
import type { Prompt } from '../context.ts';
import type { Ask } from '../language-tools.ts';
import type { Wishes } from '../types.ts';

const ASKED: Readonly<Record<Ask, Wishes>> = {
  enthusiasm: { enthusiasm: 'more' },
  casual: { formality: 'casual' },
  formal: { formality: 'formal' },
  direct: { directness: 'direct' },
};

/** What was asked for just now counts more than what was wished for once and for all. */
export function wishesFor(profile: Wishes | undefined, prompt: Prompt | undefined): Wishes {
  const asked = prompt === undefined ? [] : prompt.tools.asks.search(prompt.text).map(({ owner }) => ASKED[owner]);
  return Object.assign({}, profile, ...asked) as Wishes;
}
