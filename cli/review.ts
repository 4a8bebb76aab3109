/** `attune review` and `attune compare`: answers in, findings out. */
import { z } from 'zod';
import { parseMarkdown } from '../review/text/markdown.ts';
import { SITUATIONS, type Review, type Situation } from '../review/types.ts';
import { checkAudience, reviewer } from './engine.ts';
import { eachLine, EXIT, UsageError } from './lines.ts';

const input = z
  .object({
    id: z.union([z.string(), z.number()]),
    answer: z.string().optional(),
    text: z.string().optional(),
    audience: z.string().optional(),
    situation: z.enum(SITUATIONS).optional(),
    prompt: z.string().optional(),
    lang: z.string().optional(),
  })
  .refine(({ answer, text }) => answer !== undefined || text !== undefined, { message: 'needs "answer" or "text"' });

export interface ReviewFlags {
  readonly file?: string | undefined;
  readonly situation?: string | undefined;
  readonly minConfidence?: number | undefined;
  readonly failOn?: number | undefined;
  readonly ui?: string | undefined;
  /** Without the classifier. */
  readonly rulesOnly?: boolean | undefined;
}

function situationFlag(value: string | undefined): Situation | undefined {
  if (value === undefined || (SITUATIONS as readonly string[]).includes(value)) return value as Situation | undefined;
  throw new UsageError(`"${value}" is no situation. There are: ${SITUATIONS.join(', ')}.`);
}

export async function reviewLines(audience: string | undefined, flags: ReviewFlags): Promise<number> {
  const engine = await reviewer({ rulesOnly: flags.rulesOnly ?? false });
  const standard = audience === undefined ? undefined : checkAudience(audience, engine.reviewer);
  const situation = situationFlag(flags.situation);
  let above = false;
  const { malformed } = await eachLine(flags.file, input, async (line) => {
    const locale = line.audience === undefined ? standard : checkAudience(line.audience, engine.reviewer);
    if (locale === undefined) throw new UsageError('The line names no audience, and neither does --audience.');
    const started = performance.now();
    const review = await run(engine.reviewer, line, locale, line.situation ?? situation, flags);
    const ms = performance.now() - started;
    above ||= review.findings.some(({ severity }) => severity >= (flags.failOn ?? Infinity));
    return { id: line.id, language: review.language, findings: review.findings, more: review.more, situation: review.situation, ...(review.silence && { silence: review.silence }), ...(review.classifier.state === 'failed' && { classifier: review.classifier }), ms: Math.round(ms * 10) / 10 };
  });
  return malformed > 0 ? EXIT.badInput : above ? EXIT.findings : EXIT.ok;
}

/** The same answers for several audiences: which findings are whose. */
export async function compareLines(audiences: string, flags: ReviewFlags): Promise<number> {
  const engine = await reviewer({ rulesOnly: flags.rulesOnly ?? false });
  const locales = audiences.split(',').map((one) => checkAudience(one.trim(), engine.reviewer));
  if (locales.length < 2) throw new UsageError('Name at least two audiences, such as: --audiences de-DE,ja-JP');
  const situation = situationFlag(flags.situation);
  const { malformed } = await eachLine(flags.file, input, async (line) => {
    const byAudience: Record<string, Review['findings']> = {};
    for (const locale of locales) byAudience[locale] = (await run(engine.reviewer, line, locale, line.situation ?? situation, flags)).findings;
    const keys = (locale: string) => new Set(byAudience[locale]!.map(({ kind, start, end }) => `${kind} ${start} ${end}`));
    const sets = locales.map(keys);
    return {
      id: line.id,
      audiences: byAudience,
      shared: [...sets[0]!].filter((key) => sets.every((set) => set.has(key))).length,
      only: Object.fromEntries(locales.map((locale, index) => [locale, [...sets[index]!].filter((key) => sets.every((set, other) => other === index || !set.has(key))).length])),
    };
  });
  return malformed > 0 ? EXIT.badInput : EXIT.ok;
}

async function run(engine: Awaited<ReturnType<typeof reviewer>>['reviewer'], line: z.infer<typeof input>, locale: string, situation: Situation | undefined, flags: ReviewFlags): Promise<Review> {
  return engine.review(parseMarkdown(line.answer ?? line.text!, line.prompt), { locale, ...(situation && { situation }) }, { minConfidence: flags.minConfidence, language: line.lang, uiLanguage: flags.ui ?? 'en' });
}
