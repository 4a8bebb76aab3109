/** Measures reviews against answers with known faults (design §9): recall and precision by locale, family and kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reviewer } from '../review/review.ts';
import { parseMarkdown } from '../review/text/markdown.ts';
import { FAMILIES, familyOf, FINDING_KINDS, type Finding, type Span } from '../review/types.ts';
import { UsageError } from './lines.ts';

export const acceptanceCase = z.object({
  id: z.string(),
  audience: z.string(),
  lang: z.string(),
  domain: z.string(),
  prompt: z.string().optional(),
  answer: z.string(),
  findings: z.array(z.object({ kind: z.enum(FINDING_KINDS), quote: z.string(), severity: z.int(), why: z.string() })),
  clean: z.boolean(),
  tempts: z.array(z.string()).optional(),
});
export type AcceptanceCase = z.infer<typeof acceptanceCase>;

export interface Score {
  planted: number;
  found: number;
  marks: number;
  right: number;
}
export interface Measured {
  readonly overall: Score;
  readonly byAudience: Readonly<Record<string, Score>>;
  readonly byFamily: Readonly<Record<string, Score>>;
  /** Marks on answers that a local reader finds clean, for each such answer. */
  readonly marksOnClean: number;
  readonly cleanAnswers: number;
  readonly misses: readonly { readonly id: string; readonly kind: string; readonly quote: string }[];
  readonly falseMarks: readonly { readonly id: string; readonly kind: string; readonly quote: string; readonly rule: string; readonly confidence: number }[];
  /** Cases whose audience has no pack. */
  readonly skipped: number;
}

/** @throws {UsageError} naming the file and line that is not in the format. */
export function readAcceptance(path: string): AcceptanceCase[] {
  const files = path.endsWith('.jsonl') ? [path] : readdirSync(path).filter((name) => name.endsWith('.jsonl')).sort().map((name) => join(path, name));
  return files.flatMap((file) =>
    readFileSync(file, 'utf8').split('\n').flatMap((line, index) => {
      if (line.trim() === '') return [];
      const parsed = acceptanceCase.safeParse(JSON.parse(line));
      if (!parsed.success) throw new UsageError(`${file}:${index + 1}: ${parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ')}`);
      for (const { quote } of parsed.data.findings) if (!parsed.data.answer.includes(quote)) throw new UsageError(`${file}:${index + 1}: the quote is not in the answer: ${quote}`);
      return [parsed.data];
    }),
  );
}

/** One answer, reviewed: which planted faults were found, and which marks are right. */
export interface Judged {
  readonly planted: readonly { readonly fault: AcceptanceCase['findings'][number]; readonly found: boolean }[];
  readonly marks: readonly { readonly mark: Finding; readonly right: boolean }[];
}

/** Reviews one answer for its audience and compares marks with planted faults. */
export async function judge(reviewer: Reviewer, one: AcceptanceCase): Promise<Judged> {
  const { findings } = await reviewer.review(parseMarkdown(one.answer, one.prompt), { locale: one.audience }, { uiLanguage: 'en' });
  const faults = one.findings.map((fault) => ({ fault, kind: fault.kind, start: one.answer.indexOf(fault.quote), end: one.answer.indexOf(fault.quote) + fault.quote.length }));
  return {
    planted: faults.map((where) => ({ fault: where.fault, found: findings.some((mark) => matches(mark, where)) })),
    marks: findings.map((mark) => ({ mark, right: faults.some((where) => matches(mark, where)) })),
  };
}

export async function measureAcceptance(reviewer: Reviewer, cases: readonly AcceptanceCase[]): Promise<Measured> {
  const known = new Set(reviewer.audiences().map(({ locale }) => locale));
  const overall = zero();
  const byAudience: Record<string, Score> = {};
  const byFamily: Record<string, Score> = Object.fromEntries(FAMILIES.map((family) => [family, zero()]));
  const misses: { id: string; kind: string; quote: string }[] = [];
  const falseMarks: { id: string; kind: string; quote: string; rule: string; confidence: number }[] = [];
  let [marksOnClean, cleanAnswers, skipped] = [0, 0, 0];
  for (const one of cases) {
    if (!known.has(one.audience)) {
      skipped++;
      continue;
    }
    const { planted, marks } = await judge(reviewer, one);
    const local = (byAudience[one.audience] ??= zero());
    if (one.clean) {
      cleanAnswers++;
      marksOnClean += marks.length;
    }
    for (const { fault, found } of planted) {
      for (const score of [overall, local, byFamily[familyOf(fault.kind)]!]) {
        score.planted++;
        if (found) score.found++;
      }
      if (!found) misses.push({ id: one.id, kind: fault.kind, quote: fault.quote });
    }
    for (const { mark, right } of marks) {
      for (const score of [overall, local, byFamily[familyOf(mark.kind)]!]) {
        score.marks++;
        if (right) score.right++;
      }
      if (!right) falseMarks.push({ id: one.id, kind: mark.kind, quote: mark.quote, rule: mark.rule, confidence: mark.confidence });
    }
  }
  return { overall, byAudience, byFamily, marksOnClean, cleanAnswers, misses, falseMarks, skipped };
}

function zero(): Score {
  return { planted: 0, found: 0, marks: 0, right: 0 };
}

/** Right when the family matches and the spans overlap. */
function matches(mark: Finding, fault: Span & { kind: AcceptanceCase['findings'][number]['kind'] }): boolean {
  return familyOf(mark.kind) === familyOf(fault.kind) && mark.start < fault.end && fault.start < mark.end;
}

export function recall({ planted, found }: Score): number | null {
  return planted === 0 ? null : found / planted;
}
export function precision({ marks, right }: Score): number | null {
  return marks === 0 ? null : right / marks;
}
