/** Merges, ranks and caps candidates: what the reader sees as marks, and what is only listed. Pure and order-independent. */
import type { Candidate } from './context.ts';
import { familyOf, type Finding } from './types.ts';

export const SENSITIVITIES = ['quiet', 'balanced', 'thorough'] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** From which confidence a candidate is a finding, and how many an answer shows as marks. */
const LIMITS: Readonly<Record<Sensitivity, { readonly least: number; readonly marks: number }>> = {
  quiet: { least: 0.78, marks: 3 },
  balanced: { least: 0.6, marks: 6 },
  thorough: { least: 0.45, marks: 12 },
};

/**
 * @param minConfidence overrides the sensitivity's own limit.
 * @returns `findings` at most one for each passage and kind, never overlapping within a family, in order of text;
 *   `more` the rest, strongest first.
 */
export function rank(candidates: readonly Candidate[], text: string, sensitivity: Sensitivity, minConfidence?: number): { findings: Finding[]; more: Finding[] } {
  const { least, marks } = LIMITS[sensitivity];
  const strongest = candidates
    .filter(({ confidence, start, end }) => confidence >= (minConfidence ?? least) && end > start)
    .sort(byStrength);
  const kept: Candidate[] = [];
  const beside: Candidate[] = [];
  // Candidates never reach beyond their passage, so only those of one passage need comparing.
  const byPassage = new Map<number, Candidate[]>();
  for (const candidate of strongest) {
    const near = byPassage.get(candidate.passage) ?? [];
    const twin = near.find((other) => sameMark(other, candidate));
    if (twin === undefined) {
      kept.push(candidate);
      byPassage.set(candidate.passage, [...near, candidate]);
    }
    // A second candidate for the very same words adds nothing to the list either.
    else if (!overlaps(twin, candidate)) beside.push(candidate);
  }
  const findings = kept.slice(0, marks).sort((a, b) => a.start - b.start || a.end - b.end);
  return { findings: findings.map((one) => finding(one, text)), more: [...kept.slice(marks), ...beside].sort(byStrength).map((one) => finding(one, text)) };
}

function sameMark(a: Candidate, b: Candidate): boolean {
  return a.kind === b.kind || (familyOf(a.kind) === familyOf(b.kind) && overlaps(a, b));
}

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.start < b.end && b.start < a.end;
}

function byStrength(a: Candidate, b: Candidate): number {
  return b.severity * b.confidence - a.severity * a.confidence || a.start - b.start || b.end - a.end || a.rule.localeCompare(b.rule, 'en');
}

function finding({ passage: _passage, ...candidate }: Candidate, text: string): Finding {
  return { ...candidate, quote: text.slice(candidate.start, candidate.end), confidence: Math.round(candidate.confidence * 100) / 100 };
}
