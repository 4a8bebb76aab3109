/** stereotype.*: a generalisation about a group said as a fact, by rule and by classifier. */
import { hasCueBeside, isQuestion, type Candidate, type Detector, type ReviewContext } from '../context.ts';
import { say } from '../explain/texts.ts';
import type { Observation } from '../observe.ts';
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

function classified(observation: Observation, passage: number, { classifier, uiLanguage }: ReviewContext): Candidate | undefined {
  const heard = observation.classification;
  const { language } = observation.tools;
  // Learnt from other languages only, it may second a rule, but not speak alone.
  if (heard === undefined || classifier?.trust(language, 'generalisation') !== 'trained') return undefined;
  const score = heard.generalisation.asserted;
  if (score < classifier.threshold('generalisation', 'asserted', language)) return undefined;
  // Without words for the group there is nothing to point at, and the guess is likely about something else.
  const words = heard.spans.filter(({ tag }) => tag === 'group' || tag === 'attribute');
  if (!words.some(({ tag }) => tag === 'group') || isShown(observation, { start: 0, end: 0 })) return undefined;
  const { start } = observation.passage;
  return {
    kind: 'stereotype.generalisation',
    start: start + Math.min(...words.map((word) => word.start)),
    end: start + Math.max(...words.map((word) => word.end)),
    passage,
    severity: 2,
    confidence: score,
    rule: 'classifier.generalisation',
    message: say(uiLanguage, 'stereotype.classifier'),
    why: say(uiLanguage, 'stereotype.classifierWhy'),
    evidence: [{ type: 'classifier', model: classifier.id, head: 'generalisation', score }],
    suggestion: { text: say(uiLanguage, 'stereotype.suggestion') },
  };
}
