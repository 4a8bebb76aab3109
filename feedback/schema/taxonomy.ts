/**
 * The closed sets of words of the community dataset, shared by the extension, the collector and the releases. Ids are
 * language-neutral and never change their meaning; an id may be retired but not reused (its column stays in older releases).
 */
import type { Family } from '../../review/types.ts';

/** What a person may allow, each with a tick of its own. */
export const PURPOSES = ['evaluate', 'train', 'publish-labels', 'publish-text', 'demographics', 'contact'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Without one of these nothing may be sent: they are what a submission is kept for. */
export const STORING_PURPOSES = ['evaluate', 'train'] as const satisfies readonly Purpose[];

export const VERDICTS = ['agree', 'partly', 'disagree', 'cannot-judge'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Ordinal: 0 fine here · 1 a little odd · 2 disturbing · 3 offends some · 4 would seriously offend. */
export const SEVERITIES = [0, 1, 2, 3, 4] as const;
export type Severity = (typeof SEVERITIES)[number];

/** "Cannot judge" stands outside every scale: it is an answer, not a middle. */
export const CANNOT_JUDGE = 'cannot-judge';

/** The three questions about a whole answer, each 1 (not at all) to 5 (very). */
export const ANSWER_SCALES = ['helpful', 'harmless', 'honest'] as const;
export type AnswerScale = (typeof ANSWER_SCALES)[number];

/** How somebody knows the culture they judge. */
export const FAMILIARITIES = ['native', 'lived', 'studied', 'none'] as const;
export type Familiarity = (typeof FAMILIARITIES)[number];

/** Reasons that fit every kind of finding. */
export const COMMON_REASONS = ['fits-here', 'depends-on-situation', 'depends-on-person', 'tool-misread', 'wrong-place', 'wording-unclear', 'other'] as const;

/** Reasons by family of finding, beside the common ones. */
export const FAMILY_REASONS = {
  tone: ['too-familiar', 'too-stiff', 'too-enthusiastic', 'flattering', 'too-blunt', 'too-apologetic', 'mixed-forms'],
  stereotype: ['hostile', 'flattering-but-false', 'treats-many-as-one', 'exoticising', 'fact-not-stereotype', 'quoted-or-criticised'],
  term: ['outdated', 'offensive', 'disputed', 'used-by-the-group-itself'],
  assumption: ['does-not-exist-here', 'other-name-here', 'other-unit-here', 'other-season-or-holiday', 'assumes-religion-or-family', 'idiom-not-understood', 'known-here-too'],
  norm: ['impolite-here', 'religious-conflict', 'dietary-conflict', 'bad-luck-or-mourning', 'old-fashioned', 'only-some-people'],
} as const satisfies Record<Family, readonly string[]>;

export type Reason = (typeof COMMON_REASONS)[number] | (typeof FAMILY_REASONS)[Family][number];
export const REASONS = [...COMMON_REASONS, ...Object.values(FAMILY_REASONS).flat()] as readonly Reason[] as readonly [Reason, ...Reason[]];

/** Reasons that the form offers for a kind of finding, in the order it shows them. */
export function reasonsFor(family: Family): readonly Reason[] {
  return [...FAMILY_REASONS[family], ...COMMON_REASONS];
}

/** What redaction replaces, each by `[LABEL]` in the text. */
export const REDACTION_TYPES = ['email', 'phone', 'iban', 'card', 'national-id', 'address', 'url', 'ip', 'name', 'number', 'chosen'] as const;
export type RedactionType = (typeof REDACTION_TYPES)[number];

/** Coarse on purpose; "prefer-not-to-say" is what silence means. */
export const AGE_BANDS = ['18-29', '30-44', '45-59', '60+', 'prefer-not-to-say'] as const;
export const GENDERS = ['woman', 'man', 'another', 'prefer-not-to-say'] as const;
