/** The longest excerpt in UTF-16 units: a flagged passage and its two neighbours, generously. */
export const LONGEST_EXCERPT = 4000;
export const LONGEST_COMMENT = 2000;
