/** tone.effusive, tone.blunt, tone.formality: more of a tone than the audience welcomes. Only what is over the top is marked. */
import type { RuleOf } from '../../packs/schema/pack.ts';
import type { Candidate, Detector, ReviewContext } from '../context.ts';
import type { Classifier } from '../classifier/types.ts';
import { toneExpectation, type Measure, type ToneExpectation } from '../expectations/tone.ts';
import { fill, pick, say, type TextKey } from '../explain/texts.ts';
import type { Observation } from '../observe.ts';
import type { Evidence, FindingKind, Language } from '../types.ts';
import { audienceName, ruleCandidate, rulesFound, sourcesOf } from './rules.ts';

/** Several exclamation marks in a row make whatever is said stronger. */
const SHOUTED = /[!！]{2,}/u;

/** One piece of wording that carries some of a measure. */
interface Occurrence {
  readonly weight: number;
  readonly candidate: Candidate;
}

export const tone: Detector = (context) => {
  const expectation = toneExpectation(context.audience, context.situation, context.wishes);
  if (expectation === undefined) return [];
  const found = new Map<Measure, Occurrence[]>();
  const add = (measure: Measure, occurrence: Occurrence) => found.set(measure, [...(found.get(measure) ?? []), occurrence]);

  for (const one of rulesFound(context, 'tone')) add(one.rule.dimension, { weight: one.rule.weight + (SHOUTED.test(one.observation.passage.said) ? 1 : 0), candidate: ruleCandidate(one, context, say(context.uiLanguage, suggestionFor(one.rule))) });
  for (const occurrence of praise(context)) add('flattery', occurrence);
  for (const occurrence of counted(context, 'exclamation', exclamations, expectation)) add('exclamation', occurrence);
  for (const occurrence of counted(context, 'emoji', emoji, expectation)) add('emoji', occurrence);

  return [...found].flatMap(([measure, occurrences]) => excess(distinct(occurrences), expectation.most[measure]).map((candidate) => explained(candidate, measure, expectation, context)));
};

function suggestionFor({ kind }: RuleOf<'tone'>): TextKey {
  switch (kind) {
    case 'tone.effusive':
      return 'tone.suggestLess';
    case 'tone.blunt':
      return 'tone.suggestSofter';
    case 'tone.formality':
      return 'tone.suggestRegister';
  }
}

/** Where two rules hear the same words, they are heard once: the strongest, longest wording counts. */
function distinct(occurrences: readonly Occurrence[]): Occurrence[] {
  const kept = new Map<number, Occurrence[]>();
  const best = [...occurrences].sort((a, b) => b.weight - a.weight || length(b) - length(a) || a.candidate.start - b.candidate.start);
  for (const one of best) {
    const near = kept.get(one.candidate.passage) ?? [];
    if (!near.some(({ candidate: { start, end } }) => start < one.candidate.end && one.candidate.start < end)) kept.set(one.candidate.passage, [...near, one]);
  }
  return [...kept.values()].flat();
}

function length({ candidate: { start, end } }: Occurrence): number {
  return end - start;
}

/** What is left over when the welcome amount is taken away; the strongest are marked, the mildest pass. */
function excess(occurrences: readonly Occurrence[], most: number | undefined): Candidate[] {
  if (most === undefined) return [];
  let total = 0;
  const mildestFirst = [...occurrences].sort((a, b) => a.weight - b.weight || a.candidate.start - b.candidate.start);
  return mildestFirst.filter(({ weight }) => (total += weight) > most).map(({ candidate }) => candidate);
}

/** Adds the audience's expectation, with its source, to what the wording itself says. */
function explained(candidate: Candidate, measure: Measure, { most, source: { pack, part } }: ToneExpectation, context: ReviewContext): Candidate {
  const evidence: Evidence = {
    type: 'rule',
    rule: `${pack.id}.expectations.tone.${measure}`,
    pack: pack.id,
    version: pack.version,
    level: part.level,
    sources: sourcesOf(pack, part.sources, context),
    ...(part.dissent && { dissent: pick(part.dissent, context.uiLanguage) }),
  };
  const why = fill(pick(part.why, context.uiLanguage), { audience: audienceName(context) });
  // Where none at all is expected, one strong piece is surer than one beyond many.
  const confidence = most[measure] === 0 ? candidate.confidence : candidate.confidence * 0.95;
  return { ...candidate, confidence, why: candidate.why === '' ? why : `${candidate.why} ${why}`, evidence: [...candidate.evidence, evidence] };
}

