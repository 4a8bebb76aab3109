/** assumption.institution, .calendar, .identity, .idiom: what belongs somewhere else, given as if it were here. */
import { hasCueBeside, type Candidate, type Detector, type ReviewContext } from '../context.ts';
import { pick, say } from '../explain/texts.ts';
import { equivalentOf } from '../packs.ts';
import { buildPatternTest, compileLists, type PatternTest } from '../patterns/index.ts';
import type { Equivalent } from '../../packs/schema/pack.ts';
import { audienceName, ruleCandidate, rulesFound, sourcesOf, type RuleFound } from './rules.ts';

export const assumptions: Detector = (context) => {
  const candidates: Candidate[] = [];
  for (const found of rulesFound(context, 'assumption')) {
    if (excuse(found, context) === undefined) candidates.push(candidate(found, context));
  }
  return candidates;
};

/** Why a hit is fine, or undefined when it is not. Reasons, not booleans: tests and `packs explain` show them. */
export type Excuse = 'at-home' | 'about-that-place' | 'asked-for' | 'beside-the-local-form' | 'contrast';

function excuse({ rule, hit, observation, passage }: RuleFound<'assumption'>, context: ReviewContext): Excuse | undefined {
  const { audience, about, prompt } = context;
  if (rule.belongs.includes(audience.region)) return 'at-home';
  const words = observation.masked.folded.slice(hit.start, hit.end);
  if (prompt?.text.folded.includes(words) === true) return 'asked-for';
  const scope = about.inScope(passage, hit);
  // An idiom stays foreign in an answer about its country; everything else is right there.
  if (rule.kind !== 'assumption.idiom' && rule.belongs.some((region) => scope.has(region))) return 'about-that-place';
  const local = rule.concept === undefined ? undefined : equivalentOf(audience, rule.concept);
  if (local !== undefined && localForm(local.equivalent).first(observation.masked) !== undefined) return 'beside-the-local-form';
  if (hasCueBeside(observation, 'contrast', hit)) return 'contrast';
  return undefined;
}

const NO_LISTS = compileLists(new Map());
const compiled = new WeakMap<Equivalent, PatternTest>();
function localForm(equivalent: Equivalent): PatternTest {
  let test = compiled.get(equivalent);
  if (test === undefined) compiled.set(equivalent, (test = buildPatternTest(equivalent.forms, NO_LISTS)));
  return test;
}

function candidate(found: RuleFound<'assumption'>, context: ReviewContext): Candidate {
  const { rule } = found;
  const audience = audienceName(context);
  const ui = context.uiLanguage;
  const local = rule.concept === undefined ? undefined : equivalentOf(context.audience, rule.concept);
  if (local === undefined) {
    const key = rule.kind === 'assumption.idiom' ? 'idiom.suggestion' : rule.kind === 'assumption.identity' ? 'identity.suggestion' : 'assumption.suggestion';
    return ruleCandidate(found, context, say(ui, key, { audience }));
  }
  const made = ruleCandidate(found, context, '');
  return {
    ...made,
    // What holds here is the most useful thing to say, with its own sources.
    suggestion: { text: say(ui, 'assumption.suggestionLocal', { audience, local: pick(local.equivalent.text, ui) }) },
    evidence: [
      ...made.evidence,
      {
        type: 'rule',
        rule: `${local.pack.id}.equivalents.${rule.concept!}`,
        pack: local.pack.id,
        version: local.pack.version,
        level: 'draft',
        sources: sourcesOf(local.pack, local.equivalent.sources, context),
      },
    ],
  };
}
