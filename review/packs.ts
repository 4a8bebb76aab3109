/**
 * The pack library: validates pack data, resolves inheritance and answers "which packs speak for this audience
 * and this text?". Bad packs are refused one by one with reasons; the others go on working.
 */
import { type z } from 'zod';
import { pack as packSchema, type Pack, type Conventions, type Equivalent, type Expectations, type LanguageData, type Lexicon, type Rule } from '../packs/schema/pack.ts';
import { type QuickFixes, withoutSwitchedOff } from '../packs/schema/quick-fixes.ts';
import { BUILT_IN_LISTS, listsIn, parsePattern } from '../packs/schema/pattern.ts';

export interface RefusedPack {
  readonly id: string;
  /** One line for each fault, with the path into the pack. */
  readonly reasons: readonly string[];
}

/** A rule with the pack it came from. */
export interface PackRule {
  readonly rule: Rule;
  readonly pack: Pack;
}

export interface PackLibrary {
  readonly packs: ReadonlyMap<string, Pack>;
  readonly refused: readonly RefusedPack[];
  /** A short text that changes whenever any pack does: part of every cache key. */
  readonly versions: string;
  /** The pack and all it extends, most specific first; empty when unknown. */
  chain(id: string): readonly Pack[];
}

/**
 * Validates packs. Never throws for bad data: what is wrong is in `refused`.
 * @param quickFixes a verified list of rules to leave out
 */
export function loadPacks(data: readonly unknown[], { quickFixes }: { readonly quickFixes?: QuickFixes } = {}): PackLibrary {
  const packs = new Map<string, Pack>();
  const refused: RefusedPack[] = [];
  for (const [index, raw] of data.entries()) {
    const parsed = packSchema.safeParse(raw);
    const id = idOf(raw) ?? `pack ${index + 1}`;
    if (!parsed.success) {
      refused.push({ id, reasons: parsed.error.issues.map(describeIssue) });
    } else if (packs.has(parsed.data.id)) {
      refused.push({ id, reasons: [`There are two packs called "${id}": rename or remove one.`] });
    } else {
      packs.set(parsed.data.id, quickFixes === undefined ? parsed.data : withoutSwitchedOff(parsed.data, quickFixes));
    }
  }
  // A pack may be fine on its own and still point at something that is not there.
  for (let changed = true; changed; ) {
    changed = false;
    for (const pack of [...packs.values()]) {
      const reasons = referenceFaults(pack, packs);
      if (reasons.length > 0) {
        packs.delete(pack.id);
        refused.push({ id: pack.id, reasons });
        changed = true;
      }
    }
  }
  return {
    packs,
    refused,
    versions: [...[...packs.values()].map((pack) => `${pack.id}@${pack.version}`).sort(), ...(quickFixes === undefined ? [] : [`quick-fixes@${quickFixes.serial}`])].join(' '),
    chain: (id) => chainOf(id, packs),
  };
}

function idOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('id' in raw)) return undefined;
  return typeof raw.id === 'string' ? raw.id : undefined;
}

function describeIssue(issue: z.core.$ZodIssue): string {
  // A union's own message ("Invalid input") helps nobody: say what its closest branch says.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const depth = (branch: readonly z.core.$ZodIssue[]) => Math.max(0, ...branch.map(({ path }) => path.length));
    const branch = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]!;
    return branch.map((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] })).join('; ');
  }
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function chainOf(id: string, packs: ReadonlyMap<string, Pack>): Pack[] {
  const chain: Pack[] = [];
  for (let next: string | undefined = id; next !== undefined; ) {
    const pack = packs.get(next);
    if (pack === undefined || chain.includes(pack)) break;
    chain.push(pack);
    next = pack.extends;
  }
  return chain;
}

