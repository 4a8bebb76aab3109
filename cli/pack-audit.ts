/** What can be wrong with a rule that is valid: expired, untranslated, without votes for its level, contradicting another. */
import { standingOf } from '../packs/governance/votes.ts';
import type { Localised, Pack, Rule } from '../packs/schema/pack.ts';
import type { Vote } from '../packs/schema/votes.ts';
import { createReviewer } from '../review/review.ts';
import { audienceLocales, type PackLibrary } from '../review/packs.ts';
import { parseMarkdown } from '../review/text/markdown.ts';

/** Customs and names change: a rule that nobody has confirmed for so long is looked at again or goes. */
export const CONFIRM_WITHIN_MONTHS = 18;

/** @param today ISO date */
export function expired(pack: Pack, today: string): string[] {
  const limit = new Date(`${today}T00:00:00Z`);
  limit.setUTCMonth(limit.getUTCMonth() - CONFIRM_WITHIN_MONTHS);
  const oldest = limit.toISOString().slice(0, 10);
  return pack.rules.filter(({ confirmed, added }) => (confirmed ?? added) < oldest).map(({ id, confirmed, added }) => `${pack.id}: rule ${id} was last confirmed on ${confirmed ?? added}, more than ${CONFIRM_WITHIN_MONTHS} months ago: confirm it ("confirmed:") or remove it.`);
}

/** Texts for readers must be there in English and, in a language or locale pack, in its own language. */
export function untranslated(pack: Pack): string[] {
  if (pack.id === 'root') return [];
  const language = pack.id.replace(/-[A-Z]{2}$/, '');
  const missing = (text: Localised | undefined) => text !== undefined && !(language in text);
  return pack.rules.flatMap((rule) => {
    const parts = { message: rule.message, why: rule.why, suggestion: rule.suggestion, dissent: rule.dissent, ...(rule.type === 'norm' ? { statement: rule.statement } : {}) };
    const gaps = Object.entries(parts).filter(([, text]) => missing(text)).map(([name]) => name);
    return gaps.length === 0 ? [] : [`${pack.id}: rule ${rule.id} has no "${language}" text for ${gaps.join(', ')}.`];
  });
}

/** Deprecated rules name a rule that is there; levels are what votes have given. */
export function governance(pack: Pack, library: PackLibrary, votes: readonly Vote[]): string[] {
  const ids = new Set([...library.packs.values()].flatMap(({ rules }) => rules.map(({ id }) => id)));
  const faults: string[] = [];
  for (const rule of pack.rules) {
    if (rule.replacedBy !== undefined && !ids.has(rule.replacedBy)) faults.push(`${pack.id}: rule ${rule.id} is replaced by "${rule.replacedBy}", which does not exist.`);
    if (rule.level === 'draft') continue;
    const standing = standingOf(votes.filter((vote) => vote.rule === rule.id), { oldLevel: 'draft', established: false, sourced: isSourced(rule, pack) });
    if (standing.level !== rule.level) faults.push(`${pack.id}: rule ${rule.id} says level "${rule.level}", its votes give "${standing.level}" (${standing.reason}).`);
  }
  for (const { rule } of votes) if (!pack.rules.some(({ id }) => id === rule)) faults.push(`${pack.id}: votes.yaml names the rule "${rule}", which is not in this pack.`);
  return faults;
}

export function isSourced(rule: Rule, pack: Pack): boolean {
  return rule.sources.some((id) => pack.sources[id] !== undefined && pack.sources[id].kind !== 'general-knowledge');
}

/** Opposite advice: a name that one rule prefers and another marks, a custom that one expects and another avoids. */
export async function conflicts(library: PackLibrary, wanted: (pack: string) => boolean): Promise<string[]> {
  const reviewer = createReviewer({ packs: library });
  const locales = audienceLocales(library).map(({ locale }) => locale);
  const lines = new Set<string>();
  for (const pack of library.packs.values()) {
    if (!wanted(pack.id)) continue;
    const audience = locales.includes(pack.id) ? pack.id : locales.find((locale) => locale.startsWith(`${pack.id}-`));
    if (audience === undefined) continue;
    for (const rule of pack.rules) {
      if (rule.type !== 'term') continue;
      for (const [language, names] of Object.entries(rule.prefer)) {
        for (const name of names) {
          for (const { rule: other, kind } of await reviewer.propose(parseMarkdown(name), { locale: audience }, { language })) {
            if (kind === 'term.outdated') lines.add(`${pack.id}: rule ${rule.id} prefers "${name}", which rule ${other} marks.`);
          }
        }
      }
    }
  }
  const norms = [...library.packs.values()].flatMap((pack) => pack.rules.flatMap((rule) => (rule.type === 'norm' && rule.practice !== 'stated' ? [{ pack: pack.id, rule }] : [])));
  const byPattern = Map.groupBy(norms.flatMap(({ pack, rule }) => Object.entries(rule.match).flatMap(([language, { any }]) => any.map((pattern) => ({ pack, rule, key: `${language} ${pattern.toLowerCase()}` })))), ({ key }) => key);
  for (const [key, same] of byPattern) {
    for (const a of same) {
      for (const b of same) {
        const together = a.pack === b.pack || library.chain(a.pack).some(({ id }) => id === b.pack);
        if (together && a.rule.practice === 'avoided' && b.rule.practice === 'expected' && (wanted(a.pack) || wanted(b.pack))) lines.add(`${a.pack}: rule ${a.rule.id} avoids what ${b.rule.id} expects ("${key}").`);
      }
    }
  }
  return [...lines].sort();
}
