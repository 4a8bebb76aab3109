/** From what a reader chose to the record that is previewed and sent. Pure: equal choices give equal bytes. */
import { deletionKey } from '../log/keys.ts';
import { findPersonalData, merged, replaceHits, spanAfter, type Hit } from '../redact/redact.ts';
import type { Membership } from '../outbox/types.ts';
import { LONGEST_COMMENT, LONGEST_EXCERPT, SUBMISSION_SCHEMA, submission as submissionSchema, type Excerpt, type ExcerptSpan, type Submission } from '../schema/submission.ts';
import type { AnswerScale, CANNOT_JUDGE, Familiarity, Reason, Severity, Verdict } from '../schema/taxonomy.ts';
import type { FindingKind, Situation } from '../../review/types.ts';
import { assemble, type Span, type Stretch } from './parts.ts';

/** The mark that a verdict is about. */
export interface Marked {
  readonly kind: FindingKind;
  readonly rule: string;
  readonly severity: 1 | 2 | 3;
  readonly confidence: number;
  readonly pack: { readonly id: string; readonly version: string } | null;
  readonly model: string | null;
}

/** What feedback is about, as it comes from the page. */
export interface Subject {
  readonly about: { readonly type: 'verdict'; readonly marked: Marked } | { readonly type: 'missed' } | { readonly type: 'answer' };
  readonly stretch: Stretch;
  /** Of the answer. */
  readonly language: string;
  /** The culture judged. */
  readonly locale: string;
  readonly situation: Situation | null;
  /** Id of the site's adapter. */
  readonly site: string | null;
  readonly markShown: boolean;
}

export type Scale = 1 | 2 | 3 | 4 | 5 | typeof CANNOT_JUDGE;

/** Everything that the form asks. Null is "not answered". */
export interface Choices {
  readonly verdict: Verdict | null;
  readonly kind: FindingKind | null;
  readonly severity: Severity | typeof CANNOT_JUDGE | null;
  readonly reason: Reason | null;
  readonly scales: Readonly<Record<AnswerScale, Scale | null>>;
  readonly comment: string;
  readonly rewrite: string;
  readonly locale: string;
  readonly familiarity: Familiarity | null;
}

export const DROPPABLE = ['reason', 'comment', 'rewrite', 'excerpt', 'familiarity', 'situation', 'site'] as const;
export type Droppable = (typeof DROPPABLE)[number];

/** What the reader takes away in the preview; it never adds anything. */
export interface Edits {
  readonly dropped: ReadonlySet<Droppable>;
  /** Passages that stay, by their number. */
  readonly kept: ReadonlySet<number>;
  /** Words to replace, as spans of the stretch. */
  readonly chosen: readonly Span[];
}

/** Why there is no record yet: what the form still needs. */
export type Missing = 'verdict' | 'kind' | 'severity' | AnswerScale;

export function missingChoices({ about }: Subject, choices: Choices): Missing[] {
  switch (about.type) {
    case 'verdict':
      return [...(choices.verdict === null ? ['verdict' as const] : []), ...(choices.severity === null ? ['severity' as const] : [])];
    case 'missed':
      return [...(choices.kind === null ? ['kind' as const] : []), ...(choices.severity === null ? ['severity' as const] : [])];
    case 'answer':
      return (['helpful', 'harmless', 'honest'] as const).filter((scale) => choices.scales[scale] === null);
  }
}

export interface RecordContext {
  readonly id: string;
  readonly membership: Membership;
  /** The reader's day, `2026-11-22`. */
  readonly today: string;
  readonly uiLanguage: string;
  readonly extensionVersion: string;
  readonly ownNames: readonly string[];
}

/**
 * The record, redacted, as it would be sent.
 * @throws {z.ZodError} when choices are missing; ask {@link missingChoices} first
 */
