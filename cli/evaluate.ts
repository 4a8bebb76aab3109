/** `attune evaluate <set>`: measures what the tool does on known data. */
import { join, resolve } from 'node:path';
import { DataError } from '../models/evaluation/data.ts';
import { evaluate as evaluateClassifier } from '../models/evaluation/evaluate.ts';
import { publish } from '../models/evaluation/publish.ts';
import { isSetName, SET_NAMES, type SetName } from '../models/evaluation/sets/index.ts';
import { ModelError } from '../review/classifier/config.ts';
import { measureAcceptance, precision, readAcceptance, recall, type Score } from './acceptance.ts';
import { reviewer } from './engine.ts';
import { EXIT, UsageError, writeLine } from './lines.ts';
import { measureOrdinary } from './ordinary.ts';

const ACCEPTANCE = join(import.meta.dirname, '../tests/acceptance');

export interface EvaluateOptions {
  readonly details?: boolean;
  readonly rulesOnly?: boolean;
  readonly texts: number;
  readonly language?: string;
  readonly list?: number;
  /** The classifier's sets: folder of figures.json, report.md and plots/ instead of models/evaluation. */
  readonly out?: string;
  /** The classifier's sets: so many rows of each. */
  readonly rows?: number;
  /** The classifier's sets: folder of another model. */
  readonly model?: string;
}

/**
 * @param set `acceptance` (tests/acceptance), a file or folder in the acceptance format, or a labelled set of the
 *   classifier (`genil`, `emgsd`, …; `all` for each of them), read from the folder ATTUNE_DATA.
 *   `ordinary`: unlabelled text from the same folder.
 * Writes one JSON line for each audience and family and one for the whole; misses and false marks with `--details`.
 * For the classifier: one line for each measure; `all` also writes figures.json, report.md, plots and the model card.
 */
export async function evaluate(set: string, options: EvaluateOptions): Promise<number> {
  if (set === 'ordinary') return measureOrdinary(options);
  if (set === 'all' || isSetName(set)) return evaluateClassifierSets(set, options);
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

async function evaluateClassifierSets(set: SetName | 'all', { out, rows, model }: EvaluateOptions): Promise<number> {
  const whole = set === 'all';
  if (!whole && out !== undefined) throw new UsageError('--out goes with "evaluate all", which alone makes a report.');
  if (rows === 0) throw new UsageError('--rows needs at least 1.');
  if (whole && out === undefined && (rows !== undefined || model !== undefined)) {
    throw new UsageError('A sample or another model must not replace the report of the shipped one: give --out <folder> too.');
  }
  const folder = out === undefined ? undefined : resolve(out);
  try {
    const figures = await evaluateClassifier(whole ? SET_NAMES : [set], {
      ...(rows === undefined ? {} : { rows }),
      ...(model === undefined ? {} : { model: resolve(model) }),
      onMeasured: writeLine,
      onProgress: (message) => console.error(message),
    });
    if (whole) {
      const paths = await publish(figures, { ...(model === undefined ? {} : { model: resolve(model) }), ...(folder === undefined ? {} : { folder }) });
      console.error(`Written: ${paths.join(', ')}`);
    }
    return EXIT.ok;
  } catch (error) {
    if (error instanceof DataError || error instanceof ModelError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}
