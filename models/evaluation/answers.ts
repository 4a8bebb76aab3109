/** What the classifier adds to the packs: whole reviews of answers with known faults, by rules alone and with the classifier. */
import { join } from 'node:path';
import { judge, readAcceptance, type AcceptanceCase, type Judged } from '../../cli/acceptance.ts';
import { readAllPacks } from '../../packs/read.ts';
import type { Classifier } from '../../review/classifier/types.ts';
import { loadPacks } from '../../review/packs.ts';
import { createReviewer } from '../../review/review.ts';
import type { FindingKind } from '../../review/types.ts';
import { estimate, meanOf, spread } from './statistics.ts';
import type { Figure, Measured } from './types.ts';

/** Answers that nobody who writes rules has read; README.md there tells how they came about. */
export const ANSWERS_FOLDER = join(import.meta.dirname, 'answers');

interface Reviewed {
  readonly answer: AcceptanceCase;
  readonly alone: Judged;
  readonly together: Judged;
}

/** A row of a measure: what bootstrap draws whole, and its value by rules alone or with the classifier. */
interface Row {
  readonly language: string;
  readonly cluster: string;
  readonly value: number;
}

interface AnswerMeasure {
  readonly name: string;
  readonly metric: string;
  readonly better: Measured['better'];
  readonly byLanguage: boolean;
  readonly rows: (answer: AcceptanceCase, judged: Judged) => readonly number[];
}

const found = (kinds: readonly FindingKind[] | null) => (_: AcceptanceCase, { planted }: Judged) =>
  planted.filter(({ fault }) => kinds?.includes(fault.kind) ?? true).map((one) => Number(one.found));

const MEASURES: readonly AnswerMeasure[] = [
  { name: 'recall', metric: 'share of planted faults that are marked', better: 'higher', byLanguage: true, rows: found(null) },
  { name: 'precision', metric: 'share of marks that are on a planted fault of the same family', better: 'higher', byLanguage: true, rows: (_, { marks }) => marks.map(({ right }) => Number(right)) },
  { name: 'recall-generalisation', metric: 'share of planted generalisations about groups that are marked', better: 'higher', byLanguage: true, rows: found(['stereotype.generalisation', 'stereotype.homogenising']) },
  { name: 'recall-effusive', metric: 'share of planted flattery and over-enthusiasm that is marked', better: 'higher', byLanguage: false, rows: found(['tone.effusive']) },
  { name: 'recall-address', metric: 'share of planted slips in the form of address that are marked', better: 'higher', byLanguage: false, rows: found(['tone.address']) },
  { name: 'marks-on-clean', metric: 'marks on an answer that a careful local reader finds clean', better: 'lower', byLanguage: false, rows: (answer, { marks }) => (answer.clean ? [marks.length] : []) },
];

/**
 * Reviews every answer twice. One line a measure; `floor` is the figure by rules alone.
 * @param most answers in all, evenly spread; default: every one
 */
export async function measureAnswers(classifier: Classifier, most?: number, folder = ANSWERS_FOLDER): Promise<Measured[]> {
  const packs = loadPacks(readAllPacks());
  const [alone, together] = [createReviewer({ packs }), createReviewer({ packs, classifier })];
  const reviewed: Reviewed[] = [];
  for (const answer of spread(readAcceptance(folder), most)) reviewed.push({ answer, alone: await judge(alone, answer), together: await judge(together, answer) });
  return MEASURES.map((measure) => {
    const rowsOf = (which: 'alone' | 'together') =>
      reviewed.flatMap(({ answer, [which]: judged }): Row[] => measure.rows(answer, judged).map((value) => ({ language: answer.lang, cluster: answer.id, value })));
    const [before, after] = [rowsOf('alone'), rowsOf('together')];
    const languages = measure.byLanguage ? [...new Set(after.map(({ language }) => language))].sort() : [];
    return {
      set: 'answers',
      measure: measure.name,
      model: classifier.id,
      metric: measure.metric,
      better: measure.better,
      drawn: 'clusters',
      publishedBy: null,
      figures: ['all', ...languages].map((language) => figure(language, ...([before, after].map((rows) => rows.filter((row) => language === 'all' || row.language === language)) as [Row[], Row[]]))),
    };
  });
}

function figure(language: string, before: readonly Row[], after: readonly Row[]): Figure {
  const of = (rows: readonly Row[]) => estimate(meanOf(rows.map(({ value }) => value)), rows.map(({ cluster }) => cluster));
  return { language, rows: after.length, ...of(after), floor: of(before).value, published: null, bar: null };
}