/** Faults that only show beside the other packs: missing parents, circles, unknown sources, lists and forms, double ids. */
function referenceFaults(pack: Pack, packs: ReadonlyMap<string, Pack>): string[] {
  const faults: string[] = [];
  if (pack.extends !== undefined && !packs.has(pack.extends)) faults.push(`extends "${pack.extends}", which is missing or was refused.`);
  const chain = chainOf(pack.id, packs);
  if (chain.at(-1)?.extends === pack.id || chain.some((other) => other !== pack && other.extends === pack.id)) faults.push('extends itself in a circle.');
  const known = new Set(chain.flatMap((other) => Object.keys(other.sources)));
  const cite = (sources: readonly string[], where: string) => {
    for (const id of sources) if (!known.has(id)) faults.push(`${where}: cites the source "${id}", which pack.yaml does not list.`);
  };
  const seen = new Set<string>();
  for (const rule of pack.rules) {
    if (seen.has(rule.id)) faults.push(`rules: two rules are called "${rule.id}".`);
    seen.add(rule.id);
    cite(rule.sources, `rule ${rule.id}`);
    for (const [lang, matcher] of Object.entries(rule.match)) {
      const lists = listNames(lang, packs);
      for (const source of [...matcher.any, ...(matcher.not ?? []), ...(matcher.with ?? [])]) {
        for (const name of listsIn(parsePattern(source))) {
          // Without the language's pack its texts are not read at all.
          if (packs.has(lang) && !lists.has(name)) faults.push(`rule ${rule.id}: the language "${lang}" has no list {${name}}.`);
        }
      }
    }
  }
  if (pack.expectations?.tone) cite(pack.expectations.tone.sources, 'expectations.tone');
  for (const [lang, part] of Object.entries(pack.expectations?.address ?? {})) {
    cite(part.sources, `expectations.address.${lang}`);
    const forms = new Set(packs.get(lang)?.language?.address?.forms.map((form) => form.id));
    for (const set of [part.default, ...Object.values(part.situations)]) {
      for (const form of [...set.expected, ...set.tolerated]) {
        if (packs.has(lang) && !forms.has(form)) faults.push(`expectations.address.${lang}: "${form}" is no form of address of the language pack "${lang}".`);
      }
    }
  }
  for (const [concept, local] of Object.entries(pack.equivalents)) cite(local.sources, `equivalents.${concept}`);
  for (const name of (pack.language?.groups ?? []).flatMap((source) => listsIn(parsePattern(source)))) {
    if (!listNames(pack.id, packs).has(name)) faults.push(`language.groups: there is no list {${name}}.`);
  }
  for (const marker of pack.language?.address?.markers ?? []) {
    if (!pack.language!.address!.forms.some((form) => form.id === marker.form)) faults.push(`language.address.markers: "${marker.form}" is not in forms.`);
  }
  return faults;
}

function listNames(lang: string, packs: ReadonlyMap<string, Pack>): Set<string> {
  return new Set<string>([...BUILT_IN_LISTS, ...Object.keys(packs.get(lang)?.language?.lists ?? {})]);
}

/** What a library knows about one audience: everything merged along the chain, most specific first. */
export interface AudiencePacks {
  readonly locale: string;
  readonly region: string;
  readonly language: string;
  readonly chain: readonly Pack[];
  readonly conventions: Conventions;
}

/** Locale packs speak to their own readers (and to those of packs that extend them); `root` and language packs to all. */
export function isForOneLocale({ id }: Pick<Pack, 'id'>): boolean {
  return /-[A-Z]{2}$/.test(id);
}

/** The packs that speak for an audience, or undefined when no locale pack is there (the tool then stays silent). */
export function audiencePacks(library: PackLibrary, locale: string): AudiencePacks | undefined {
  const chain = library.chain(locale);
  const conventions = chain.find((pack) => pack.conventions !== undefined)?.conventions;
  if (chain.length === 0 || conventions === undefined) return undefined;
  return { locale, region: conventions.region, language: locale.replace(/-[A-Z]{2}$/, ''), chain, conventions };
}

/** Locales that the tool can review for. */
export function audienceLocales(library: PackLibrary): readonly { locale: string; name: Pack['name'] }[] {
  return [...library.packs.values()]
    .filter((pack) => pack.conventions !== undefined && pack.status !== 'deprecated')
    .map((pack) => ({ locale: pack.id, name: pack.name }))
    .sort((a, b) => a.locale.localeCompare(b.locale));
}

export function languageData(library: PackLibrary, language: string): LanguageData | undefined {
  return library.packs.get(language)?.language;
}

export function lexiconOf(library: PackLibrary, language: string): Lexicon | undefined {
  return library.packs.get(language)?.lexicon;
}

/** The local form of a shared concept for an audience, with the pack that says so. */
export function equivalentOf(audience: AudiencePacks, concept: string): { equivalent: Equivalent; pack: Pack } | undefined {
  for (const pack of audience.chain) {
    const equivalent = pack.equivalents[concept];
    if (equivalent !== undefined) return { equivalent, pack };
  }
  return undefined;
}

/** The most specific pack of an audience that has an expectation of the given part. */
export function expectationOf<K extends keyof Expectations>(audience: AudiencePacks, part: K): { value: NonNullable<Expectations[K]>; pack: Pack } | undefined {
  for (const pack of audience.chain) {
    const value = pack.expectations?.[part];
    if (value !== undefined && Object.keys(value).length > 0) return { value: value, pack };
  }
  return undefined;
}
