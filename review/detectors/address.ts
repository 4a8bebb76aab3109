/** tone.address: a form of address that does not fit, or that changes within the answer. */
import { addressExpectation, type AddressExpectation } from '../expectations/address.ts';
import type { Candidate, Detector, ReviewContext } from '../context.ts';
import { fill, pick, say } from '../explain/texts.ts';
import type { AddressMarker, AddressTools } from '../language-tools.ts';
import type { Observation } from '../observe.ts';
import type { MatchText, PatternHit } from '../patterns/index.ts';
import type { BlockKind, Evidence, Language } from '../types.ts';
import { audienceName, sourcesOf } from './rules.ts';

/** A form of address shown by a passage. */
interface Shown {
  readonly form: string;
  readonly passage: number;
  readonly observation: Observation;
  readonly start: number;
  readonly end: number;
  readonly strength: number;
  readonly group: 'prose' | 'list' | 'heading';
}

/** Markers weaker than this count only in a passage or answer that shows the same form strongly. */
const STRONG = 0.5;
/** Beyond this many, marks of one and the same misfit are only listed: one idea, not twenty. */
const ENOUGH_MARKS = 2;

export const address: Detector = (context) => {
  // A draft speaks to its own addressee, the rest of the answer to the reader: each is judged by itself.
  const scopes = new Map<string, Shown[]>();
  for (const [passage, observation] of context.observations.entries()) {
    const { address: tools, language } = observation.tools;
    // Cells of a table are forms to look up, not words to the reader.
    if (tools === undefined || observation.passage.block === 'table') continue;
    const scope = `${language} ${observation.passage.scope}`;
    scopes.set(scope, [...(scopes.get(scope) ?? []), ...shownIn(observation, passage, tools)]);
  }
  return [...scopes.values()].flatMap((shown) => {
    const tools = shown[0]?.observation.tools;
    return tools?.address === undefined || isLesson(shown, tools.address) ? [] : judge(context, tools.language, tools.address, shown);
  });
};

/** Sentences that show two forms at once. */
const LESSON_SENTENCES = 2;

/** An answer that keeps naming forms side by side that do not go together explains them ("du is for friends, Sie for strangers"). */
function isLesson(shown: readonly Shown[], tools: AddressTools): boolean {
  const forms = new Map<number, Set<string>>();
  for (const { passage, form, strength } of shown) if (strength >= STRONG) forms.set(passage, (forms.get(passage) ?? new Set()).add(form));
  const clashes = (set: ReadonlySet<string>) => [...set].some((a) => [...set].some((b) => !tools.compatible(a, b)));
  return [...forms.values()].filter(clashes).length >= LESSON_SENTENCES;
}

function markersIn(text: MatchText, tools: AddressTools): PatternHit<AddressMarker>[] {
  return tools.markers.search(text).filter((hit) => counts(hit, text.exact) && hit.owner.not?.first(text) === undefined);
}

/** The form of address that sentences show most, by strong markers; null when they show none. For `packs check`. */
export function dominantForm(sentences: readonly MatchText[], tools: AddressTools): string | null {
  const weights = new Map<string, number>();
  for (const { owner } of sentences.flatMap((sentence) => markersIn(sentence, tools))) {
    if (owner.strength >= STRONG) weights.set(owner.form, (weights.get(owner.form) ?? 0) + owner.strength);
  }
  const [best] = [...weights].sort((a, b) => b[1] - a[1]);
  return best?.[0] ?? null;
}

function shownIn(observation: Observation, passage: number, tools: AddressTools): Shown[] {
  const hits = markersIn(observation.said, tools);
  const forms = new Map<string, PatternHit<AddressMarker>[]>();
  for (const hit of hits) forms.set(hit.owner.form, [...(forms.get(hit.owner.form) ?? []), hit]);
  return [...forms].map(([form, found]) => {
    const strongest = found.reduce((a, b) => (b.owner.strength > a.owner.strength ? b : a));
    return { form, passage, observation, start: strongest.start, end: strongest.end, strength: strongest.owner.strength, group: groupOf(observation.passage.block) };
  });
}

function counts({ owner, start, end }: PatternHit<AddressMarker>, text: string): boolean {
  switch (owner.at) {
    case undefined:
      return true;
    case 'inner':
      // Not the first word: a capital says nothing there.
      return /[\p{L}\p{N}]/u.test(text.slice(0, start)) && !/[.!?:]\s*$/.test(text.slice(0, start));
    case 'end':
      return !/[\p{L}\p{N}]/u.test(text.slice(end).replace(/[（(][^）)]*[）)]/gu, ''));
  }
}

function groupOf(block: BlockKind): Shown['group'] {
  return block === 'list' ? 'list' : block === 'heading' || block === 'table' ? 'heading' : 'prose';
}

/**
 * A draft that nothing in the prompt or the answer places in a situation may be for anybody: what the reader expects for herself
 * says nothing about its form, and only a change of form is a slip. A wish does: it is set for a conversation.
 */
function speaksToAnybody({ situation }: ReviewContext, shown: readonly Shown[]): boolean {
  return (situation === undefined || situation === 'casual') && shown.some(({ observation }) => observation.passage.draft);
}

