/**
 * What each passage holds, whoever reads it: rule hits, places named, what the classifier says. This is the costly part,
 * and it depends on the passage alone, so it is kept: of a growing answer only new passages are looked at.
 */
import type { Adapter, Classifier, PassageClassification } from './classifier/types.ts';
import type { LanguageTools, RuleMatcher } from './language-tools.ts';
import { matchText, type MatchText, type PatternIndex } from './patterns/index.ts';
import type { ReadPassage, Reading } from './text/passages.ts';
import type { Language, Span } from './types.ts';

/** A rule that matched; offsets into the passage. */
export interface RuleHit {
  readonly matcher: RuleMatcher;
  readonly start: number;
  readonly end: number;
}

export interface Observation {
  readonly passage: ReadPassage;
  readonly tools: LanguageTools;
  /** Prose, quotations included. */
  readonly masked: MatchText;
  /** Prose without quotations. */
  readonly said: MatchText;
  readonly hits: readonly RuleHit[];
  /** Whether it is among the first or the last of the answer, where answers flatter. */
  readonly edge: boolean;
  /** Regions named in the passage, with where. */
  readonly places: readonly { readonly region: string; readonly start: number; readonly end: number }[];
  /** People named as a group in what the passage says itself, with where. */
  readonly groups: readonly Span[];
  readonly classification: PassageClassification | undefined;
}

/** What is known of a passage before the classifier is asked. */
type Looked = Omit<Observation, 'classification'>;

/** What is remembered of a passage: what holds for everybody, and hits of locale packs as they are asked for. */
interface Kept extends Omit<Observation, 'passage' | 'edge' | 'classification' | 'hits'> {
  readonly shared: readonly RuleHit[];
  readonly ofLocale: Map<string, readonly RuleHit[]>;
}

/** Passages remembered; the oldest are forgotten first. */
const MEMORY = 5000;

class Memory<V> {
  readonly #values = new Map<string, V>();
  get(key: string): V | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) {
      this.#values.delete(key);
      this.#values.set(key, value);
    }
    return value;
  }
  set(key: string, value: V): void {
    this.#values.set(key, value);
    if (this.#values.size > MEMORY) this.#values.delete(this.#values.keys().next().value!);
  }
}

export type ClassifierOutcome = { readonly state: 'used' } | { readonly state: 'absent' | 'failed'; readonly reason: string };

/** What an audience adds to what holds for everybody. */
export interface ObservedFor {
  /** Packs of the audience that speak to it alone. */
  readonly locales: readonly string[];
  /** The classifier's adapter for this audience. */
  readonly adapter?: Adapter | undefined;
}

export interface Observer {
  observe(reading: Reading, audience: ObservedFor, signal?: AbortSignal): Promise<{ observations: readonly Observation[]; classifier: ClassifierOutcome }>;
}

/** Passages at the beginning of an answer. */
const OPENING = 2;
/** Passages at its end. */
const CLOSING = 2;

/** Passages shorter than this say too little for the classifier, in letters. */
const FEW_LETTERS = 8;

export function createObserver(toolsFor: (language: Language) => LanguageTools, classifier: Classifier | { readonly failed: string } | undefined): Observer {
  const rules = new Memory<Kept>();
  const classified = new Memory<PassageClassification>();

  function look(passage: ReadPassage): Kept {
    const key = `${passage.language}\n${passage.masked}\n${passage.said === passage.masked ? '' : passage.said}`;
    const known = rules.get(key);
    if (known !== undefined) return known;
    const tools = toolsFor(passage.language);
    const masked = matchText(passage.masked);
    const said = passage.said === passage.masked ? masked : matchText(passage.said);
    const kept: Kept = {
      tools,
      masked,
      said,
      shared: ruleHits(tools.rules.shared, masked, said),
      ofLocale: new Map(),
      places: tools.places.search(masked).map(({ owner, start, end }) => ({ region: owner, start, end })),
      groups: tools.groups.all(said).map(({ start, end }) => ({ start, end })),
    };
    rules.set(key, kept);
    return kept;
  }

  function hitsFor({ shared, ofLocale, tools, masked, said }: Kept, locales: readonly string[]): readonly RuleHit[] {
    const own = locales.map((locale) => {
      let hits = ofLocale.get(locale);
      if (hits === undefined) ofLocale.set(locale, (hits = ruleHits(tools.rules.ofLocale(locale), masked, said)));
      return hits;
    });
    return own.every((hits) => hits.length === 0) ? shared : [...shared, ...own.flat()].sort((a, b) => a.start - b.start || b.end - a.end);
  }

  return {
    async observe(reading, { locales, adapter }, signal) {
      const looked = reading.passages.map((passage, index) => {
        const kept = look(passage);
        const { tools, masked, said, places, groups } = kept;
        return { passage, edge: index < OPENING || index >= reading.passages.length - CLOSING, tools, masked, said, places, groups, hits: hitsFor(kept, locales) };
      });
      const { answers, outcome } = await classify(looked, { classifier, adapter }, classified, signal);
      return {
        observations: looked.map((one) => ({ ...one, classification: answers.get(classifierKey(one.passage, adapter)) })),
        classifier: outcome,
      };
    },
  };
}

