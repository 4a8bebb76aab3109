/**
 * Answers that no person would write but that a page can hold all the same. Each has one sentence with a mark-worthy
 * 911 at its end, so that a test can tell "survived" from "gave up silently".
 */
const LAST = 'In an emergency in Munich, call 911 right away.';

const SENTENCE = 'The train to the coast leaves every hour, and the tickets are sold at the counter in the hall. ';

function megabyte(): string {
  const paragraph = SENTENCE.repeat(8).trim();
  const paragraphs: string[] = [];
  for (let size = 0; size < 1_000_000; size += paragraph.length + 2) paragraphs.push(paragraph);
  return [...paragraphs, LAST].join('\n\n');
}

function list(length: number): string {
  return [...Array.from({ length }, (_, index) => `- Item ${String(index + 1)}: a short note`), '', LAST].join('\n');
}

export const STRESS = {
  megabyte: { label: '1 MB of paragraphs', text: megabyte },
  list: { label: 'A list of 10,000 items', text: () => list(10_000) },
  surrogates: {
    label: 'Halves of surrogate pairs',
    text: () => `A lone high \uD83D half, a lone low \uDE00 half, \uDE00\uD83D swapped, and one at the end \uD83D\n\n${LAST}`,
  },
  bidi: {
    label: 'Bidirectional control characters',
    text: () =>
      `Some \u202Edesrever si txet siht\u202C and \u2067isolated\u2069 \u200Fmarks\u200E with \u202Aembedding\u202C.\n\n\u2066${LAST}\u2069`,
  },
  joiners: {
    label: 'Zero-width joiners and variation selectors',
    text: () => `A family 👨‍👩‍👧‍👦, a flag 🏳️‍🌈, zero\u200Bwidth\u200Cnon\u200Djoiners, soft\u00ADhyphens, a\u0301 combining accent.\n\n${LAST}`,
  },
  zalgo: {
    label: 'Stacked combining marks',
    text: () => `${[...'combining'].map((letter) => letter + '\u0301\u0330\u0348\u0359'.repeat(50)).join('')}\n\n${LAST}`,
  },
  longword: { label: 'A word of 200,000 letters', text: () => `${'a'.repeat(200_000)}\n\n${LAST}` },
} as const satisfies Readonly<Record<string, { label: string; text: () => string }>>;

export type Stress = keyof typeof STRESS;

export function isStress(name: string): name is Stress {
  return Object.hasOwn(STRESS, name);
}
