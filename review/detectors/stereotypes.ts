/** stereotype.*: a generalisation about a group said as a fact, by rule and by classifier. */
import { endOfWords, hasCueBeside, isQuestion, type Candidate, type Detector, type ReviewContext } from '../context.ts';
import type { Classifier } from '../classifier/types.ts';
import { say } from '../explain/texts.ts';
import type { Observation } from '../observe.ts';
import type { Span } from '../types.ts';
import { ruleCandidate, rulesFound } from './rules.ts';

/** How much a second opinion counts, in confidence. */
const AGREEMENT = 0.08;
const DISAGREEMENT = 0.15;

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
  const heard = observation.classification?.generalisation;
  if (heard === undefined || classifier === undefined || classifier.trust(observation.tools.language, 'generalisation') === 'chance') return candidate;
  if (heard.asserted >= heard.mention + heard.group + heard.none) {
    return {
      ...candidate,
      confidence: Math.min(0.98, candidate.confidence + AGREEMENT),
      evidence: [...candidate.evidence, { type: 'classifier', model: classifier.id, head: 'generalisation', score: heard.asserted }],
    };
  }
  return heard.mention > 0.8 ? { ...candidate, confidence: candidate.confidence - DISAGREEMENT } : candidate;
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
  const score = heard.generalisation.asserted;
  const words = aboutWhom(observation, score, classifier);
  if (words === undefined) return undefined;
  const { start } = observation.passage;
  return {
    kind: 'stereotype.generalisation',
    start: start + words.start,
    end: start + words.end,
    passage,
    severity: 2,
    confidence: observation.groups.length > 0 ? Math.max(score, NAMED_CONFIDENCE) : score,
    rule: 'classifier.generalisation',
    message: say(uiLanguage, 'stereotype.classifier'),
    why: say(uiLanguage, 'stereotype.classifierWhy'),
    evidence: [{ type: 'classifier', model: classifier.id, head: 'generalisation', score }],
    suggestion: { text: say(uiLanguage, 'stereotype.suggestion') },
  };
}

/**
 * The words that an assertion is about, in the passage. Two witnesses must agree that there is a group at all: the head and
 * either the pack, which knows how its language names people, or (only where labelled data of the language trained them) the
 * token tags. The head alone mistakes other sentences of that shape ("tea tins, sugar-free jam") for judgements of people.
 */
function aboutWhom({ tools: { language }, classification, groups, passage }: Observation, score: number, classifier: Classifier): Span | undefined {
  const tagged = classification?.spans.filter(({ tag }) => tag === 'group' || tag === 'attribute') ?? [];
  if (distinct(groups) > 0 && distinct(groups) < LISTED && score >= classifier.threshold('generalisation', 'asserted_named', language)) {
    const said = tagged.filter(({ tag }) => tag === 'attribute');
    const { start, end } = around([...groups, ...said]);
    return { start, end: said.length > 0 ? end : endOfWords(passage.said) };
  }
  const alone = classifier.trust(language, 'generalisation') === 'trained' && tagged.some(({ tag }) => tag === 'group') && score >= classifier.threshold('generalisation', 'asserted', language);
  return alone ? around(tagged) : undefined;
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
