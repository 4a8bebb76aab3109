/** From judgements to items: shares of each answer beside three aggregates, fitted within a locale. */
import { dawidSkene, mace, majority, type Fitted } from '../agreement/aggregate.ts';
import type { Rating } from '../agreement/ratings.ts';
import { CANNOT_JUDGE, SEVERITIES, VERDICTS } from '../../feedback/schema/taxonomy.ts';
import type { Annotation, Item } from './fields.ts';

/** One item for each thing that was judged and each way of judging it, in order of their ids. */
export function itemsOf(annotations: readonly Annotation[]): Item[] {
  const verdicts = annotations.filter(({ verdict }) => verdict !== null && verdict !== CANNOT_JUDGE);
  const views = new Map([...Map.groupBy(verdicts, ({ locale }) => locale)].map(([locale, rows]) => {
    const ratings = rows.map(({ item, rater, verdict }): Rating => ({ unit: item, rater, value: verdict! }));
    return [locale, { most: majority(ratings), skene: dawidSkene(ratings), mace: mace(ratings) }];
  }));
  return [...Map.groupBy(annotations, ({ item, type }) => `${item}\n${type}`).values()]
    .map((rows): Item => {
      const { item, group, split, type, kind, locale } = rows[0]!;
      const view = type === 'verdict' ? views.get(locale) : undefined;
      const given = rows.filter(({ verdict }) => verdict !== null);
      const shareOf = (verdict: string) => (given.length === 0 ? null : given.filter((row) => row.verdict === verdict).length / given.length);
      const severities = rows.filter(({ severity }) => severity !== null);
      const severityShare = (of: number) => (severities.length === 0 ? null : severities.filter(({ severity }) => severity === of).length / severities.length);
      const [agree, partly, disagree, cannotJudge] = VERDICTS.map(shareOf);
      const [s0, s1, s2, s3, s4] = SEVERITIES.map(severityShare);
      return {
        item, group, split, type, kind, locale,
        raters: new Set(rows.map(({ rater }) => rater)).size,
        agree: agree!, partly: partly!, disagree: disagree!, cannot_judge: cannotJudge!,
        severity_0: s0!, severity_1: s1!, severity_2: s2!, severity_3: s3!, severity_4: s4!,
        majority: (view?.most.get(item)?.value as string | undefined) ?? null,
        ...modelled('dawid_skene', view?.skene, item),
        ...modelled('mace', view?.mace, item),
      };
    })
    .sort((a, b) => (a.item < b.item || (a.item === b.item && a.type < b.type) ? -1 : 1));
}

type Method = 'dawid_skene' | 'mace';
function modelled<M extends Method>(method: M, fitted: Fitted | undefined, item: string): Record<M, string | null> & Record<`${M}_probability`, number | null> {
  const label = fitted?.labels.get(item);
  return { [method]: label?.value ?? null, [`${method}_probability`]: label === undefined ? null : rounded(label.probability) } as ReturnType<typeof modelled<M>>;
}

/** Nine digits: what different machines' arithmetic agrees on. */
export const rounded = (number: number) => Math.round(number * 1e9) / 1e9;
