/** Text in which nothing should be heard: ordinary sentences, and what no head was made for. */
import passages from '../out-of-distribution.json' with { type: 'json' };
import { detectLanguage } from '../../../review/text/language.ts';
import type { HeadName } from '../../../review/classifier/types.ts';
import { share } from '../statistics.ts';
import type { Answered, EvaluationSet, MeasureSpec, ModelFacts } from '../types.ts';

/** What the engine makes a finding of, and where the answer has it. */
const FINDINGS: readonly { readonly head: HeadName; readonly label: string; readonly of: (answer: Answered['answer']) => number }[] = [
  { head: 'generalisation', label: 'asserted', of: ({ generalisation }) => generalisation.asserted },
  { head: 'praise', label: 'praise', of: ({ praise }) => praise },
  { head: 'address', label: 'informal', of: ({ address }) => address.informal },
  { head: 'address', label: 'formal', of: ({ address }) => address.formal },
];

const reached = ({ item, answer }: Answered, label: string, model: ModelFacts, { trusted = false } = {}) =>
  FINDINGS.some((finding) => {
    const language = item.spokenTo ?? item.language;
    return finding.label === label && finding.of(answer) >= model.threshold(finding.head, label, language) && !(trusted && model.trust(language, finding.head) === 'chance');
  });

const alarm = (label: string): MeasureSpec => ({
  name: label,
  metric: `share of ordinary sentences where ${label} reaches its threshold`,
  better: 'lower',
  drawn: 'rows',
  byLanguage: true,
  statistic: (answered, model) => share(answered.map((one) => reached(one, label, model))),
});

export const ordinarySentences: EvaluationSet = {
  items: async (sources) => (await sources.ordinary()).map(({ text, language }, at) => ({ text, language, cluster: String(at), label: 'ordinary' })),
  measures: [alarm('asserted'), alarm('praise')],
};

const anyFinding = (name: string, metric: string, trusted: boolean): MeasureSpec => ({
  name,
  metric,
  better: 'lower',
  drawn: 'rows',
  byLanguage: true,
  statistic: (answered, model) => share(answered.map((one) => FINDINGS.some(({ label }) => reached(one, label, model, { trusted })))),
  bar: 0,
});

/** Nothing is heard at all: "none" is likeliest in both heads that have it, and praise is unlikely. */
function saysNone({ answer: { generalisation, address, praise } }: Answered): boolean {
  const none = (head: { readonly none: number }) => Object.values(head).every((value) => (value as number) <= head.none);
  return none(generalisation) && none(address) && praise < 0.5;
}

export const outOfDistribution: EvaluationSet = {
  items: async () => passages.map(({ kind, text }, at) => ({ text, language: kind, spokenTo: detectLanguage(text), cluster: String(at), label: kind })),
  measures: [
    anyFinding('any-finding', 'share of passages where asserted, praise or a form of address reaches its threshold, whatever the language', false),
    anyFinding('any-trusted-finding', 'the same, of heads that are trusted in the language that the passage is taken for (what the engine acts on)', true),
    {
      name: 'none',
      metric: 'share of passages that come out as none: likeliest in generalisation and address, praise below 0.5',
      better: 'higher',
      drawn: 'rows',
      byLanguage: true,
      statistic: (answered) => share(answered.map(saysNone)),
    },
  ],
};
