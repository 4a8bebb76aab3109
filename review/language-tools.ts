/** What the engine prepares once for each language of a pack library: compiled cues, places, situations, address markers, rules. */
import type { AddressForms, Lexicon, Matcher, Pack } from '../packs/schema/pack.ts';
import { buildPatternIndex, buildPatternTest, compileLists, type ListSteps, type PatternIndex, type PatternTest } from './patterns/index.ts';
import { isForOneLocale, languageData, lexiconOf, type PackLibrary, type PackRule } from './packs.ts';
import type { Language, Situation } from './types.ts';

export const CUES = ['negation', 'warning', 'attribution', 'counter', 'contrast', 'limiting'] as const;
export type Cue = (typeof CUES)[number];

/** A rule as it reads in one language. */
export interface RuleMatcher extends PackRule {
  readonly matcher: Matcher;
  readonly not?: PatternTest | undefined;
  readonly with?: PatternTest | undefined;
}

export interface AddressMarker {
  readonly form: string;
  readonly at: 'inner' | 'end' | undefined;
  readonly strength: number;
  readonly not?: PatternTest | undefined;
}

export interface AddressTools {
  readonly forms: AddressForms['forms'];
  readonly markers: PatternIndex<AddressMarker>;
  readonly requested: PatternIndex<string>;
  /** Speech levels live at the end of sentences and may differ between prose, lists and headings. */
  readonly speechLevels: boolean;
  compatible(a: string, b: string): boolean;
}

/** A tone that a reader may ask for in so many words. */
export type Ask = 'enthusiasm' | 'casual' | 'formal' | 'direct';

/** Rules apart by whom they serve, so that the packs of other audiences cost a review nothing. */
export interface RuleIndexes {
  /** Of `root` and of language packs: for every audience. */
  readonly shared: PatternIndex<RuleMatcher>;
  /** Of one locale pack. */
  ofLocale(pack: string): PatternIndex<RuleMatcher>;
}

export interface LanguageTools {
  readonly language: Language;
  /** Whether a pack of this language is there at all. Without one, tone and address are not judged. */
  readonly known: boolean;
  readonly cues: Readonly<Record<Cue, PatternTest>>;
  /** Names of places, by region. */
  readonly places: PatternIndex<string>;
  /** People named as a group. */
  readonly groups: PatternTest;
  readonly situations: PatternIndex<Situation>;
  /** What tone a prompt asks for. */
  readonly asks: PatternIndex<Ask>;
  readonly address: AddressTools | undefined;
  readonly rules: RuleIndexes;
  readonly lexicon: Lexicon | undefined;
}

/** Text from CLDR is no pattern: its signs stand for themselves. */
export function literalPattern(text: string): string {
  return text.replace(/[\\*()[\]{}|^$]/g, String.raw`\$&`).replaceAll('...', String.raw`\.\.\.`);
}

export function createLanguageTools(library: PackLibrary): (language: Language) => LanguageTools {
  const made = new Map<Language, LanguageTools>();
  return (language) => {
    let tools = made.get(language);
    if (tools === undefined) made.set(language, (tools = makeTools(library, language)));
    return tools;
  };
}

function makeTools(library: PackLibrary, language: Language): LanguageTools {
  const data = languageData(library, language);
  const lexicon = lexiconOf(library, language);
  const lists = compileLists(new Map(Object.entries(data?.lists ?? {})));
  const test = (patterns: readonly string[] | undefined) => buildPatternTest(patterns ?? [], lists);
  return {
    language,
    known: data !== undefined,
    cues: Object.fromEntries(CUES.map((cue) => [cue, test(data?.cues[cue])])) as Record<Cue, PatternTest>,
    places: buildPatternIndex(placeGroups(data?.places, lexicon), lists),
    groups: test(data?.groups),
    situations: buildPatternIndex(
      Object.entries(data?.situations ?? {}).map(([situation, patterns]) => ({ owner: situation as Situation, patterns })),
      lists,
    ),
    asks: buildPatternIndex(Object.entries(data?.asks ?? {}).map(([ask, patterns]) => ({ owner: ask as Ask, patterns })), lists),
    address: data?.address === undefined ? undefined : addressTools(data.address, lists),
    rules: ruleIndexes(library, language, lists),
    lexicon,
  };
}

