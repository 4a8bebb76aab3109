/**
 * k-anonymity over the full tuple of what is said about a person (Sweeney 2002): every published combination is shared by
 * at least k people, by giving up attributes one after the other and, where that is not enough, the rows.
 */
import type { Annotation } from './fields.ts';

/** In the order in which they are given up. The locale is never given up: a row without it is of no use. */
const GIVEN_UP_FIRST = ['site', 'ui_language', 'gender', 'age_band', 'familiarity'] as const;
type Attribute = (typeof GIVEN_UP_FIRST)[number];
export const QUASI_IDENTIFIERS = ['locale', ...GIVEN_UP_FIRST.toReversed()] as const;

interface Person {
  readonly locale: string;
  readonly rows: readonly Annotation[];
  /** One value for each attribute; null where a person's rows differ: their combination would name them. */
  readonly values: Readonly<Record<Attribute, string | null>>;
}

/**
 * @param rows `rater` tells people apart (one pseudonym a person and locale)
 * @param k at least 2; 10 for open releases, 5 behind a gate
 */
export function anonymise(rows: readonly Annotation[], k: number): { readonly rows: Annotation[]; readonly suppressed: number } {
  const people = [...Map.groupBy(rows, ({ rater }) => rater).values()].map((own): Person => ({
    locale: own[0]!.locale,
    rows: own,
    values: Object.fromEntries(GIVEN_UP_FIRST.map((attribute) => {
      const [first, ...others] = new Set(own.map((row) => row[attribute]));
      return [attribute, others.length === 0 ? (first ?? null) : null];
    })) as Record<Attribute, string | null>,
  }));
  const kept: Annotation[] = [];
  for (const [, inLocale] of Map.groupBy(people, ({ locale }) => locale)) kept.push(...publishable(inLocale, k));
  kept.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { rows: kept, suppressed: rows.length - kept.length };
}

function publishable(people: readonly Person[], k: number): Annotation[] {
  if (people.length < k) return [];
  const classes: { readonly level: number; readonly people: readonly Person[] }[] = [];
  let rest: readonly Person[] = people;
  for (let level = 0; level <= GIVEN_UP_FIRST.length && rest.length > 0; level++) {
    const next: Person[] = [];
    for (const alike of Map.groupBy(rest, (person) => key(person, level)).values()) {
      if (alike.length >= k) classes.push({ level, people: alike });
      else next.push(...alike);
    }
    rest = next;
  }
  // Complementary suppression: fewer than k people left over would stand out by being the only ones without attributes.
  classes.sort((a, b) => b.people.length - a.people.length || a.level - b.level);
  while (rest.length > 0 && rest.length < k) rest = [...rest, ...classes.pop()!.people];
  if (rest.length > 0) classes.push({ level: GIVEN_UP_FIRST.length, people: rest });
  return classes.flatMap(({ level, people: alike }) => alike.flatMap((person) => person.rows.map((row) => ({ ...row, ...shown(person, level) }))));
}

function shown({ values }: Person, level: number): Record<Attribute, string | null> {
  return Object.fromEntries(GIVEN_UP_FIRST.map((attribute, at) => [attribute, at < level ? null : values[attribute]])) as Record<Attribute, string | null>;
}

function key(person: Person, level: number): string {
  return JSON.stringify(shown(person, level));
}

/** The smallest number of people who share a combination in these rows; Infinity without rows. What `verify` checks. */
export function smallestClass(rows: readonly Annotation[]): number {
  const classes = Map.groupBy(rows, (row) => JSON.stringify(QUASI_IDENTIFIERS.map((attribute) => row[attribute])));
  return Math.min(Infinity, ...[...classes.values()].map((alike) => new Set(alike.map(({ rater }) => rater)).size));
}