function ruleHits(rules: PatternIndex<RuleMatcher>, masked: MatchText, said: MatchText): RuleHit[] {
  return rules
    .search(masked)
    .filter(({ owner, start, end }) => {
      // Only assumptions may hide in quotation marks ("dial '911'"); everything else that is quoted is only shown.
      const text = owner.rule.type === 'assumption' ? masked : said;
      if (text !== masked && text.folded.slice(start, end).trim() !== masked.folded.slice(start, end).trim()) return false;
      return owner.not?.first(text) === undefined && (owner.with === undefined || owner.with.first(text) !== undefined);
    })
    .map(({ owner, start, end }) => ({ matcher: owner, start, end }));
}

/** Audiences share what the classifier said, but for passages that an adapter shifts. */
function classifierKey(passage: ReadPassage, adapter: Adapter | undefined): string {
  return `${adapter?.serves(passage.language) === true ? adapter.locale : ''}\n${passage.language}\n${passage.said}`;
}

/**
 * Passages of one answer that the classifier reads, from the start: a book-length answer gets the rest by rules alone
 * rather than keeping the reader waiting for minutes.
 */
const MOST_CLASSIFIED = 600;

async function classify(
  looked: readonly Looked[],
  { classifier, adapter }: { readonly classifier: Classifier | { readonly failed: string } | undefined; readonly adapter: Adapter | undefined },
  kept: Memory<PassageClassification>,
  signal: AbortSignal | undefined,
): Promise<{ answers: ReadonlyMap<string, PassageClassification>; outcome: ClassifierOutcome }> {
  const answers = new Map<string, PassageClassification>();
  if (classifier === undefined) return { answers, outcome: { state: 'absent', reason: 'No classifier was loaded.' } };
  if ('failed' in classifier) return { answers, outcome: { state: 'failed', reason: classifier.failed } };
  const wanted = new Map(looked.filter((one) => worthClassifying(one, classifier)).map(({ passage }) => [classifierKey(passage, adapter), passage]));
  const fresh: [string, { text: string; language: string }][] = [];
  for (const [key, passage] of [...wanted].slice(0, MOST_CLASSIFIED)) {
    const known = kept.get(key);
    if (known === undefined) fresh.push([key, { text: passage.said, language: passage.language }]);
    else answers.set(key, known);
  }
  if (fresh.length === 0) return { answers, outcome: { state: 'used' } };
  try {
    const results = await classifier.classify(fresh.map(([, input]) => input), signal, adapter);
    for (const [index, [key]] of fresh.entries()) {
      answers.set(key, results[index]!);
      kept.set(key, results[index]!);
    }
    return { answers, outcome: { state: 'used' } };
  } catch (error) {
    // A cancelled review is no fault of the classifier.
    if (signal?.aborted) throw error;
    return { answers, outcome: { state: 'failed', reason: error instanceof Error ? error.message : String(error) } };
  }
}

/**
 * The cheap first stage: whether anything that the classifier may say of a passage can change a finding. Where the heads were
 * not trained on labelled data of the language they speak only beside a rule, beside a group that the pack names, or at the beginning
 * or the end of an answer, so other passages pass unread.
 */
function worthClassifying({ passage, edge, tools: { language }, hits, groups }: Looked, classifier: Classifier): boolean {
  if ((passage.said.match(/\p{L}/gu)?.length ?? 0) < FEW_LETTERS) return false;
  const praise = classifier.trust(language, 'praise');
  if (praise === 'trained' || (praise === 'written' && edge)) return true;
  switch (classifier.trust(language, 'generalisation')) {
    case 'trained':
      return true;
    case 'written':
      return groups.length > 0 || hits.some(({ matcher: { rule } }) => rule.type === 'stereotype');
    case 'chance':
      return false;
  }
}
