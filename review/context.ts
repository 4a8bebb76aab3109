/** Everything the detectors may look at, and the questions about context that several of them ask. */
import type { Classifier } from './classifier/types.ts';
import type { LanguageTools, Cue } from './language-tools.ts';
import type { Observation } from './observe.ts';
import type { AudiencePacks, PackLibrary } from './packs.ts';
import type { MatchText } from './patterns/index.ts';
import type { Reading } from './text/passages.ts';
import type { Evidence, FindingKind, Language, Situation, Span, Wishes } from './types.ts';

export interface ReviewContext {
  readonly reading: Reading;
  readonly observations: readonly Observation[];
  readonly library: PackLibrary;
  readonly audience: AudiencePacks;
  /** Undefined when neither the caller nor the text tells. */
  readonly situation: Situation | undefined;
  readonly wishes: Wishes;
  readonly prompt: Prompt | undefined;
  readonly classifier: Classifier | undefined;
  readonly uiLanguage: Language;
  readonly about: Aboutness;
}

export interface Prompt {
  readonly text: MatchText;
  readonly tools: LanguageTools;
}

/** A finding in the making: detectors propose, `rank.ts` disposes. Offsets are of the answer. */
export interface Candidate extends Span {
  readonly kind: FindingKind;
  /** Ordinal of the passage in the reading. */
  readonly passage: number;
  readonly severity: 1 | 2 | 3;
  readonly confidence: number;
  readonly rule: string;
  readonly message: string;
  readonly why: string;
  readonly evidence: readonly Evidence[];
  readonly suggestion: { readonly text: string; readonly replacement?: string };
}

export type Detector = (context: ReviewContext) => Candidate[];

/** The span of a hit in the answer. */
export function spanIn(observation: Observation, hit: Span): Span {
  return { start: observation.passage.start + hit.start, end: observation.passage.start + hit.end };
}

/** Whether a cue of the passage's language stands in what the passage says itself. */
export function hasCue(observation: Observation, cue: Cue): boolean {
  return observation.tools.cues[cue].first(observation.said) !== undefined;
}

/** Whether a cue stands in the passage outside the hit (a rule may contain "not" itself). */
export function hasCueBeside(observation: Observation, cue: Cue, hit: Span): boolean {
  return observation.tools.cues[cue].all(observation.said).some((found) => found.end <= hit.start || found.start >= hit.end);
}

export function isQuestion(observation: Observation): boolean {
  return /[?？؟՞]["'”’»)\s]*$/u.test(observation.passage.masked);
}

/** Where the last word of a text ends, without what closes a sentence. */
export function endOfWords(text: string): number {
  return /^.*[\p{L}\p{M}\p{N}]/su.exec(text)?.[0].length ?? 0;
}

/**
 * Which places each passage is about. A place is in scope for a passage when the prompt, its heading, the passage
 * itself or the one before names it, or when the answer keeps naming it.
 */
export interface Aboutness {
  /** Regions that the reader's question names. */
  readonly asked: ReadonlySet<string>;
  /** Regions in scope, not counting mentions inside `except` (a rule's own words, "US dollars"). */
  inScope(passage: number, except?: Span): ReadonlySet<string>;
}

/** An answer that names a place in this many passages is about it. */
const OFTEN = 3;

export function createAboutness(observations: readonly Observation[], prompt: Prompt | undefined): Aboutness {
  const asked = new Set(prompt === undefined ? [] : prompt.tools.places.search(prompt.text).map(({ owner }) => owner));
  const counts = new Map<string, number>();
  const heading: ReadonlySet<string>[] = [];
  /** For each passage of a list the passage that introduces the list: the last one before it. */
  const intros: (number | undefined)[] = [];
  let current: ReadonlySet<string> = new Set();
  let intro: number | undefined;
  for (const [index, { passage, places }] of observations.entries()) {
    if (passage.block !== 'list') intro = index;
    intros.push(passage.block === 'list' ? intro : undefined);
    const named = new Set(places.map(({ region }) => region));
    for (const region of named) counts.set(region, (counts.get(region) ?? 0) + 1);
    if (passage.block === 'heading') current = named;
    heading.push(current);
  }
  const often = [...counts].filter(([, count]) => count >= OFTEN).map(([region]) => region);
  return {
    asked,
    inScope(index, except) {
      const scope = new Set<string>([...asked, ...often, ...heading[index]!]);
      const before = observations[index - 1];
      // A list belongs to the line that introduces it.
      const intro = intros[index];
      for (const near of [before, intro === undefined ? undefined : observations[intro]]) for (const { region } of near?.places ?? []) scope.add(region);
      for (const { region, start, end } of observations[index]!.places) {
        if (except === undefined || end <= except.start || start >= except.end) scope.add(region);
      }
      return scope;
    },
  };
}
