/** Cuts an answer into passages: sentence-sized parts with offsets, nothing lost but the space between them. */
import type { Answer, Block, Language, Passage, Span } from '../types.ts';
import { blank, fold } from './fold.ts';
import { detectLanguage, UNKNOWN } from './language.ts';
import { quotations } from './quotations.ts';

/** A passage never grows beyond this many UTF-16 units: text without full stops is cut at a space. */
const LONGEST_PASSAGE = 600;

/** A passage with what the detectors need to know beside its text. */
export interface ReadPassage extends Passage {
  /** `masked` with quotations blanked, too: what the answer says itself. */
  readonly said: string;
  /**
   * Whom a passage speaks to may change within an answer: a draft speaks to its own addressee. Passages of one scope
   * speak to the same person.
   */
  readonly scope: string;
  /** Whether it is part of a draft for somebody else. */
  readonly draft: boolean;
}

/** An answer, cut and looked at, before any culture comes in. */
export interface Reading {
  readonly answer: Answer;
  readonly language: Language;
  readonly passages: readonly ReadPassage[];
}

/**
 * @param hint language given by the caller (command line, page), believed when the text itself does not tell.
 */
export function readAnswerText(answer: Answer, hint: Language = UNKNOWN): Reading {
  const prose = answer.blocks.filter((block) => block.kind !== 'code');
  const masked = new Map<Block, string>(prose.map((block) => [block, maskedBlock(answer.text, block)]));
  const language = detectLanguage(sampleOf(prose, masked), hint);
  const segmenter = segmenterFor(language);
  const passages: ReadPassage[] = [];
  const drafts = draftBlocks(answer.blocks);
  const supplied = answer.prompt === undefined ? '' : fold(answer.prompt).replace(/\s+/g, ' ');
  for (const [blockIndex, block] of answer.blocks.entries()) {
    const text = masked.get(block);
    if (text === undefined) continue;
    const draft = drafts.has(block);
    const shown = block.kind === 'quote' && !draft;
    const said = shown ? ' '.repeat(text.length) : blank(text, quotations(text));
    const scope = `${block.section ?? 0}${draft ? ' draft' : ''}`;
    for (const span of cut(text, segmenter)) {
      const start = block.start + span.start;
      const end = block.start + span.end;
      const own = text.slice(span.start, span.end);
      passages.push({
        start,
        end,
        text: answer.text.slice(start, end),
        masked: own,
        // The reader's own words, given back, are not the chatbot's.
        said: isSupplied(own, supplied) ? ' '.repeat(own.length) : said.slice(span.start, span.end),
        scope,
        draft,
        block: block.kind,
        blockIndex,
        // The answer's language, unless the passage is long enough to show another one clearly.
        language: detectLanguage(own, language),
      });
    }
  }
  return { answer, language, passages };
}

/** A quoted block of at least this many signs, or several in a row, is a draft rather than a quotation. */
const DRAFT_LENGTH = 160;

/**
 * Chatbots set quotations as blocks, but drafts too ("Here is a mail that you can send: > Dear …"). Drafts are the
 * chatbot's own words and are read like the rest.
 */
function draftBlocks(blocks: readonly Block[]): ReadonlySet<Block> {
  const drafts = new Set<Block>();
  for (let from = 0; from < blocks.length; ) {
    let to = from;
    while (to < blocks.length && blocks[to]!.kind === 'quote') to++;
    const run = blocks.slice(from, to);
    if (run.length > 1 || (run.length === 1 && run[0]!.end - run[0]!.start >= DRAFT_LENGTH)) run.forEach((block) => drafts.add(block));
    from = Math.max(to, from + 1);
  }
  return drafts;
}

/** Shorter passages may be in the prompt by chance. In UTF-16 units. */
const SUPPLIED_LENGTH = 24;

function isSupplied(text: string, prompt: string): boolean {
  if (prompt === '' || text.length < SUPPLIED_LENGTH) return false;
  return prompt.includes(fold(text).replace(/\s+/g, ' ').trim());
}

function maskedBlock(text: string, block: Block): string {
  const masks = block.masks.map(({ start, end }) => ({ start: start - block.start, end: end - block.start }));
  return blank(text.slice(block.start, block.end), masks);
}

