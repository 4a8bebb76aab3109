/** The closed sets of words that packs, engine and data share. */

/** What a mark can be about. The part before the dot is the family. */
export const FINDING_KINDS = [
  'tone.address',
  'tone.formality',
  'tone.effusive',
  'tone.blunt',
  'stereotype.generalisation',
  'stereotype.homogenising',
  'term.outdated',
  'assumption.convention',
  'assumption.institution',
  'assumption.calendar',
  'assumption.identity',
  'assumption.idiom',
  'norm.etiquette',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export const FAMILIES = ['tone', 'stereotype', 'term', 'assumption', 'norm'] as const;
export type Family = (typeof FAMILIES)[number];

/** The family of a kind: `tone.address` → `tone`. */
export function familyOf(kind: FindingKind): Family {
  return kind.slice(0, kind.indexOf('.')) as Family;
}

export const SITUATIONS = [
  'customer-service',
  'health',
  'education',
  'civic',
  'work',
  'finance',
  'travel',
  'food',
  'family',
  'casual',
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** How well a rule is confirmed, from one author's draft to approval by local reviewers. */
export const REVIEW_LEVELS = ['draft', 'provisional', 'contributed', 'approved'] as const;
export type ReviewLevel = (typeof REVIEW_LEVELS)[number];
