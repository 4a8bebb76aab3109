/** Measures a model through the code that readers run: WebAssembly, its tokenizer, its thresholds. */
import type { Classifier, PassageClassification } from '../../review/classifier/types.ts';
import { loadClassifier } from '../load-node.ts';
import { noAddressRule } from './address-rule.ts';
import { measureAnswers } from './answers.ts';
import { calibrationOf } from './calibration.ts';
import { labelledRows } from './data.ts';
import { ordinarySentences } from './ordinary.ts';
import { isMeasured } from './sets/address.ts';
import { SETS, type SetName } from './sets/index.ts';
import { estimate, precisionRecall, rounded, spread } from './statistics.ts';
import type { Answered, Curve, EvaluationSet, Figure, Figures, Item, Measured, MeasureSpec, Sources } from './types.ts';

export interface EvaluationOptions {
  /** Folder of the model; default: the one that ships. */
  readonly model?: string;
  /** So many rows of each set, spread over it; default: all. */
  readonly rows?: number;
  /** Called with each line as soon as it is known. */
  readonly onMeasured?: (measured: Measured) => Promise<void> | void;
  readonly onProgress?: (message: string) => void;
}

/** Measures sets, one after the other. @throws {DataError} when the data folder lacks one */
export async function evaluate(names: readonly SetName[], { model, rows, onMeasured, onProgress }: EvaluationOptions = {}): Promise<Figures> {
  const classifier = await loadClassifier(model);
  const sources = openSources(rows);
  const ask = remembering(classifier);
  const measures: Measured[] = [];
  const curves: Record<string, readonly Curve[]> = {};
  const everything: Answered[] = [];
  try {
    for (const name of names) {
      if (name === 'answers') {
        onProgress?.('answers: whole reviews, by rules alone and with the classifier');
        for (const measured of await measureAnswers(classifier, rows)) {
          measures.push(measured);
          await onMeasured?.(measured);
        }
        continue;
      }
      const set: EvaluationSet = SETS[name];
      const items = spread(await set.items(sources), rows);
      onProgress?.(`${name}: ${items.length} rows`);
      const answered = await ask(items);
      for (const spec of set.measures) {
        const measured = measure(name, spec, answered, classifier);
        measures.push(measured);
        await onMeasured?.(measured);
      }
      if (set.curve !== undefined) curves[name] = curvesOf(set.curve, answered);
      everything.push(...answered);
    }
  } finally {
    await classifier.dispose();
  }
  return { format: 2, model: { id: classifier.id, sha256: classifier.modelHash }, sample: rows ?? null, measures, curves, calibration: calibrationOf(everything) };
}

/** Each file is read once, whichever sets ask for it. */
function openSources(rows: number | undefined): Sources {
  const files = new Map<string, ReturnType<typeof labelledRows>>();
  const labelled = (name: string) => {
    const known = files.get(name) ?? labelledRows(name);
    files.set(name, known);
    return known;
  };
  let ordinary: ReturnType<Sources['ordinary']> | undefined;
  const readOrdinary = async () => {
    const addressesNobody = noAddressRule((await labelled('cocoa_mt')).filter((row) => !isMeasured(row)));
    return (await ordinarySentences(rows)).map((sentence) => ({ ...sentence, addressesNobody: addressesNobody(sentence.text, sentence.language) }));
  };
  return { labelled, ordinary: () => (ordinary ??= readOrdinary()) };
}

/** Asks the model only once about a text in a language. */
function remembering(classifier: Classifier): (items: readonly Item[]) => Promise<Answered[]> {
  const known = new Map<string, PassageClassification>();
  const keyOf = (item: Item) => `${item.spokenTo ?? item.language}\n${item.text}`;
  return async (items) => {
    const fresh = [...new Map(items.map((item) => [keyOf(item), item])).entries()].filter(([key]) => !known.has(key));
    const answers = await classifier.classify(fresh.map(([, item]) => ({ text: item.text, language: item.spokenTo ?? item.language })));
    fresh.forEach(([key], at) => known.set(key, answers[at]!));
    return items.map((item) => ({ item, answer: known.get(keyOf(item))! }));
  };
}

function measure(set: string, spec: MeasureSpec, answered: readonly Answered[], model: Classifier): Measured {
  const kept = spec.keep === undefined ? answered : answered.filter(({ item }) => spec.keep!(item));
  const languages = [...new Set(kept.map(({ item }) => item.language))].sort();
  const figure = (language: string, rows: readonly Answered[]): Figure => {
    const whole = language === 'all' || languages.length === 1;
    return {
      language,
      rows: rows.length,
      ...(rows.length === 0 ? { value: null, low: null, high: null } : estimate(spec.statistic(rows, model), rows.map(({ item }) => item.cluster))),
      floor: spec.floor?.[language] ?? (whole ? spec.floor?.['all'] : undefined) ?? null,
      published: whole ? (spec.published?.value ?? null) : null,
      bar: whole ? (spec.bar ?? null) : null,
    };
  };
  const byLanguage = spec.byLanguage ? languages.map((language) => figure(language, kept.filter(({ item }) => item.language === language))) : [];
  return {
    set,
    measure: spec.name,
    model: model.id,
    metric: spec.metric,
    better: spec.better,
    drawn: spec.drawn,
    publishedBy: spec.published?.by ?? null,
    figures: [figure('all', kept), ...byLanguage],
  };
}

function curvesOf({ score, positive }: NonNullable<EvaluationSet['curve']>, answered: readonly Answered[]): Curve[] {
  const languages = ['all', ...[...new Set(answered.map(({ item }) => item.language))].sort()];
  return languages.map((language) => {
    const rows = answered.filter(({ item }) => language === 'all' || item.language === language);
    const truth = rows.map(({ item }) => positive(item));
    const points = precisionRecall(rows.map(({ answer }) => score(answer)), truth);
    return {
      language,
      base: rounded(truth.filter(Boolean).length / rows.length),
      points: points.map(({ recall, precision }) => ({ recall: Math.round(recall * 1e4) / 1e4, precision: Math.round(precision * 1e4) / 1e4 })),
    };
  });
}
