/**
 * What an id looks like. `pattern` runs on the folded text (sticky-free, case-insensitive, bounded repeats only);
 * `valid` sees the match without separators in capitals.
 */
export interface IdForm {
  /** ISO 3166 region that issues it. */
  readonly region: string;
  readonly name: string;
  readonly pattern: RegExp;
  readonly valid?: (compact: string) => boolean;
  /**
   * Where the form alone is proof enough. `anywhere`: its letters or its check digit; `region`: only for readers of that region,
   * or beside one of the words that announce an id; `word`: only beside such a word, because the form is too common;
   * `capitals`: as `region`, but in small letters ("bis zu 500") only beside such a word.
   */
  readonly told: 'anywhere' | 'region' | 'word' | 'capitals';
}

/** A form between word boundaries. Sources are written without them to stay readable. */
export function form(region: string, name: string, told: IdForm['told'], source: string, valid?: (compact: string) => boolean): IdForm {
  return { region, name, told, pattern: new RegExp(`(?<![\\p{Script=Latin}\\d])(?:${source})(?![\\p{Script=Latin}\\d])`, 'giu'), ...(valid ? { valid } : {}) };
}
