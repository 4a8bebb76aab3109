import type { AttuneConfig, HeadConfig } from './config.ts';
import type { Range } from './offsets.ts';
import type { Address, PassageClassification, SpanTag, TaggedSpan } from './types.ts';

/** Probabilities from logits divided by a temperature. */
export function softmax(logits: ArrayLike<number>, temperature = 1): number[] {
  const scaled = Array.from(logits, (logit) => logit / temperature);
  const top = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

export function sigmoid(logit: number, temperature = 1): number {
  return 1 / (1 + Math.exp(-logit / temperature));
}

/** Probability of each label of a head, from a passage's row of logits. */
export function headProbabilities(logits: Float32Array, head: HeadConfig): Record<string, number> {
  const slice = logits.subarray(head.logits[0], head.logits[1]);
  const values =
    head.activation === 'softmax'
      ? softmax(slice, head.temperature)
      : Array.from(slice, (logit) => sigmoid(logit, head.temperature));
  return Object.fromEntries(head.labels.map((label, at) => [label, values[at]!]));
}

const WORDS = /[\p{L}\p{M}\p{N}'’-]+/gu;
/** Scripts whose words are not what blanks and punctuation divide, or whose marker is an ending. */
const NO_WORDS = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u;

/** Pieces that are judged together, by their places, and the range they mark. */
interface Unit extends Range {
  readonly pieces: number[];
}

/** The pieces of each word, where the script has words, so that a highlight never begins inside one; else each piece alone. */
function unitsOf(text: string, ranges: readonly Range[]): Unit[] {
  const words = Array.from(text.matchAll(WORDS), (match) => ({ start: match.index, end: match.index + match[0].length }))
    .filter(({ start, end }) => !NO_WORDS.test(text.slice(start, end)));
  const units: Unit[] = [];
  let next = 0;
  ranges.forEach((range, piece) => {
    while (next < words.length && words[next]!.end <= range.start) next += 1;
    const word = words[next];
    if (!word || word.start >= range.end) {
      units.push({ ...range, pieces: [piece] });
      return;
    }
    const last = units.at(-1);
    if (last && last.start === word.start && last.end === word.end) last.pieces.push(piece);
    else units.push({ ...word, pieces: [piece] });
  });
  return units;
}

/**
 * Probabilities of the tags of a word from the logits of its pieces: half by their mean, half by the piece that is furthest
 * from "no tag". Stems and endings each know a part ("sab|es"); on held-back markers this finds more than either alone.
 */
function unitProbabilities(rows: readonly Float32Array[]): number[] {
  const odds = rows.map((row) => Array.from(row, (logit) => logit - row[0]!));
  const weight = (each: readonly number[]) => each.slice(1).reduce((sum, value) => sum + Math.exp(value), 0);
  const strongest = odds.reduce((best, each) => (weight(each) > weight(best) ? each : best));
  return softmax(strongest.map((value, tag) => (value + odds.reduce((sum, each) => sum + each[tag]!, 0) / odds.length) / 2));
}

/**
 * A marker is a marker first, and of one form second: whether it is one, the two address tags say together; of which form,
 * they say together with the address head, which has read the whole passage ("su casa" alone could be either).
 */
function withForm(row: number[], labels: readonly string[], form: Pick<Address, 'informal' | 'formal'>): number[] {
  const [informal, formal] = [labels.indexOf('address-informal'), labels.indexOf('address-formal')];
  if (informal < 0 || formal < 0) return row;
  const either = row[informal]! + row[formal]!;
  const [a, b] = [row[informal]! * form.informal, row[formal]! * form.formal];
  if (a + b <= 0) return row;
  return row.map((value, at) => (at === informal ? (either * a) / (a + b) : at === formal ? (either * b) / (a + b) : value));
}

/**
 * Neighbouring words (or pieces, where the script has no words) with the same tag become one span; its score is the mean
 * probability of the tag.
 * @param tagLogits a row for each piece, with those of `<s>` before and `</s>` after them; the first label is "no tag"
 * @param form the address head's probabilities of the passage
 */
export function decodeSpans(
  text: string,
  tagLogits: Float32Array,
  ranges: readonly Range[],
  tags: AttuneConfig['tags'],
  form: Pick<Address, 'informal' | 'formal'> = { informal: 1, formal: 1 },
): TaggedSpan[] {
  const width = tags.labels.length;
  const spans: TaggedSpan[] = [];
  let open: { tag: SpanTag; start: number; end: number; sum: number; count: number } | null = null;
  const close = () => {
    if (open && open.end > open.start) {
      spans.push({ tag: open.tag, start: open.start, end: open.end, score: open.sum / open.count });
    }
    open = null;
  };
  for (const unit of unitsOf(text, ranges)) {
    // Row 0 is <s>.
    const rows = unit.pieces.map((piece) => tagLogits.subarray((piece + 1) * width, (piece + 2) * width));
    const row = withForm(unitProbabilities(rows), tags.labels, form);
    let best = 0;
    for (let label = 1; label < width; label++) if (row[label]! > row[best]!) best = label;
    const label = tags.labels[best]!;
    if (label === 'O' || row[best]! < tags.threshold) {
      close();
    } else if (open && open.tag === label && unit.start - open.end <= 1) {
      open.end = Math.max(open.end, unit.end);
      open.sum += row[best]!;
      open.count += 1;
    } else {
      close();
      open = { tag: label as SpanTag, start: unit.start, end: unit.end, sum: row[best]!, count: 1 };
    }
  }
  close();
  return spans;
}

/** One passage's answer from its row of the heads output and its rows of the tags output. */
export function decodePassage(
  input: { readonly text: string; readonly language: string },
  logits: Float32Array,
  tagLogits: Float32Array,
  ranges: readonly Range[],
  config: AttuneConfig,
): PassageClassification {
  const of = (head: keyof AttuneConfig['heads']) => headProbabilities(logits, config.heads[head]);
  const language = input.language.split('-')[0]!.toLowerCase();
  const address = of('address') as unknown as Address;
  return {
    generalisation: of('generalisation') as unknown as PassageClassification['generalisation'],
    generalisationInAnswer: of('generalisation_answer')['asserted']!,
    address,
    honorific:
      language === 'ja' || language === 'ko'
        ? (of(`honorific_${language}`) as unknown as PassageClassification['honorific'])
        : null,
    formality: of('formality')['formality']!,
    praise: of('praise')['praise']!,
    politeness: of('politeness')['politeness']!,
    spans: decodeSpans(input.text, tagLogits, ranges, config.tags, address),
  };
}
