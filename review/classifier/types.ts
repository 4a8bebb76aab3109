/** What the classifier is asked and what it answers. It tells what a text does, never whether that fits an audience. */

/** Passages are sentence-sized; `language` is BCP-47 and decides only which honorific head is read. */
export interface ClassifierInput {
  readonly text: string;
  readonly language: string;
}

export const HEADS = [
  'generalisation',
  'address',
  'honorific_ja',
  'honorific_ko',
  'formality',
  'praise',
  'politeness',
  'generalisation_answer',
] as const;
export type HeadName = (typeof HEADS)[number];

/** Probabilities; the four sum to 1. `mention`: named, quoted or countered, not asserted. `group`: a group named neutrally. */
export interface Generalisation {
  readonly asserted: number;
  readonly mention: number;
  readonly group: number;
  readonly none: number;
}

/** Probabilities; the three sum to 1. `none`: the passage does not address anybody. */
export interface Address {
  readonly informal: number;
  readonly formal: number;
  readonly none: number;
}

/** Japanese, KeiCO's levels: `level1` most honorific, `level4` plain. Sums to 1. */
export interface HonorificJa {
  readonly level1: number;
  readonly level2: number;
  readonly level3: number;
  readonly level4: number;
}

/** Korean: 해체 and 해라체 are plain, 해요체 polite, 합쇼체 formal. Sums to 1. */
export interface HonorificKo {
  readonly plain: number;
  readonly polite: number;
  readonly formal: number;
}

export type SpanTag = 'address-informal' | 'address-formal' | 'group' | 'attribute';

/** Words of the passage that carry a tag. UTF-16 units of the passage, half-open. */
export interface TaggedSpan {
  readonly tag: SpanTag;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** All numbers are probabilities 0-1. */
export interface PassageClassification {
  readonly generalisation: Generalisation;
  /**
   * That the passage, read as a part of a chatbot's answer, asserts a generalisation, often in passing. `generalisation` says what the
   * sentence does wherever it stands.
   */
  readonly generalisationInAnswer: number;
  readonly address: Address;
  /** Japanese and Korean only. */
  readonly honorific: HonorificJa | HonorificKo | null;
  readonly formality: number;
  readonly praise: number;
  readonly politeness: number;
  readonly spans: readonly TaggedSpan[];
}

/**
 * How far a head may be believed in a language. `trained`: labelled data of that language was trained on and measured.
 * `written`: trained on rows of that language that were written for the purpose, and measured on answers that were, too;
 * it needs a second witness. `chance`: no better than guessing, so the engine must not use it.
 */
export type Trust = 'trained' | 'written' | 'chance';

/** Places in the network that an adapter reaches, and hidden units at each. */
export interface AdapterShape {
  readonly sites: number;
  readonly width: number;
}

/** Shifts the classifier for the readers of one pack; see adapter.ts. */
export interface Adapter {
  /** The pack it came from; tells adapters of one model apart. */
  readonly locale: string;
  readonly modelHash: string;
  readonly shape: AdapterShape;
  /** Site by site; 1 changes nothing. */
  readonly scale: Float32Array;
  /** Site by site; 0 changes nothing. */
  readonly shift: Float32Array;
  /** Whether passages in this language are its business; all others are answered as without it. */
  serves(language: string): boolean;
}

export interface Classifier {
  /** Name and version, for evidence: `attune-mini@0.1.0`. */
  readonly id: string;
  /** SHA-256 of the model file that the configuration describes. Adapters and caches are bound to it. */
  readonly modelHash: string;
  /** What adapters must look like; null for a model that takes none. */
  readonly adapterShape: AdapterShape | null;
  /**
   * One answer per passage, in order. Runs are queued: two calls never overlap.
   * Rejects with `signal.reason` when aborted (checked between batches).
   * @param adapter for passages in the languages that it serves; an adapter of another model is refused with a ModelError
   */
  classify(passages: readonly ClassifierInput[], signal?: AbortSignal, adapter?: Adapter): Promise<PassageClassification[]>;
  /** How far `head` may be believed in `language`; `chance` for languages the model card does not list. */
  trust(language: string, head: HeadName): Trust;
  /** The probability of `label` from which a finding may be made (chosen for precision; see the model card). */
  threshold(head: HeadName, label: string, language?: string): number;
  /** Frees the session. */
  dispose(): Promise<void>;
}
