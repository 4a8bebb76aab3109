/**
 * The words of the engine. Everything that crosses a module border in Attune is one of these.
 * All offsets are UTF-16 units, half-open `[start, end)`, into the original answer.
 */

export { FINDING_KINDS, FAMILIES, SITUATIONS, REVIEW_LEVELS, familyOf } from '../packs/schema/words.ts';
export type { FindingKind, Family, Situation, ReviewLevel } from '../packs/schema/words.ts';
import type { FindingKind, ReviewLevel, Situation } from '../packs/schema/words.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a piece of an answer is. `code` and `quote` are read for context but never marked. */
export const BLOCK_KINDS = ['paragraph', 'list', 'heading', 'code', 'quote', 'table'] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

/** A block of an answer; blocks are in order and do not overlap. */
export interface Block extends Span {
  readonly kind: BlockKind;
  /** Parts that are not prose (inline code, URLs, markup signs): hidden from every detector by masks of the same length. */
  readonly masks: readonly Span[];
  /** Parts of an answer between horizontal rules, counted from 0: chatbots put drafts between two of them. */
  readonly section?: number;
}

/**
 * A chatbot's reply, as the engine reads it. `blocks` come from the Markdown of a raw answer
 * (`review/text/markdown.ts`) or from the page (`chat/reader.ts`); the engine does not care which.
 */
export interface Answer {
  readonly text: string;
  readonly blocks: readonly Block[];
  /** What the reader had asked, when known. It is context only: it is never marked, stored or sent. */
  readonly prompt?: string;
}

/** BCP-47 language (`de`, `zh-Hant`) or `und` when the text does not say. */
export type Language = string;

/** A sentence-sized part of an answer. */
export interface Passage extends Span {
  readonly text: string;
  /** `text` with everything that is not prose blanked out; same length. */
  readonly masked: string;
  readonly block: BlockKind;
  /** Ordinal of the block in the answer. */
  readonly blockIndex: number;
  readonly language: Language;
}

/** The reader's own wishes; each overrides what the pack expects. */
export interface Wishes {
  readonly address?: 'formal' | 'informal';
  readonly formality?: 'formal' | 'casual';
  readonly enthusiasm?: 'less' | 'more';
  readonly directness?: 'direct' | 'soft';
  readonly units?: 'metric' | 'us' | 'uk';
}

/** Whom an answer is for. */
export interface Audience {
  /** BCP-47 locale with a region: `de-DE`. */
  readonly locale: string;
  readonly situation?: Situation;
  readonly wishes?: Wishes;
}

/** Why the tool believes a finding: enough to check it or to argue with it. */
export type Evidence =
  | {
      readonly type: 'rule';
      readonly rule: string;
      readonly pack: string;
      readonly version: string;
      /** How well the rule is confirmed by local people. */
      readonly level: ReviewLevel;
      readonly sources: readonly SourceRef[];
      readonly dissent?: string;
    }
  | { readonly type: 'classifier'; readonly model: string; readonly head: string; readonly score: number }
  | { readonly type: 'count'; readonly what: string; readonly counts: Readonly<Record<string, number>> };

export interface SourceRef {
  readonly title: string;
  readonly publisher?: string;
  readonly year?: number;
  readonly url?: string;
}

/** What the reader can do: one action, and the follow-up prompt that asks the chatbot to do just that. */
export interface Suggestion {
  /** One sentence for the reader, in the UI language. */
  readonly text: string;
  /** A replacement for the quote, when there is an exact one. */
  readonly replacement?: string;
}

/** A marked passage. */
export interface Finding extends Span {
  readonly kind: FindingKind;
  readonly quote: string;
  readonly severity: 1 | 2 | 3;
  /** 0-1: how likely a local reader would agree. */
  readonly confidence: number;
  /** Stable id of what found it: a rule id, or `classifier.<head>`. */
  readonly rule: string;
  /** What, in one sentence. */
  readonly message: string;
  /** Why for this audience, in one or two sentences. */
  readonly why: string;
  readonly evidence: readonly Evidence[];
  readonly suggestion: Suggestion;
}

/** Why a review has no findings although it was asked for. */
export type Silence = 'unknown-language' | 'unknown-audience' | 'no-prose';

/** What a review gives back. */
export interface Review {
  /** Language of the answer as a whole, `und` when unknown. */
  readonly language: Language;
  readonly situation: Situation;
  /** Where the situation came from. */
  readonly situationFrom: 'audience' | 'answer' | 'default';
  /** Shown as marks: at most one for each passage and kind, and only the strongest few. */
  readonly findings: readonly Finding[];
  /** Found too, but only listed. */
  readonly more: readonly Finding[];
  readonly silence?: Silence;
  /** Whether the classifier took part; when not, why. */
  readonly classifier: { readonly state: 'used' } | { readonly state: 'absent' | 'failed'; readonly reason: string };
}
