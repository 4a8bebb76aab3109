/** What changed between two states of a pack: the changelog that nobody has to remember to write, and the version it asks for. */
import type { Pack, Rule } from '../schema/pack.ts';

export type Change =
  | { readonly what: 'added' | 'removed'; readonly rule: string }
  | { readonly what: 'deprecated'; readonly rule: string; readonly replacedBy: string }
  | { readonly what: 'changed'; readonly rule: string; readonly parts: readonly string[] }
  | { readonly what: 'data'; readonly part: 'language' | 'expectations' | 'equivalents' | 'conventions' | 'lexicon' };

/** Parts of a rule whose change gives its id another meaning. */
const MEANING = new Set<string>(['type', 'kind', 'concept', 'practice', 'belongs']);

/** From nothing (a new pack) or an earlier state to the present one, in order of rule ids. */
export function changesBetween(before: Pack | undefined, after: Pack): Change[] {
  const [old, now] = [before?.rules ?? [], after.rules].map((rules) => new Map(rules.map((rule) => [rule.id, rule])));
  const changes: Change[] = [];
  for (const id of [...new Set([...old!.keys(), ...now!.keys()])].sort()) {
    const [was, is] = [old!.get(id), now!.get(id)];
    if (was === undefined) changes.push({ what: 'added', rule: id });
    else if (is === undefined) changes.push({ what: 'removed', rule: id });
    else if (is.replacedBy !== undefined && was.replacedBy === undefined) changes.push({ what: 'deprecated', rule: id, replacedBy: is.replacedBy });
    else {
      const parts = differingParts(was, is);
      if (parts.length > 0) changes.push({ what: 'changed', rule: id, parts });
    }
  }
  for (const part of ['language', 'expectations', 'equivalents', 'conventions', 'lexicon'] as const) if (!same(before?.[part], after[part])) changes.push({ what: 'data', part });
  return changes;
}

function differingParts(one: Rule, other: Rule): string[] {
  const [a, b] = [one, other] as unknown as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((part) => !same(a[part], b[part])).sort();
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Semantic versioning of packs: major when an id vanishes or means something else, minor when rules come, else patch. */
export function bumpFor(changes: readonly Change[]): 'major' | 'minor' | 'patch' | null {
  if (changes.length === 0) return null;
  if (changes.some((change) => change.what === 'removed' || (change.what === 'changed' && change.parts.some((part) => MEANING.has(part))))) return 'major';
  return changes.some(({ what }) => what === 'added' || what === 'deprecated') ? 'minor' : 'patch';
}

/** One line a change, for people. */
export function describeChange(change: Change): string {
  switch (change.what) {
    case 'added':
      return `Added ${change.rule}`;
    case 'removed':
      return `Removed ${change.rule}`;
    case 'deprecated':
      return `Deprecated ${change.rule}, replaced by ${change.replacedBy}`;
    case 'changed':
      return `Changed ${change.rule}: ${change.parts.join(', ')}`;
    case 'data':
      return `Changed ${change.part}`;
  }
}
