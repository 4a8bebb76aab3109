/** What evaluation is made of: items with what is known about them, sets of items, and measures on a set. */
import type { Classifier, HeadName, PassageClassification } from '../../review/classifier/types.ts';
import type { LabelledRow } from './data.ts';
import type { OrdinarySentence } from './ordinary.ts';
import type { Calibration, CurvePoint, Statistic } from './statistics.ts';

export interface Item {
  readonly text: string;
  /** BCP-47, or what a set is divided by instead. */
  readonly language: string;
  /** The language that the classifier is told; default: `language`. */
  readonly spokenTo?: string;
  /** Items of one cluster or pair are drawn together. */
  readonly cluster: string;
  readonly label: string;
  /** UTF-16 units of the text. */
  readonly markers?: readonly { readonly start: number; readonly end: number }[];
  /** Per head the labels that may be right, as 0 and 1; sigmoid heads: one probability. For calibration. */
  readonly targets?: Partial<Record<HeadName, readonly number[]>>;
  /** For measures on a part of the set. */
  readonly part?: string;
}

export interface Answered {
  readonly item: Item;
  readonly answer: PassageClassification;
}

/** What figures may ask of the model beside its answers. */
export type ModelFacts = Pick<Classifier, 'threshold' | 'trust'>;

export interface Published {
  readonly value: number;
  /** Model and source. */
  readonly by: string;
}

export interface MeasureSpec {
  readonly name: string;
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  /** What bootstrap draws. */
  readonly drawn: 'rows' | 'clusters' | 'pairs';
  readonly byLanguage: boolean;
  readonly keep?: (item: Item) => boolean;
  readonly statistic: (answered: readonly Answered[], model: ModelFacts) => Statistic;
  /** Character n-gram logistic regression on the same split, by language; `all` for the whole. */
  readonly floor?: Readonly<Record<string, number>>;
  readonly published?: Published;
  readonly bar?: number;
}

/** Where items come from; each file is read once. */
export interface Sources {
  labelled(name: string): Promise<readonly LabelledRow[]>;
  ordinary(): Promise<readonly (OrdinarySentence & { readonly addressesNobody: boolean })[]>;
}

export interface EvaluationSet {
  readonly items: (sources: Sources) => Promise<Item[]>;
  readonly measures: readonly [MeasureSpec, ...MeasureSpec[]];
  /** Precision-recall curves by language of this score. */
  readonly curve?: { readonly score: (answer: PassageClassification) => number; readonly positive: (item: Item) => boolean };
}

export interface Figure {
  /** `all` first, then each language (or kind). */
  readonly language: string;
  readonly rows: number;
  /** Null where the rows leave it undefined. */
  readonly value: number | null;
  /** 95 % bootstrap interval. */
  readonly low: number | null;
  readonly high: number | null;
  readonly floor: number | null;
  readonly published: number | null;
  readonly bar: number | null;
}

/** One line of `attune evaluate <set>`. */
export interface Measured {
  readonly set: string;
  readonly measure: string;
  readonly model: string;
  readonly metric: string;
  readonly better: 'higher' | 'lower';
  readonly drawn: 'rows' | 'clusters' | 'pairs';
  /** Who published the figure, and where. */
  readonly publishedBy: string | null;
  readonly figures: readonly Figure[];
}

export interface Curve {
  readonly language: string;
  /** Share of positives. */
  readonly base: number;
  readonly points: readonly CurvePoint[];
}

/** figures.json: all that the report, the plots and the model card are written from. */
export interface Figures {
  readonly format: 2;
  readonly model: { readonly id: string; readonly sha256: string };
  /** How many rows of each set were measured; null: all. */
  readonly sample: number | null;
  readonly measures: readonly Measured[];
  readonly curves: Readonly<Record<string, readonly Curve[]>>;
  readonly calibration: Partial<Record<HeadName, Calibration>>;
}