export function makeRecord(subject: Subject, choices: Choices, edits: Edits, context: RecordContext): Submission {
  const { id, membership } = context;
  const keep = <T>(field: Droppable, value: T): T | null => (edits.dropped.has(field) ? null : value);
  const region = choices.locale.split('-').at(-1) ?? null;
  const redaction = { region, language: subject.language, ownNames: context.ownNames };
  const words = (field: 'comment' | 'rewrite', text: string, most: number): string | null => {
    const plain = tidy(text);
    return plain === '' || edits.dropped.has(field) ? null : cut(replaceHits(plain, findPersonalData(plain, redaction)).text, most);
  };
  const { excerpt, span } = edits.dropped.has('excerpt') ? { excerpt: null, span: null } : makeExcerpt(subject, edits, redaction);
  const opinion = {
    severity: choices.severity,
    reason: keep('reason', choices.reason),
    comment: words('comment', choices.comment, LONGEST_COMMENT),
    rewrite: words('rewrite', choices.rewrite, LONGEST_EXCERPT),
  };
  return submissionSchema.parse({
    schema: SUBMISSION_SCHEMA,
    id,
    drive: membership.info.id,
    consent: membership.consent.request.id,
    participant: membership.participant,
    createdOn: context.today,
    deletionKey: deletionKey(membership.secret, id),
    feedback: feedbackOf(),
    excerpt,
    context: {
      localeJudged: choices.locale,
      familiarity: keep('familiarity', choices.familiarity),
      situation: keep('situation', subject.situation),
      uiLanguage: context.uiLanguage,
      site: keep('site', subject.site),
      extensionVersion: context.extensionVersion,
      markShown: subject.markShown,
    },
  });

  function feedbackOf(): unknown {
    switch (subject.about.type) {
      case 'verdict':
        return { type: 'verdict', finding: { ...subject.about.marked, span }, verdict: choices.verdict, ...opinion };
      case 'missed':
        return { type: 'missed', kind: choices.kind, span, ...opinion };
      case 'answer':
        return { type: 'answer', ...choices.scales, comment: opinion.comment };
    }
  }
}

function makeExcerpt({ stretch, language }: Subject, { kept, chosen }: Edits, options: Parameters<typeof findPersonalData>[1]): { excerpt: Excerpt | null; span: ExcerptSpan | null } {
  const { text, place } = assemble(stretch, kept);
  if (text.trim() === '') return { excerpt: null, span: null };
  const picked = chosen.flatMap(({ start, end }): Hit[] => {
    const from = place(start);
    const to = place(end);
    return from !== null && to !== null && from < to ? [{ start: from, end: to, type: 'chosen' }] : [];
  });
  const hits = merged([...findPersonalData(text, options), ...picked]);
  const { text: redacted, redactions } = replaceHits(text, hits);
  const at = stretch.span && { start: place(stretch.span.start), end: place(stretch.span.end) };
  const span = at && at.start !== null && at.end !== null ? spanAfter({ start: at.start, end: at.end }, hits) : null;
  return { excerpt: { text: cut(redacted, LONGEST_EXCERPT), language, redactions: redactions.filter(({ end }) => end <= LONGEST_EXCERPT).slice(0, 200) }, span: span && span.end <= LONGEST_EXCERPT && span.start < span.end ? span : null };
}

/** Never through the middle of a character. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

/** What was typed, without characters that nobody sees. */
function tidy(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      .replace(/[\u0000-\u0008\u000B-\u001F\u007F]/g, ' ')
      .toWellFormed()
      .trim()
  );
}

/**
 * Words that may still name somebody: capitalised ones within a sentence, and numbers. Spans of `text`, for the reader to look at.
 * Scripts without capitals give only numbers; in German, where every noun has one, only two in a row do.
 */
export function residualWords(text: string, language: string): Span[] {
  const capitals = /^de\b/.test(language) ? /\p{Lu}[\p{L}\p{M}'’-]{0,60}(?: \p{Lu}[\p{L}\p{M}'’-]{0,60}){1,4}|\p{N}[\p{N}.,:/-]{1,40}/gu : /\p{Lu}[\p{L}\p{M}'’-]{0,60}|\p{N}[\p{N}.,:/-]{1,40}/gu;
  const spans: Span[] = [];
  for (const match of text.matchAll(capitals)) {
    const before = text.slice(Math.max(0, match.index - 12), match.index);
    const isLabel = /\[$/.test(before) && text[match.index + match[0].length] === ']';
    const startsSentence = /\p{Lu}/u.test(match[0][0]!) && /(?:^|[.!?。！？:\n•*-]["'”»)]?\s*)$/u.test(before);
    if (!isLabel && !startsSentence && !/[\p{L}\p{N}]$/u.test(before)) spans.push({ start: match.index, end: match.index + match[0].length });
  }
  return spans;
}
