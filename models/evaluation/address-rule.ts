/** Which sentences address nobody: the rule of models/training/attune_training/address_rules.py, from the same patterns. */
import rules from '../training/address-rules.json' with { type: 'json' };
import { fromPython } from './python-pattern.ts';

/** A row of CoCoA-MT: spans are `[start, end, tag]` in characters. */
export interface MarkedRow {
  readonly text: string;
  readonly lang: string;
  readonly spans?: readonly (readonly [number, number, string])[];
}

const compiled = (patterns: Readonly<Record<string, string>>) => new Map(Object.entries(patterns).map(([language, pattern]) => [language, fromPython(pattern)]));

const SECOND = compiled(rules.secondPerson);
const THIRD = compiled(rules.thirdPerson);
const THIRD_UNLESS = fromPython(rules.thirdPersonUnless);
const IMPERATIVE_START = compiled(rules.imperativeStart);
const WORDS = fromPython(String.raw`\w+`, 'g');

export const ADDRESS_LANGUAGES: readonly string[] = [...SECOND.keys()];
/** Where words are not what blanks divide, or mark address only together with others. */
const NO_MARKED_WORDS = ['ja', 'vi'];

const baseOf = (tag: string) => tag.split('-')[0]!;
const words = (text: string) => text.match(WORDS) ?? [];

/**
 * @param marked training rows with spans of forms of address; words that stand mostly within them count as address too
 * @returns whether the rule is sure that a sentence addresses nobody; false when it does, or when unsure
 */
export function noAddressRule(marked: Iterable<MarkedRow>): (text: string, language: string) => boolean {
  const forms = formsOfAddress(marked);
  return (text, tag) => {
    const language = baseOf(tag);
    const second = SECOND.get(language);
    if (second === undefined) return false;
    if (THIRD.get(language)?.test(text) === true && !THIRD_UNLESS.test(text)) return true;
    if (second.test(text) || IMPERATIVE_START.get(language)?.test(text) === true) return false;
    const [first = '', ...rest] = text;
    if (language !== 'ja' && second.test(first.toLowerCase() + rest.join(''))) return false;
    return !words(text).some((word) => forms.get(language)?.has(word) === true);
  };
}

/** Words at least half of whose occurrences, and at least two, lie within marked spans. */
function formsOfAddress(marked: Iterable<MarkedRow>): Map<string, Set<string>> {
  const counts = new Map(ADDRESS_LANGUAGES.map((language) => [language, { inside: new Map<string, number>(), overall: new Map<string, number>() }]));
  const add = (to: Map<string, number>, text: string) => {
    for (const word of words(text)) to.set(word, (to.get(word) ?? 0) + 1);
  };
  for (const row of marked) {
    const language = baseOf(row.lang);
    const count = counts.get(language);
    if (count === undefined || NO_MARKED_WORDS.includes(language)) continue;
    add(count.overall, row.text);
    const characters = [...row.text];
    for (const [start, end] of row.spans ?? []) add(count.inside, characters.slice(start, end).join(''));
  }
  return new Map([...counts].map(([language, { inside, overall }]) => [language, new Set([...inside].flatMap(([word, count]) => (count >= 2 && count >= 0.5 * (overall.get(word) ?? 0) ? [word] : [])))]));
}