function judge(context: ReviewContext, language: Language, tools: AddressTools, shown: readonly Shown[]): Candidate[] {
  const strongForms = new Set(shown.filter(({ strength }) => strength >= STRONG).map(({ form }) => form));
  const seen = shown.filter(({ form }) => strongForms.has(form));
  if (seen.length === 0) return [];
  const expectation = addressExpectation(context.audience, language, tools, context.situation, context.wishes, context.prompt);
  const counts = countForms(seen);
  const plural = new Set(tools.forms.filter(({ alsoPlural }) => alsoPlural === true).map(({ id }) => id));
  // "vous" beside a fitting "tu" speaks to several people, as far as one can tell.
  const excused = seen.some(({ form }) => expectation.fits.has(form)) ? plural : new Set<string>();
  const unfit = expectation.fits.size === 0 || (expectation.from === 'pack' && speaksToAnybody(context, shown)) ? [] : seen.filter(({ form, strength }) => !expectation.fits.has(form) && !excused.has(form) && strength >= STRONG);
  const fitting = expectation.fits.size === 0 ? 0 : seen.length - seen.filter(({ form }) => !expectation.fits.has(form)).length;

  const misfits = spread(unfit).map((one, index) =>
    fitting > 0 ? mixed(context, tools, one, counts, dominant(counts, (form) => expectation.fits.has(form)), expectation) : misfit(context, tools, one, expectation, index),
  );
  // Among the forms that would each fit, a change is still a slip.
  const slips = minorities(seen.filter((one) => !unfit.includes(one)), tools).filter(({ one, other }) => !plural.has(one.form) && !(plural.has(other) && expectation.fits.has(one.form)));
  return [...misfits, ...slips.map(({ one, other }) => mixed(context, tools, one, counts, other, expectation))];
}

function countForms(shown: readonly Shown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { form } of shown) counts.set(form, (counts.get(form) ?? 0) + 1);
  return counts;
}

function dominant(counts: ReadonlyMap<string, number>, among: (form: string) => boolean): string {
  return [...counts].filter(([form]) => among(form)).reduce((a, b) => (b[1] > a[1] ? b : a))[0];
}

/** One mark a passage, in order of text. */
function spread(shown: readonly Shown[]): Shown[] {
  const first = new Map<number, Shown>();
  for (const one of shown) if (!first.has(one.passage)) first.set(one.passage, one);
  return [...first.values()];
}

/**
 * Passages whose form is the rarer of two that do not go together. Speech levels are compared within prose, lists and
 * headings apart (a list in plain style under polite prose is good Japanese); pronouns are compared across the answer.
 */
function minorities(shown: readonly Shown[], tools: AddressTools): { one: Shown; other: string }[] {
  const groups = tools.speechLevels ? [...new Set(shown.map(({ group }) => group))].map((group) => shown.filter((one) => one.group === group)) : [shown];
  return groups.flatMap((group) => {
    const counts = countForms(group);
    if (counts.size < 2) return [];
    const main = dominant(counts, () => true);
    return spread(group.filter(({ form, strength }) => form !== main && strength >= STRONG && !tools.compatible(form, main) && counts.get(form)! < counts.get(main)!)).map((one) => ({ one, other: main }));
  });
}

function formName(tools: AddressTools, form: string, context: ReviewContext): string {
  const name = tools.forms.find(({ id }) => id === form)?.name;
  return name === undefined ? form : pick(name, context.uiLanguage);
}

function expectationEvidence({ source }: AddressExpectation, language: Language, context: ReviewContext): Evidence[] {
  if (source === undefined) return [];
  const { pack, part } = source;
  return [
    {
      type: 'rule',
      rule: `${pack.id}.expectations.address.${language}`,
      pack: pack.id,
      version: pack.version,
      level: part.level,
      sources: sourcesOf(pack, part.sources, context),
      ...(part.dissent && { dissent: pick(part.dissent, context.uiLanguage) }),
    },
  ];
}

function reason(expectation: AddressExpectation, context: ReviewContext): string {
  if (expectation.from === 'wish' || expectation.from === 'request') return say(context.uiLanguage, 'address.wishWhy');
  const part = expectation.source?.part;
  return part === undefined ? '' : fill(pick(part.why, context.uiLanguage), { audience: audienceName(context) });
}

function base({ observation, passage, start, end }: Shown) {
  return { kind: 'tone.address' as const, passage, start: observation.passage.start + start, end: observation.passage.start + end };
}

function misfit(context: ReviewContext, tools: AddressTools, one: Shown, expectation: AddressExpectation, index: number): Candidate {
  const ui = context.uiLanguage;
  const expected = expectation.expected.map((form) => formName(tools, form, context)).join(' / ');
  const language = one.observation.tools.language;
  return {
    ...base(one),
    severity: 2,
    // A situation that was only assumed makes the expectation less sure.
    confidence: (context.situation === undefined && expectation.from === 'pack' ? 0.62 : 0.78) * (index < ENOUGH_MARKS ? 1 : 0.7),
    rule: `${language}.address.${one.form}`,
    message: say(ui, 'address.unfit', { form: formName(tools, one.form, context), expected }),
    why: reason(expectation, context),
    evidence: expectationEvidence(expectation, language, context),
    suggestion: { text: say(ui, 'address.suggestion', { expected }) },
  };
}

function mixed(context: ReviewContext, tools: AddressTools, one: Shown, counts: ReadonlyMap<string, number>, other: string, expectation: AddressExpectation): Candidate {
  const ui = context.uiLanguage;
  const language = one.observation.tools.language;
  const names = { form: formName(tools, one.form, context), other: formName(tools, other, context) };
  return {
    ...base(one),
    severity: 2,
    confidence: counts.get(one.form)! * 2 <= counts.get(other)! ? 0.88 : 0.75,
    rule: `${language}.address.mixed`,
    message: say(ui, 'address.mixed', { ...names, count: counts.get(one.form)!, otherCount: counts.get(other)! }),
    why: [say(ui, 'address.mixedWhy'), reason(expectation, context)].filter((text) => text !== '').join(' '),
    evidence: [{ type: 'count', what: 'address', counts: Object.fromEntries(counts) }, ...expectationEvidence(expectation, language, context)],
    suggestion: { text: say(ui, 'address.suggestion', { expected: names.other }) },
  };
}
