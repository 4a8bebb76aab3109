/** From consented records to rows that may be published: consent decides on each field, pseudonyms replace people. */
import { createHmac } from 'node:crypto';
import { publicId } from '../../feedback/log/keys.ts';
import { CANNOT_JUDGE, type Submission } from '../../feedback/schema/index.ts';
import type { Annotation } from './fields.ts';
import { nearDuplicateGroups } from './near-duplicates.ts';
import type { LeftOut, SourceRow } from './source.ts';
import { splitsOf } from './splits.ts';
import { normalised } from './text.ts';

export interface Drafted {
  readonly annotations: readonly Annotation[];
  readonly leftOut: Readonly<Record<Exclude<LeftOut, 'too-few-people'>, number>>;
}

export interface DraftOptions {
  /** Secret of this release; without it nobody can compute a pseudonym. */
  readonly salt: Uint8Array;
  /** Whether age and gender are published at all. */
  readonly demographics: boolean;
}

/** Rows in order of their id, whatever the order of the source. Nothing here is k-anonymous yet: see k-anonymity.ts. */
export function draftAnnotations(source: readonly SourceRow[], { salt, demographics }: DraftOptions): Drafted {
  const leftOut = { 'no-consent-to-publish': 0, blocked: 0 };
  const rows = source
    .filter(({ purposes, blocked }) => {
      if (!purposes.includes('publish-labels') && !purposes.includes('publish-text')) leftOut['no-consent-to-publish']++;
      else if (blocked !== null) leftOut.blocked++;
      else return true;
      return false;
    })
    .map((row) => ({ ...row, id: publicId(row.record.id), item: keyed(salt, 'item', itemKey(row.record)) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

  // Rows without a text are their own group: there is nothing to compare.
  const groups = nearDuplicateGroups(rows.map(({ record, id }) => record.excerpt?.text ?? `\u0000${id}`));
  const splits = splitsOf(rows.map(({ record }, at) => ({ participant: record.participant, group: groups[at]!, name: rows[groups[at]!]!.id })));
  const annotations = rows.map(({ record, purposes, demographics: person, id, item }, at): Annotation => {
    const { feedback, context } = record;
    const text = purposes.includes('publish-text') ? record.excerpt : null;
    const words = (own: string | null) => (purposes.includes('publish-text') ? own : null);
    const mark = feedback.type === 'verdict' ? feedback.finding : null;
    const span = text === null || feedback.type === 'answer' ? null : feedback.type === 'verdict' ? feedback.finding.span : feedback.span;
    return {
      id,
      item,
      group: keyed(salt, 'group', rows[groups[at]!]!.id),
      split: splits[at]!,
      rater: keyed(salt, 'rater', `${context.localeJudged}\n${record.participant}`),
      type: feedback.type,
      kind: mark?.kind ?? (feedback.type === 'missed' ? feedback.kind : null),
      locale: context.localeJudged,
      familiarity: context.familiarity,
      age_band: demographics && purposes.includes('demographics') ? told(person?.ageBand) : null,
      gender: demographics && purposes.includes('demographics') ? told(person?.gender) : null,
      ui_language: context.uiLanguage,
      site: context.site,
      situation: context.situation,
      verdict: feedback.type === 'verdict' ? feedback.verdict : null,
      severity: feedback.type === 'answer' ? null : rated(feedback.severity),
      helpful: feedback.type === 'answer' ? rated(feedback.helpful) : null,
      harmless: feedback.type === 'answer' ? rated(feedback.harmless) : null,
      honest: feedback.type === 'answer' ? rated(feedback.honest) : null,
      reason: feedback.type === 'answer' ? null : feedback.reason,
      mark_rule: mark?.rule ?? null,
      mark_severity: mark?.severity ?? null,
      mark_confidence: mark?.confidence ?? null,
      mark_pack: mark?.pack?.id ?? null,
      mark_pack_version: mark?.pack?.version ?? null,
      mark_model: mark?.model ?? null,
      mark_shown: context.markShown,
      may_evaluate: purposes.includes('evaluate'),
      may_train: purposes.includes('train'),
      language: text?.language ?? null,
      text: text?.text ?? null,
      span_start: span?.start ?? null,
      span_end: span?.end ?? null,
      comment: words(feedback.comment),
      rewrite: feedback.type === 'answer' ? null : words(feedback.rewrite),
    };
  });
  return { annotations, leftOut };
}

const rated = (value: number | typeof CANNOT_JUDGE) => (value === CANNOT_JUDGE ? null : value);
const told = (value: string | undefined) => (value === undefined || value === 'prefer-not-to-say' ? null : value);

/** HMAC-SHA256 under the release's salt, 16 hexadecimal digits: ids of two releases cannot be matched. */
function keyed(salt: Uint8Array, what: string, value: string): string {
  return createHmac('sha256', salt).update(`${what}\n${value}`).digest('hex').slice(0, 16);
}

/**
 * Two people judge the same item when locale, kind and the sentence around the passage are the same. Without a text a
 * record is an item of its own.
 */
function itemKey({ id, feedback, excerpt, context }: Submission): string {
  if (excerpt === null) return id;
  if (feedback.type === 'answer') return JSON.stringify([context.localeJudged, 'answer', normalised(excerpt.text)]);
  const span = feedback.type === 'verdict' ? feedback.finding.span : feedback.span;
  const kind = feedback.type === 'verdict' ? feedback.finding.kind : feedback.kind;
  return span === null ? id : JSON.stringify([context.localeJudged, kind, normalised(sentencesAround(excerpt.text, excerpt.language, span))]);
}

function sentencesAround(text: string, language: string, span: { readonly start: number; readonly end: number }): string {
  const sentences = [...new Intl.Segmenter(language === 'und' ? 'en' : language, { granularity: 'sentence' }).segment(text)];
  const touched = sentences.filter(({ index, segment }) => index < span.end && index + segment.length > span.start);
  return touched.map(({ segment }) => segment).join('');
}
