/** Measures the shipped model in WebAssembly on a labelled set: the same figures as report.py, through the code that readers run. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadClassifier } from '../load-node.ts';
import type { PassageClassification } from '../../review/classifier/types.ts';
import { accuracy, averagePrecision, macroF1 } from './metrics.ts';

export const EVALUATION_SETS = ['genil', 'emgsd', 'cocoa', 'keico', 'praise', 'tydip'] as const;
export type EvaluationSet = (typeof EVALUATION_SETS)[number];

export interface Figure {
  readonly language: string;
  readonly rows: number;
  readonly value: number;
}

export interface Report {
  readonly set: EvaluationSet;
  readonly model: string;
  readonly metric: string;
  /** `all` first, then each language. */
  readonly figures: readonly Figure[];
}

interface Row {
  readonly text: string;
  readonly lang: string;
  readonly label: string;
  readonly raw_label?: string;
  readonly split: string;
  readonly model?: string;
}

interface Task {
  readonly file: string;
  readonly metric: string;
  readonly keep: (row: Row) => boolean;
  readonly measure: (answers: readonly PassageClassification[], rows: readonly Row[]) => number;
}

const largest = (shares: object): string =>
  Object.entries(shares as Record<string, number>).reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];

const TASKS: Record<EvaluationSet, Task> = {
  genil: {
    file: 'genil',
    metric: 'PR-AUC of asserted + mention, dev',
    keep: (row) => row.split === 'dev',
    measure: (answers, rows) =>
      averagePrecision(
        answers.map(({ generalisation }) => generalisation.asserted + generalisation.mention),
        rows.map((row) => row.raw_label !== 'not_generalizing'),
      ),
  },
  emgsd: {
    file: 'emgsd',
    metric: 'macro-F1 of asserted >= 0.5, test',
    keep: (row) => row.split === 'test',
    measure: (answers, rows) =>
      macroF1(
        answers.map(({ generalisation }) => String(generalisation.asserted >= 0.5)),
        rows.map((row) => String(row.label === 'stereotype')),
      ),
  },
  cocoa: {
    file: 'cocoa_mt',
    metric: 'two-way accuracy, test without Russian (half of which is trained on)',
    keep: (row) => row.split === 'test' && row.lang !== 'ru' && row.label !== 'neutral',
    measure: (answers, rows) =>
      accuracy(
        answers.map(({ address }) => (address.formal > address.informal ? 'formal' : 'informal')),
        rows.map((row) => row.label),
      ),
  },
  keico: {
    file: 'keico',
    metric: '4-way accuracy, dev',
    keep: (row) => row.split === 'dev',
    measure: (answers, rows) =>
      accuracy(
        answers.map(({ honorific }) => largest(honorific ?? {})),
        rows.map((row) => row.label),
      ),
  },
  praise: {
    file: 'spiral_bench_sentences',
    metric: 'average precision of praise against unflagged sentences, unseen chatbot',
    keep: (row) => row.model === 'anthropic/claude-3.5-sonnet' && row.label !== 'other_flag',
    measure: (answers, rows) =>
      averagePrecision(
        answers.map(({ praise }) => praise),
        rows.map((row) => row.label === 'praise'),
      ),
  },
  tydip: {
    file: 'tydip',
    metric: 'accuracy without the middle, test',
    keep: (row) => row.split === 'test' && row.label !== 'mid',
    measure: (answers, rows) =>
      accuracy(
        answers.map(({ politeness }) => (politeness > 0.5 ? 'polite' : 'impolite')),
        rows.map((row) => row.label),
      ),
  },
};

/** Where the labelled sets are: ATTUNE_DATA, or shared/data beside the repository. */
export function dataFolder(): string {
  return process.env['ATTUNE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
}

/** Rows of a labelled set, unpacked by the `xz` program. */
async function rowsOf(file: string, keep: (row: Row) => boolean): Promise<Row[]> {
  const path = join(dataFolder(), 'labelled', `${file}.jsonl.xz`);
  if (!existsSync(path)) {
    throw new Error(`No data set at ${path}. Set ATTUNE_DATA to the folder that holds labelled/ (see models/training/README.md).`);
  }
  const unpack = spawn('xz', ['-dc', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = new Promise<never>((_, reject) => {
    unpack.on('error', (error) => reject(new Error(`The program "xz" is needed to read ${path}: install xz-utils.`, { cause: error })));
  });
  const read = (async () => {
    const rows: Row[] = [];
    for await (const line of createInterface({ input: unpack.stdout })) {
      const row = JSON.parse(line) as Row;
      if (keep(row)) rows.push(row);
    }
    return rows;
  })();
  return Promise.race([read, failed]);
}

export async function evaluate(set: EvaluationSet): Promise<Report> {
  const task = TASKS[set];
  const rows = await rowsOf(task.file, task.keep);
  const classifier = await loadClassifier();
  const answers = await classifier.classify(rows.map((row) => ({ text: row.text, language: row.lang })));
  await classifier.dispose();
  const languages = [...new Set(rows.map((row) => row.lang))].sort();
  const figures = ['all', ...languages].map((language) => {
    const at = rows.flatMap((row, index) => (language === 'all' || row.lang === language ? [index] : []));
    return {
      language,
      rows: at.length,
      value: task.measure(
        at.map((index) => answers[index]!),
        at.map((index) => rows[index]!),
      ),
    };
  });
  return { set, model: classifier.id, metric: task.metric, figures };
}
