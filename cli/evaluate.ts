/** `attune evaluate <set>`: measures what the tool does on known data. */
import { join } from 'node:path';
import { evaluate as evaluateClassifier, EVALUATION_SETS, type EvaluationSet } from '../models/evaluation/evaluate.ts';
import { measureAcceptance, precision, readAcceptance, recall, type Score } from './acceptance.ts';
import { reviewer } from './engine.ts';
import { EXIT, writeLine } from './lines.ts';
import { measureOrdinary } from './ordinary.ts';

const ACCEPTANCE = join(import.meta.dirname, '../tests/acceptance');

/**
 * @param set `acceptance` (tests/acceptance), a file or folder in the acceptance format, or a labelled set of the
 *   classifier (`genil`, `emgsd`, …; `all` for each of them), read from the folder ATTUNE_DATA.
 *   `ordinary`: unlabelled text from the same folder.
 * Writes one JSON line for each audience and family and one for the whole; misses and false marks with `--details`.
 */
export async function evaluate(set: string, options: { details?: boolean; rulesOnly?: boolean; texts: number; language?: string; list?: number }): Promise<number> {
  if (set === 'ordinary') return measureOrdinary(options);
  if (set === 'all' || isClassifierSet(set)) return evaluateClassifierSets(set === 'all' ? EVALUATION_SETS : [set]);
  const engine = await reviewer({ rulesOnly: options.rulesOnly ?? false });
  const measured = await measureAcceptance(engine.reviewer, readAcceptance(set === 'acceptance' ? ACCEPTANCE : set));
  const figures = (score: Score) => ({ ...score, recall: round(recall(score)), precision: round(precision(score)) });
  for (const [audience, score] of Object.entries(measured.byAudience)) await writeLine({ audience, ...figures(score) });
  for (const [family, score] of Object.entries(measured.byFamily)) await writeLine({ family, ...figures(score) });
  if (options.details) {
    for (const miss of measured.misses) await writeLine({ miss });
    for (const mark of measured.falseMarks) await writeLine({ falseMark: mark });
  }
  await writeLine({ set, ...figures(measured.overall), cleanAnswers: measured.cleanAnswers, marksOnClean: measured.marksOnClean, skipped: measured.skipped });
  return EXIT.ok;
}

function isClassifierSet(set: string): set is EvaluationSet {
  return (EVALUATION_SETS as readonly string[]).includes(set);
}

async function evaluateClassifierSets(sets: readonly EvaluationSet[]): Promise<number> {
  for (const set of sets) await writeLine(await evaluateClassifier(set));
  return EXIT.ok;
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