/** Regions whose name is an everyday word somewhere (turkey, jersey, Portuguese "peru", Italian "malta"): the word needs its capital. */
const NEEDS_CAPITAL = new Set(['TR', 'JE', 'PE', 'MT', 'ML', 'TD', 'GD', 'JO', 'GE']);
/** The name is a meeting in half of Europe (riunione, reunión, la réunion), often with a capital. Packs name the island in their own places. */
const ONLY_BY_PACKS = new Set(['RE']);

function needsCapital(name: string): boolean {
  return /^\p{Lu}{2,3}$/u.test(name) || (/^\p{Lu}\p{L}{0,3}$/u.test(name) && /[^\x20-\x7e]/.test(name) && /\p{sc=Latin}/u.test(name));
}

function* placeGroups(places: Readonly<Record<string, readonly string[]>> | undefined, lexicon: Lexicon | undefined) {
  const fromCldr = Object.entries(lexicon?.regions ?? {}).filter(([region]) => !ONLY_BY_PACKS.has(region)).map(([region, names]): [string, string[]] => [region, names.map(literalPattern)]);
  for (const [region, patterns] of fromCldr.filter(([region]) => NEEDS_CAPITAL.has(region))) yield { owner: region, patterns, caseSensitive: true };
  // Capitals matter in names such as "US", "UK" or "USA", which are words or endings otherwise (Italian "usa": use), and in short
  // names with a diacritic: Vietnamese Đức, Pháp and Ý (Germany, France, Italy) are syllables of everyday words (đạo đức, pháp luật, chú ý).
  for (const [region, patterns] of [...fromCldr.filter(([region]) => !NEEDS_CAPITAL.has(region)), ...Object.entries(places ?? {})]) {
    const [short, long] = [patterns.filter(needsCapital), patterns.filter((pattern) => !needsCapital(pattern))];
    if (short.length > 0) yield { owner: region, patterns: short, caseSensitive: true };
    if (long.length > 0) yield { owner: region, patterns: long };
  }
}

function addressTools(data: AddressForms, lists: ListSteps): AddressTools {
  const compatible = new Set((data.compatible ?? []).flatMap((forms) => forms.flatMap((a) => forms.map((b) => `${a} ${b}`))));
  return {
    forms: data.forms,
    markers: buildPatternIndex(
      data.markers.map((marker) => ({
        owner: { form: marker.form, at: marker.at, strength: marker.strength, not: marker.not && buildPatternTest(marker.not, lists, marker.caseSensitive) },
        patterns: marker.any,
        caseSensitive: marker.caseSensitive,
      })),
      lists,
    ),
    requested: buildPatternIndex(Object.entries(data.requested ?? {}).map(([form, patterns]) => ({ owner: form, patterns })), lists),
    speechLevels: data.markers.filter((marker) => marker.at === 'end').length * 2 > data.markers.length,
    compatible: (a, b) => a === b || compatible.has(`${a} ${b}`),
  };
}

function ruleIndexes(library: PackLibrary, language: Language, lists: ListSteps): RuleIndexes {
  const index = (packs: Iterable<Pack>) => buildPatternIndex(ruleGroups(packs, language, lists), lists);
  const locales = new Map<string, PatternIndex<RuleMatcher>>();
  return {
    shared: index([...library.packs.values()].filter((pack) => !isForOneLocale(pack))),
    ofLocale(id) {
      let made = locales.get(id);
      if (made === undefined) {
        const pack = library.packs.get(id);
        locales.set(id, (made = index(pack !== undefined && isForOneLocale(pack) ? [pack] : [])));
      }
      return made;
    },
  };
}

function* ruleGroups(packs: Iterable<Pack>, language: Language, lists: ListSteps) {
  for (const pack of packs) {
    for (const rule of pack.rules) {
      if (rule.replacedBy !== undefined) continue;
      for (const key of [language, 'und']) {
        const matcher = rule.match[key];
        if (matcher === undefined) continue;
        const owner: RuleMatcher = {
          rule,
          pack,
          matcher,
          not: matcher.not && buildPatternTest(matcher.not, lists, matcher.caseSensitive),
          with: matcher.with && buildPatternTest(matcher.with, lists, matcher.caseSensitive),
        };
        yield { owner, patterns: matcher.any, caseSensitive: matcher.caseSensitive };
      }
    }
  }
}
