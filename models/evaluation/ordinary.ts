/** Ordinary sentences of text/ that training keeps out: where a finding would be a false alarm. */
import { seededRandom } from '../../collector/agreement/random.ts';
import { bucket, fingerprint, textSizes, unpackedLines } from './data.ts';
import { fromPython } from './python-pattern.ts';

export interface OrdinarySentence {
  readonly text: string;
  readonly language: string;
}

/** Where a sentence ends: `tasks.SENTENCE` of the training. */
const SENTENCE_END = fromPython(String.raw`(?<=[.!?。！？।۔])\s+|(?<=[。！？])`);
const [SHORTEST, LONGEST] = [8, 320];
/** The share that training keeps out (`tasks.ordinary`). */
const KEPT_OUT = 0.1;
const [PER_LANGUAGE, PER_SMALL_LANGUAGE, SMALL_BYTES] = [600, 300, 11_000_000];
/** Lines looked at for each sentence wanted: a tenth of the sentences is kept out, and lines repeat. */
const LINES_EACH = 40;
const BYTES_A_LINE = 150;
const SEED = 77;

/** Whether training keeps this sentence out; the same rule as `tasks.ordinary`. */
export function keptOut(text: string): boolean {
  return bucket(fingerprint(text), 'ordinary') < KEPT_OUT;
}

/**
 * @param most sentences in all, spread over the languages; then only the beginning of each file is read
 * @returns up to 600 sentences a language (300 where the file is small), spread over the whole file, none twice
 */
export async function ordinarySentences(most?: number): Promise<OrdinarySentence[]> {
  const sizes = Object.entries(textSizes()).sort(([a], [b]) => (a < b ? -1 : 1));
  const all: OrdinarySentence[] = [];
  for (const [language, bytes] of sizes) {
    const wanted = most === undefined ? (bytes < SMALL_BYTES ? PER_SMALL_LANGUAGE : PER_LANGUAGE) : Math.ceil(most / sizes.length);
    const lines = most === undefined ? Infinity : wanted * LINES_EACH;
    all.push(...(await sentencesOf(language, wanted, lines, most === undefined ? (wanted * LINES_EACH * BYTES_A_LINE) / bytes : 1)));
  }
  return all;
}

async function sentencesOf(language: string, wanted: number, lines: number, shareOfLines: number): Promise<OrdinarySentence[]> {
  const random = seededRandom(SEED);
  const found = new Map<string, string>();
  let read = 0;
  for await (const line of unpackedLines('text', `${language}.txt.xz`)) {
    if (++read > lines) break;
    if (random() >= shareOfLines) continue;
    const parts = line.trim().split(SENTENCE_END).filter(fits);
    const text = parts[Math.floor(random() * parts.length)];
    if (text !== undefined && keptOut(text)) found.set(fingerprint(text), text);
  }
  const sentences = [...found.values()];
  for (let at = sentences.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [sentences[at], sentences[other]] = [sentences[other]!, sentences[at]!];
  }
  return sentences.slice(0, wanted).map((text) => ({ text, language }));
}

function fits(part: string): boolean {
  const length = [...part].length;
  return length >= SHORTEST && length <= LONGEST;
}
