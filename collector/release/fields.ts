/** The columns of a release, said once: Parquet, CSV, Croissant, the dataset card and `verify` are all made from this list. */

export type FieldType = 'text' | 'integer' | 'number' | 'boolean';
export interface Field<Row> {
  readonly name: keyof Row & string;
  readonly type: FieldType;
  readonly nullable: boolean;
  readonly description: string;
  /** Words that people or chatbots wrote: only with consent to publish text, and never in the CSV. */
  readonly free?: boolean;
}

/** One judgement by one person. Null means "cannot judge" on scales, "not published" on the person, else "does not apply". */
export interface Annotation {
  readonly id: string;
  readonly item: string;
  readonly group: string;
  readonly split: Split;
  readonly rater: string;
  readonly type: 'verdict' | 'missed' | 'answer';
  readonly kind: string | null;
  readonly locale: string;
  readonly familiarity: string | null;
  readonly age_band: string | null;
  readonly gender: string | null;
  readonly ui_language: string | null;
  readonly site: string | null;
  readonly situation: string | null;
  readonly verdict: string | null;
  readonly severity: number | null;
  readonly helpful: number | null;
  readonly harmless: number | null;
  readonly honest: number | null;
  readonly reason: string | null;
  readonly mark_rule: string | null;
  readonly mark_severity: number | null;
  readonly mark_confidence: number | null;
  readonly mark_pack: string | null;
  readonly mark_pack_version: string | null;
  readonly mark_model: string | null;
  readonly mark_shown: boolean;
  readonly may_evaluate: boolean;
  readonly may_train: boolean;
  readonly language: string | null;
  readonly text: string | null;
  readonly span_start: number | null;
  readonly span_end: number | null;
  readonly comment: string | null;
  readonly rewrite: string | null;
}

/** `none`: left out of the splits so that no near-duplicate and no person stands on both sides of a border. */
export const SPLITS = ['train', 'validation', 'test', 'none'] as const;
export type Split = (typeof SPLITS)[number];

export const ANNOTATION_FIELDS: readonly Field<Annotation>[] = [
  { name: 'id', type: 'text', nullable: false, description: 'Public id of the submission; withdrawals name it.' },
  { name: 'item', type: 'text', nullable: false, description: 'What was judged: the same sentence, kind and locale have the same id.' },
  { name: 'group', type: 'text', nullable: false, description: 'Group of near-duplicate texts (Jaccard of character n-grams at least 0.5).' },
  { name: 'split', type: 'text', nullable: false, description: 'train, validation, test, or none. Groups and people are never divided.' },
  { name: 'rater', type: 'text', nullable: false, description: 'Pseudonym, different in every release and for every locale.' },
  { name: 'type', type: 'text', nullable: false, description: 'verdict (on a mark), missed (a mark that was missing) or answer (ratings of a whole answer).' },
  { name: 'kind', type: 'text', nullable: true, description: 'Kind of finding; null for answers.' },
  { name: 'locale', type: 'text', nullable: false, description: 'Culture that was judged (BCP 47).' },
  { name: 'familiarity', type: 'text', nullable: true, description: 'How the person knows it: native, lived, studied, none; null where not published.' },
  { name: 'age_band', type: 'text', nullable: true, description: 'Coarse age; null where not given or not published.' },
  { name: 'gender', type: 'text', nullable: true, description: 'Gender as stated; null where not given or not published.' },
  { name: 'ui_language', type: 'text', nullable: true, description: 'Language of the extension; null where not published.' },
  { name: 'site', type: 'text', nullable: true, description: 'Chat site (an id, no address); null where unknown or not published.' },
  { name: 'situation', type: 'text', nullable: true, description: 'Situation the answer belongs to.' },
  { name: 'verdict', type: 'text', nullable: true, description: 'agree, partly, disagree or cannot-judge; null unless type is verdict.' },
  { name: 'severity', type: 'integer', nullable: true, description: '0 fine here … 4 would seriously offend; null: cannot judge (verdict, missed) or not asked (answer).' },
  { name: 'helpful', type: 'integer', nullable: true, description: '1-5; null: cannot judge (answer) or not asked.' },
  { name: 'harmless', type: 'integer', nullable: true, description: '1-5; null: cannot judge (answer) or not asked.' },
  { name: 'honest', type: 'integer', nullable: true, description: '1-5; null: cannot judge (answer) or not asked.' },
  { name: 'reason', type: 'text', nullable: true, description: 'Reason from a closed list.' },
  { name: 'mark_rule', type: 'text', nullable: true, description: 'Rule or model head that had made the mark.' },
  { name: 'mark_severity', type: 'integer', nullable: true, description: 'Severity of the mark, 1-3.' },
  { name: 'mark_confidence', type: 'number', nullable: true, description: 'Confidence of the mark, 0-1.' },
  { name: 'mark_pack', type: 'text', nullable: true, description: 'Culture pack of the rule.' },
  { name: 'mark_pack_version', type: 'text', nullable: true, description: 'Version of that pack.' },
  { name: 'mark_model', type: 'text', nullable: true, description: 'Classifier that took part.' },
  { name: 'mark_shown', type: 'boolean', nullable: false, description: 'False in the blind arm: judged before the mark was seen.' },
  { name: 'may_evaluate', type: 'boolean', nullable: false, description: 'The person allowed use for evaluation.' },
  { name: 'may_train', type: 'boolean', nullable: false, description: 'The person allowed use for training.' },
  { name: 'language', type: 'text', nullable: true, description: 'Language of the excerpt; null without text.' },
  { name: 'text', type: 'text', nullable: true, free: true, description: 'Redacted excerpt of the answer; null without consent to publish text.' },
  { name: 'span_start', type: 'integer', nullable: true, description: 'Start of the judged passage in text, UTF-16 units; null without text.' },
  { name: 'span_end', type: 'integer', nullable: true, description: 'End of it, exclusive.' },
  { name: 'comment', type: 'text', nullable: true, free: true, description: "The person's own words; null without consent to publish text." },
  { name: 'rewrite', type: 'text', nullable: true, free: true, description: 'How it should read, in their words; null without consent to publish text.' },
];

