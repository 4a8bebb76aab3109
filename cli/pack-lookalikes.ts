/** Finds rules that look for the same words: one of them is superfluous, or they give opposite advice. */
import type { Rule } from '../packs/schema/pack.ts';
import type { PackLibrary } from '../review/packs.ts';
import { familyOf } from '../review/types.ts';
import { fold } from '../review/text/fold.ts';

/** @returns one line for each pattern that two rules of a family share where both may speak to one audience. */
export function lookAlikes(library: PackLibrary, wanted: (pack: string) => boolean): string[] {
  const seen = new Map<string, { pack: string; rule: Rule }[]>();
  for (const pack of library.packs.values()) {
    for (const rule of pack.rules) {
      for (const [language, { any }] of Object.entries(rule.match)) {
        for (const pattern of any) {
          const key = `${language} ${familyOf(rule.kind)} ${fold(pattern).replace(/\s+/g, ' ').trim()}`;
          seen.set(key, [...(seen.get(key) ?? []), { pack: pack.id, rule }]);
        }
      }
    }
  }
  const isLocale = (pack: string) => /-[A-Z]{2}$/.test(pack);
  const lines = new Set<string>();
  for (const [key, rules] of seen) {
    for (const [index, a] of rules.entries()) {
      for (const b of rules.slice(index + 1)) {
        // Rules of two locales never meet.
        if (a.rule.id === b.rule.id || (isLocale(a.pack) && isLocale(b.pack) && a.pack !== b.pack)) continue;
        if (wanted(a.pack) || wanted(b.pack)) lines.add(`${a.pack}: rules ${a.rule.id} and ${b.rule.id} both look for "${key.split(' ').slice(2).join(' ')}": keep one.`);
      }
    }
  }
  return [...lines].sort();
}
