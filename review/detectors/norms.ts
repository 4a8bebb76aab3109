/** norm.etiquette: advice that goes against local etiquette, religious or dietary norms. */
import { isQuestion, type Detector, type ReviewContext } from '../context.ts';
import { say } from '../explain/texts.ts';
import { audienceName, ruleCandidate, rulesFound, type RuleFound } from './rules.ts';

export const norms: Detector = (context) =>
  [...rulesFound(context, 'norm')]
    .filter((found) => conflicts(found, context))
    .map((found) => ruleCandidate(found, context, say(context.uiLanguage, 'norm.suggestion', { audience: audienceName(context) })));

/** A warning or a "not" reaches this far back from the practice it is about, in UTF-16 units. */
const REACH = 60;

function conflicts({ rule, hit, observation, passage }: RuleFound<'norm'>, context: ReviewContext): boolean {
  if (isQuestion(observation)) return false;
  // Customs of another country are right in an answer about that country.
  const { region } = context.audience;
  const { asked } = context.about;
  const scope = asked.size > 0 ? asked : context.about.inScope(passage);
  if (scope.size > 0 && !scope.has(region)) return false;
  switch (rule.practice) {
    case 'stated':
      return true;
    case 'avoided':
      return !warns();
    case 'expected':
      return warns();
  }
  /** Whether the answer advises against the practice: "never bring …", "… is considered rude". */
  function warns(): boolean {
    const { warning, negation } = observation.tools.cues;
    if (warning.first(observation.said) !== undefined) return true;
    return negation.all(observation.said).some((cue) => cue.end <= hit.start && hit.start - cue.end <= REACH);
  }
}
