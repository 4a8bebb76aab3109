import type { RedactionType } from '../schema/taxonomy.ts';

/** A piece of the text that may say who somebody is. UTF-16 units, half-open. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly type: RedactionType;
}

export interface RedactOptions {
  /** ISO 3166 region of the culture judged (`DE`): its phone numbers and ids are told without a country code. */
  readonly region: string | null;
  /** Of the text; not needed by the recognisers that know a form by itself. */
  readonly language: string;
  /** Names that the reader wants replaced wherever they stand. */
  readonly ownNames: readonly string[];
}

/** What every recogniser reads: `folded` is as long as the text, with digits, letters, dashes and spaces in their plain form. */
export interface Reading {
  readonly folded: string;
  readonly region: string | null;
}
export type Recogniser = (reading: Reading) => Hit[];
