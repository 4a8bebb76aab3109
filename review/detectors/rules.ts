/** What all rule-based detectors share: which rules speak here, and how a hit becomes a candidate. */
import type { Pack, Rule, RuleOf } from '../../packs/schema/pack.ts';
import type { Candidate, ReviewContext } from '../context.ts';
import { spanIn } from '../context.ts';
import { fill, pick, regionName } from '../explain/texts.ts';
import type { Observation, RuleHit } from '../observe.ts';
import type { Evidence, SourceRef } from '../types.ts';

export interface RuleFound<T extends Rule['type']> extends AnyRuleFound {
  readonly rule: RuleOf<T>;
}

export interface AnyRuleFound {
  readonly rule: Rule;
  readonly pack: Pack;
  readonly hit: RuleHit;
  readonly observation: Observation;
  readonly passage: number;
}

/** Hits of one type of rule that fit the situation; an observation holds none of other audiences' packs. */
export function* rulesFound<T extends Rule['type']>(context: ReviewContext, type: T): Generator<RuleFound<T>> {
  for (const [passage, observation] of context.observations.entries()) {
    for (const hit of observation.hits) {
      const { rule, pack } = hit.matcher;
      if (rule.type !== type) continue;
      if (rule.situations !== undefined && (context.situation === undefined || !rule.situations.includes(context.situation))) continue;
      yield { rule: rule as RuleOf<T>, pack, hit, observation, passage };
    }
  }
}

/** Sources of a pack by id; ids were checked when the pack was loaded. */
export function sourcesOf(pack: Pack, ids: readonly string[], context: ReviewContext): SourceRef[] {
  return ids.flatMap((id) => {
    const source = [pack, ...context.library.chain(pack.id)].find((one) => id in one.sources)?.sources[id];
    if (source === undefined) return [];
    const { title, publisher, year, url } = source;
    return [{ title, ...(publisher && { publisher }), ...(year && { year }), ...(url && { url }) }];
  });
}

export function ruleEvidence({ rule, pack }: { rule: Rule; pack: Pack }, context: ReviewContext): Evidence {
  return {
    type: 'rule',
    rule: rule.id,
    pack: pack.id,
    version: pack.version,
    level: rule.level,
    sources: sourcesOf(pack, rule.sources, context),
    ...(rule.dissent && { dissent: pick(rule.dissent, context.uiLanguage) }),
  };
}

/** The audience's name in the reader's language. */
export function audienceName(context: ReviewContext): string {
  return regionName(context.audience.region, context.uiLanguage);
}

/** A candidate in the rule's own words. */
export function ruleCandidate(found: AnyRuleFound, context: ReviewContext, fallbackSuggestion: string): Candidate {
  const { rule } = found;
  const values = { audience: audienceName(context) };
  const say = (text: Record<string, string>) => fill(pick(text, context.uiLanguage), values);
  return {
    ...spanIn(found.observation, found.hit),
    kind: rule.kind,
    passage: found.passage,
    severity: rule.severity,
    confidence: rule.confidence,
    rule: rule.id,
    message: say(rule.message),
    why: say(rule.why),
    evidence: [ruleEvidence(found, context)],
    suggestion: { text: rule.suggestion ? say(rule.suggestion) : fallbackSuggestion },
  };
}