/** Shorter greetings and thanks ("Graag gedaan!") sound like praise to the classifier; short praise is what rules know. In words. */
const FEW_WORDS = 5;

/** Whether the classifier hears praise: anywhere where labelled data of the language trained it, and where answers flatter, at their beginning and end. */
function hearsPraise({ classification, edge, passage, tools: { language } }: Observation, classifier: Classifier): boolean {
  const trust = classifier.trust(language, 'praise');
  if (classification === undefined || trust === 'chance') return false;
  if (trust === 'trained' && classification.praise >= classifier.threshold('praise', 'praise', language)) return true;
  return edge && classification.praise >= classifier.threshold('praise', 'praise_edge', language) && wordsOf(passage.said, language) >= FEW_WORDS;
}

function wordsOf(text: string, language: Language): number {
  return [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)].filter(({ isWordLike }) => isWordLike).length;
}

/** Praise that no rule knows, heard by the classifier. */
function praise(context: ReviewContext): Occurrence[] {
  const { classifier, uiLanguage } = context;
  if (classifier === undefined) return [];
  return context.observations.flatMap((observation, passage): Occurrence[] => {
    const heard = observation.classification;
    if (heard === undefined || !hearsPraise(observation, classifier)) return [];
    if (observation.hits.some(({ matcher: { rule } }) => rule.type === 'tone' && (rule.dimension === 'flattery' || rule.dimension === 'enthusiasm'))) return [];
    return [
      {
        weight: 2,
        candidate: {
          kind: 'tone.effusive',
          start: observation.passage.start,
          end: observation.passage.end,
          passage,
          severity: 1,
          confidence: Math.min(heard.praise, 0.9),
          rule: 'classifier.praise',
          message: say(uiLanguage, 'tone.praise'),
          why: '',
          evidence: [{ type: 'classifier', model: classifier.id, head: 'praise', score: heard.praise }],
          suggestion: { text: say(uiLanguage, 'tone.suggestLess') },
        },
      },
    ];
  });
}

const PICTURE = /\p{Extended_Pictographic}/u;
/** Signs that Unicode counts as pictures but that writers use as text. */
const NOT_EMOJI = /[\p{N}#*©®™‼⁉↔-⇿⌘✓✔✗✘☐☑☒•→←]/u;

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** All emoji of a passage: how many, and from the first to the last. */
function emoji(text: string): { count: number; start: number; end: number } | undefined {
  if (!PICTURE.test(text)) return undefined;
  const found = [...GRAPHEMES.segment(text)].filter(({ segment }) => PICTURE.test(segment) && !NOT_EMOJI.test(segment));
  const [first, last] = [found[0], found.at(-1)];
  return first === undefined || last === undefined ? undefined : { count: found.length, start: first.index, end: last.index + last.segment.length };
}

/** A sentence's final exclamation marks; several in a row weigh more. */
function exclamations(text: string): { count: number; start: number; end: number } | undefined {
  const match = /[!！]+(?=[^\p{L}\p{N}]*$)/u.exec(text);
  if (match === null) return undefined;
  // The mark alone would be too small a thing to point at: the last words go with it.
  const words = /\S+(?:\s+\S+){0,2}\s*[!！]+$/u.exec(text.slice(0, match.index + match[0].length));
  return { count: match[0].length > 1 ? 2 : 1, start: words?.index ?? match.index, end: match.index + match[0].length };
}

function counted(
  context: ReviewContext,
  measure: 'exclamation' | 'emoji',
  find: (text: string) => { count: number; start: number; end: number } | undefined,
  { most }: ToneExpectation,
): Occurrence[] {
  const kind: FindingKind = 'tone.effusive';
  const found = context.observations.flatMap((observation: Observation, passage) => {
    const hit = find(observation.passage.said);
    return hit === undefined ? [] : [{ hit, observation, passage }];
  });
  const count = found.reduce((sum, { hit }) => sum + hit.count, 0);
  return found.map(({ hit, observation, passage }) => ({
    weight: hit.count,
    candidate: {
      kind,
      start: observation.passage.start + hit.start,
      end: observation.passage.start + hit.end,
      passage,
      severity: 1,
      confidence: 0.7,
      rule: `tone.${measure}`,
      message: say(context.uiLanguage, `tone.${measure}`, { count, most: most[measure] ?? 0 }),
      why: '',
      evidence: [{ type: 'count', what: measure, counts: { found: count, welcome: most[measure] ?? 0 } }],
      suggestion: { text: say(context.uiLanguage, 'tone.suggestLess') },
    },
  }));
}
