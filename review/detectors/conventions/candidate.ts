/** What the detectors of conventions share. */
import type { Candidate, ReviewContext } from '../../context.ts';
import { say, type TextKey } from '../../explain/texts.ts';
import type { Observation } from '../../observe.ts';
import type { Evidence, Span } from '../../types.ts';
import { audienceName } from '../rules.ts';

/** Where a detector is looking. */
export interface Place {
  readonly context: ReviewContext;
  readonly observation: Observation;
  readonly passage: number;
}

/** One kind of convention: what of it is out of place in a passage. */
export type ConventionDetector = (place: Place) => Candidate[];

interface Details {
  /** Which convention: the last part of the rule's id. */
  readonly what: 'units' | 'temperature' | 'currency' | 'date' | 'clock';
  readonly key: TextKey;
  readonly severity: 1 | 2 | 3;
  readonly confidence: number;
  readonly suggestion: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** A candidate in the engine's own words; conventions come from CLDR, so there is no rule to word them. */
export function conventionCandidate({ context, observation, passage }: Place, at: Span, rest: Details): Candidate {
  const { audience, uiLanguage } = context;
  const pack = audience.chain.find(({ conventions }) => conventions !== undefined)!;
  const values = { audience: audienceName(context), ...rest.values };
  const evidence: Evidence = {
    type: 'rule',
    rule: `${pack.id}.conventions.${rest.what}`,
    pack: pack.id,
    version: pack.version,
    level: 'contributed',
    sources: [{ title: 'Unicode Common Locale Data Repository (CLDR)', publisher: 'Unicode Consortium', url: 'https://cldr.unicode.org/' }],
  };
  return {
    kind: 'assumption.convention',
    start: observation.passage.start + at.start,
    end: observation.passage.start + at.end,
    passage,
    severity: rest.severity,
    confidence: rest.confidence,
    rule: `conventions.${rest.what}`,
    message: say(uiLanguage, rest.key, values),
    why: say(uiLanguage, 'convention.why', values),
    evidence: [evidence],
    suggestion: { text: rest.suggestion },
  };
}

/** Whether the passage is about one of these places, not counting the words in `except` themselves. */
export function aboutOneOf(regions: readonly string[], { context, passage }: Place, except: Span): boolean {
  const scope = context.about.inScope(passage, except);
  return regions.some((region) => scope.has(region));
}

/** The suggestion where nothing can be computed: ask for the local form. */
export function askForLocalForm(context: ReviewContext): string {
  return say(context.uiLanguage, 'convention.suggestionAsk', { audience: audienceName(context) });
}