/** Enough prose to tell the language by, not only the first heading. */
function sampleOf(prose: readonly Block[], masked: ReadonlyMap<Block, string>): string {
  let sample = '';
  for (const block of prose) {
    if (block.kind === 'quote' && prose.length > 1) continue;
    sample += `${masked.get(block)!}\n`;
    if (sample.length > 4000) break;
  }
  return sample;
}

const segmenters = new Map<Language, Intl.Segmenter>();
function segmenterFor(language: Language): Intl.Segmenter {
  const key = language === UNKNOWN ? 'en' : language;
  let segmenter = segmenters.get(key);
  if (segmenter === undefined) segmenters.set(key, (segmenter = new Intl.Segmenter(key, { granularity: 'sentence' })));
  return segmenter;
}

/**
 * Ends that are an abbreviation, an initial or an ordinal rather than the end of a sentence ("Dr.", "z. B.", "3. Oktober").
 * Unicode's rules know none of them.
 */
const NOT_AN_END = /(?:^|[\s(.])(?:\p{L}|\p{Lu}\p{Ll}{1,2}|bzw|etc|usw|vgl|approx|dept|est|govt|incl|vs|e\.g|i\.e|No|Nos|St|Str|Mme|Mrs|Prof|p\. ej|\p{N}{1,2})\.\s*$/u;
/** What may follow such an end within the same sentence. */
const CARRIES_ON = /^[\p{L}\p{N}"'„“«(]/u;
const CLEAR_END = /[。！？!?]\s*$/u;

function cut(text: string, segmenter: Intl.Segmenter): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const { segment, index } of segmenter.segment(text)) {
    const span: Span = open === undefined ? { start: index, end: index + segment.length } : { start: open.start, end: index + segment.length };
    const rest = text.slice(span.end, span.end + 2);
    const soFar = text.slice(span.start, span.end);
    if (!soFar.includes('\n') && !CLEAR_END.test(soFar) && NOT_AN_END.test(soFar) && CARRIES_ON.test(rest)) {
      open = span;
      continue;
    }
    open = undefined;
    push(spans, text, span);
  }
  if (open !== undefined) push(spans, text, open);
  return spans;
}

/** Thai and Lao have no full stop: a space ends a phrase. From this many UTF-16 units on it is taken for the end of a sentence. */
const PHRASE = 60;
const STOPLESS = /[\p{sc=Thai}\p{sc=Lao}]/u;

/** Where a text without full stops may be cut: before the first space behind a phrase, between two words of such a script. */
function phraseEnd(text: string, start: number, end: number): number | undefined {
  for (let at = start + PHRASE; at < end - PHRASE / 3; at++) {
    if (text[at] !== ' ' || !STOPLESS.test(text[at - 1]!)) continue;
    const next = /\S/.exec(text.slice(at, end))?.[0];
    if (next !== undefined && STOPLESS.test(next)) return at;
  }
  return undefined;
}

function push(spans: Span[], text: string, { start, end }: Span): void {
  while (start < end && /\s/.test(text[start]!)) start++;
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  for (let border = phraseEnd(text, start, end); border !== undefined; border = phraseEnd(text, start, end)) {
    spans.push({ start, end: border });
    start = border;
    while (start < end && /\s/.test(text[start]!)) start++;
  }
  while (end - start > LONGEST_PASSAGE) {
    const border = lastBorder(text, start, start + LONGEST_PASSAGE);
    spans.push({ start, end: border });
    start = border;
    while (start < end && /\s/.test(text[start]!)) start++;
  }
  if (end > start) spans.push({ start, end });
}

/** The last space or comma before `limit`; without one, a place that does not cut a character in two. */
function lastBorder(text: string, start: number, limit: number): number {
  for (let at = limit; at > start + LONGEST_PASSAGE / 2; at--) if (/[\s,;:、，؛،]/u.test(text[at - 1]!)) return at;
  return /[\uDC00-\uDFFF\u200D\uFE0F\p{M}]/u.test(text[limit] ?? '') ? limit - 1 : limit;
}
