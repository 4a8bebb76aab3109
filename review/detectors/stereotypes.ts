/** stereotype.*: a generalisation about a group said as a fact, by rule and by classifier. */
import { endOfWords, hasCueBeside, isQuestion, type Candidate, type Detector, type ReviewContext } from '../context.ts';
import type { Classifier, HeadName, PassageClassification } from '../classifier/types.ts';
import { say } from '../explain/texts.ts';
import type { Observation } from '../observe.ts';
import type { Span } from '../types.ts';
import { ruleCandidate, rulesFound } from './rules.ts';

/** How much a second opinion counts, in confidence. */
const AGREEMENT = 0.08;
const DISAGREEMENT = 0.15;
/** From here on the head holds an assertion to be likelier than everything else together. */
const SECOND_OPINION = 0.5;

/** A head that hears a generalisation asserted, and how sure it is (0-1). */
interface Assertion {
  readonly head: HeadName;
  readonly score: number;
}

/** The surer one of the heads that reach their threshold: what the sentence says by itself, and what it says as a part of an answer. */
function assertionOf({ generalisation, generalisationInAnswer }: PassageClassification, byItself: number, inAnswer: number): Assertion | undefined {
  const heard: Assertion[] = [];
  if (generalisation.asserted >= byItself) heard.push({ head: 'generalisation', score: generalisation.asserted });
  if (generalisationInAnswer >= inAnswer) heard.push({ head: 'generalisation_answer', score: generalisationInAnswer });
  return heard.sort((a, b) => b.score - a.score)[0];
}

export const stereotypes: Detector = (context) => {
  const byRule = [...rulesFound(context, 'stereotype')]
    .filter(({ observation, hit }) => !isShown(observation, hit))
    .map((found) => withSecondOpinion(ruleCandidate(found, context, say(context.uiLanguage, 'stereotype.suggestion')), found.observation, context));
  const marked = new Set(byRule.map(({ passage }) => passage));
  const byClassifier = context.observations.flatMap((observation, passage) => (marked.has(passage) ? [] : (classified(observation, passage, context) ?? [])));
  return [...byRule, ...byClassifier];
};

/** Quoted, attributed, countered or limited: shown, not said. */
function isShown(observation: Observation, hit: { start: number; end: number }): boolean {
  return (
    isQuestion(observation) ||
    hasCueBeside(observation, 'attribution', hit) ||
    hasCueBeside(observation, 'counter', hit) ||
    hasCueBeside(observation, 'limiting', hit)
  );
}

function withSecondOpinion(candidate: Candidate, observation: Observation, { classifier }: ReviewContext): Candidate {
  const { language } = observation.tools;
  const said = observation.classification;
  if (said === undefined || classifier === undefined || classifier.trust(language, 'generalisation') === 'chance') return candidate;
  const heard = assertionOf(said, SECOND_OPINION, classifier.threshold('generalisation_answer', 'asserted', language));
  if (heard !== undefined) {
    return {
      ...candidate,
      confidence: Math.min(0.98, candidate.confidence + AGREEMENT),
      evidence: [...candidate.evidence, { type: 'classifier', model: classifier.id, ...heard }],
    };
  }
  return said.generalisation.mention > 0.8 ? { ...candidate, confidence: candidate.confidence - DISAGREEMENT } : candidate;
}

/** So many groups side by side are a list of who lives somewhere or whom a form is for, not a judgement of any. */
const LISTED = 4;
/** What an assertion about a group that the pack knows is worth at least: its threshold was chosen for that precision. */
const NAMED_CONFIDENCE = 0.7;

function classified(observation: Observation, passage: number, { classifier, uiLanguage }: ReviewContext): Candidate | undefined {
  const heard = observation.classification;
  const { language } = observation.tools;
  if (heard === undefined || classifier === undefined || classifier.trust(language, 'generalisation') === 'chance') return undefined;
  if (isShown(observation, { start: 0, end: 0 })) return undefined;
  const found = aboutWhom(observation, heard, classifier);
  if (found === undefined) return undefined;
  const { words, assertion } = found;
  const { start } = observation.passage;
  return {
    kind: 'stereotype.generalisation',
    start: start + words.start,
    end: start + words.end,
    passage,
    severity: 2,
    confidence: observation.groups.length > 0 ? Math.max(assertion.score, NAMED_CONFIDENCE) : assertion.score,
    rule: 'classifier.generalisation',
    message: say(uiLanguage, 'stereotype.classifier'),
    why: say(uiLanguage, 'stereotype.classifierWhy'),
    evidence: [{ type: 'classifier', model: classifier.id, ...assertion }],
    suggestion: { text: say(uiLanguage, 'stereotype.suggestion') },
  };
}

/**
 * An assertion, and the words of the passage that it is about. Two witnesses must agree that there is a group at all: a head and
 * either the pack, which knows how its language names people, or (only where labelled data of the language trained them) the
 * token tags. The heads alone mistake other sentences of that shape ("tea tins, sugar-free jam") for judgements of people.
 */
function aboutWhom({ tools: { language }, groups, passage }: Observation, heard: PassageClassification, classifier: Classifier): { readonly words: Span; readonly assertion: Assertion } | undefined {
  const tagged = heard.spans.filter(({ tag }) => tag === 'group' || tag === 'attribute');
  const threshold = (head: HeadName, label: string) => classifier.threshold(head, label, language);
  const named = distinct(groups) > 0 && distinct(groups) < LISTED ? assertionOf(heard, threshold('generalisation', 'asserted_named'), threshold('generalisation_answer', 'asserted')) : undefined;
  if (named !== undefined) {
    const said = tagged.filter(({ tag }) => tag === 'attribute');
    const { start, end } = around([...groups, ...said]);
    return { words: { start, end: said.length > 0 ? end : endOfWords(passage.said) }, assertion: named };
  }
  const { asserted } = heard.generalisation;
  const alone = classifier.trust(language, 'generalisation') === 'trained' && tagged.some(({ tag }) => tag === 'group') && asserted >= threshold('generalisation', 'asserted');
  return alone ? { words: around(tagged), assertion: { head: 'generalisation', score: asserted } } : undefined;
}

function around(spans: readonly Span[]): Span {
  return { start: Math.min(...spans.map(({ start }) => start)), end: Math.max(...spans.map(({ end }) => end)) };
}

/** How many spans there are when overlapping ones count as one; they come in order of text. */
function distinct(spans: readonly Span[]): number {
  let [count, end] = [0, -1];
  for (const span of spans) {
    if (span.start >= end) count += 1;
    end = Math.max(end, span.end);
  }
  return count;
}
