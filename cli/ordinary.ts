/** How often ordinary text is marked: paragraphs that nobody wrote to be found fault with. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { audienceLocales } from '../review/packs.ts';
import { parseMarkdown } from '../review/text/markdown.ts';
import { detectLanguage } from '../review/text/language.ts';
import { familyOf, type Finding } from '../review/types.ts';
import { packLibrary, reviewer as openReviewer } from './engine.ts';
import { EXIT, UsageError, writeLine } from './lines.ts';

const DATA = process.env['ATTUNE_DATA'] ?? join(import.meta.dirname, '../../shared/data');
/** Shorter lines are headings and exclamations, longer ones whole pages. UTF-16 units. */
const SHORTEST = 60;
const LONGEST = 1200;
const MOST_BYTES = 1 << 28;

export interface OrdinaryOptions {
  readonly texts: number;
  readonly language?: string;
  readonly rulesOnly?: boolean;
  /** How many marks to list, spread over all. */
  readonly list?: number;
}

/** Writes a line for each language: texts, marks a text, by family and by rule; with `list` also the marks to be read. */
export async function measureOrdinary({ texts, language, rulesOnly = false, list = 0 }: OrdinaryOptions): Promise<number> {
  const folder = join(DATA, 'text');
  if (!existsSync(folder)) throw new UsageError(`There are no texts in ${folder}: set ATTUNE_DATA to the folder that holds text/.`);
  const { reviewer } = await openReviewer({ rulesOnly });
  const locales = audienceLocales(packLibrary()).map(({ locale }) => locale);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt.xz')).sort()) {
    const tag = file.replace('.txt.xz', '');
    if (language !== undefined && language !== tag) continue;
    const audience = readerOf(tag, locales);
    if (audience === undefined) continue;
    const marks: (Finding & { readonly text: string })[] = [];
    const paragraphs = sample(join(folder, file), tag.split('-')[0]!, texts);
    for (const text of paragraphs) {
      const { findings } = await reviewer.review(parseMarkdown(text), { locale: audience }, { uiLanguage: 'en' });
      marks.push(...findings.map((finding) => ({ ...finding, text })));
    }
    const count = (keys: readonly string[]) => Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length] as const).sort(([, a], [, b]) => b - a).slice(0, 12));
    await writeLine({ language: tag, audience, texts: paragraphs.length, marks: marks.length, perText: Math.round((marks.length / paragraphs.length) * 10_000) / 10_000, families: count(marks.map(({ kind }) => familyOf(kind))), rules: count(marks.map(({ rule }) => rule)) });
    const step = Math.max(1, marks.length / list);
    for (let at = 0; list > 0 && Math.floor(at) < marks.length; at += step) {
      const { kind, rule, quote, text } = marks[Math.floor(at)]!;
      await writeLine({ kind, rule, quote, text });
    }
  }
  return EXIT.ok;
}

/** A reader of the language: of the country it is named after where there is one (de → de-DE), else of any. */
function readerOf(tag: string, locales: readonly string[]): string | undefined {
  const named: Readonly<Record<string, string>> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-US', pt: 'pt-BR', es: 'es-ES' };
  const own = locales.filter((locale) => locale.startsWith(`${tag}-`));
  return [named[tag], `${tag}-${tag.toUpperCase()}`, own[0]].find((locale) => locale !== undefined && locales.includes(locale));
}

/** Paragraphs spread evenly over the file, of the language it is said to be in. */
function sample(file: string, language: string, wanted: number): string[] {
  const lines = execFileSync('xz', ['-dc', file], { maxBuffer: MOST_BYTES, encoding: 'utf8' }).split('\n').filter((line) => line.length >= SHORTEST && line.length <= LONGEST);
  const step = Math.max(1, lines.length / wanted);
  return Array.from({ length: Math.min(wanted, lines.length) }, (_, at) => lines[Math.floor(at * step)]!).filter((line) => detectLanguage(line) === language);
}