/** One judged item of one type, over all who judged it. */
export interface Item {
  readonly item: string;
  readonly group: string;
  readonly split: Split;
  readonly type: string;
  readonly kind: string | null;
  readonly locale: string;
  readonly raters: number;
  readonly agree: number | null;
  readonly partly: number | null;
  readonly disagree: number | null;
  readonly cannot_judge: number | null;
  readonly severity_0: number | null;
  readonly severity_1: number | null;
  readonly severity_2: number | null;
  readonly severity_3: number | null;
  readonly severity_4: number | null;
  readonly majority: string | null;
  readonly dawid_skene: string | null;
  readonly dawid_skene_probability: number | null;
  readonly mace: string | null;
  readonly mace_probability: number | null;
}

const share = (name: keyof Item, of: string): Field<Item> => ({ name, type: 'number', nullable: true, description: `Share of ${of}; null where nobody gave one.` });
export const ITEM_FIELDS: readonly Field<Item>[] = [
  { name: 'item', type: 'text', nullable: false, description: 'Id of the item.' },
  { name: 'group', type: 'text', nullable: false, description: 'Group of near-duplicate texts.' },
  { name: 'split', type: 'text', nullable: false, description: 'train, validation, test or none.' },
  { name: 'type', type: 'text', nullable: false, description: 'verdict, missed or answer.' },
  { name: 'kind', type: 'text', nullable: true, description: 'Kind of finding.' },
  { name: 'locale', type: 'text', nullable: false, description: 'Culture that was judged.' },
  { name: 'raters', type: 'integer', nullable: false, description: 'People who judged it.' },
  share('agree', 'verdicts that agree with the mark'),
  share('partly', 'verdicts that agree in part'),
  share('disagree', 'verdicts that disagree'),
  share('cannot_judge', 'verdicts that cannot judge'),
  ...([0, 1, 2, 3, 4] as const).map((at) => share(`severity_${at}`, `severity ratings that are ${at}`)),
  { name: 'majority', type: 'text', nullable: true, description: 'Verdict that most gave, "cannot judge" aside; null on a tie.' },
  { name: 'dawid_skene', type: 'text', nullable: true, description: 'Verdict by one-coin Dawid-Skene, fitted within the locale.' },
  { name: 'dawid_skene_probability', type: 'number', nullable: true, description: 'Its posterior probability.' },
  { name: 'mace', type: 'text', nullable: true, description: 'Verdict by MACE, fitted within the locale.' },
  { name: 'mace_probability', type: 'number', nullable: true, description: 'Its posterior probability.' },
];
