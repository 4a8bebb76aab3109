/** term.outdated: names that are outdated, offensive or loaded. */
import { hasCue, type Detector } from '../context.ts';
import { say } from '../explain/texts.ts';
import { ruleCandidate, rulesFound } from './rules.ts';

export const terms: Detector = (context) =>
  [...rulesFound(context, 'term')]
    // Talking about the word ("once called …", "the term … is outdated") is not using it.
    .filter(({ observation }) => !hasCue(observation, 'attribution') && !hasCue(observation, 'counter'))
    .map((found) => {
      const language = found.observation.tools.language;
      const prefer = found.rule.prefer[language];
      const text = prefer === undefined ? say(context.uiLanguage, 'term.suggestionOpen') : say(context.uiLanguage, 'term.suggestion', { prefer: prefer.join(' / ') });
      return ruleCandidate(found, context, text);
    });
