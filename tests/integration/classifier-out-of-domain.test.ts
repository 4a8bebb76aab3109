/** Passages in languages that the model has not learned, code, and bare names say nothing, to the classifier and to the engine. */
import { expect, test } from 'vitest';
import rows from '../../models/evaluation/out-of-distribution.json' with { type: 'json' };
import { loadClassifier } from '../../models/load-node.ts';
import type { HeadName } from '../../review/classifier/types.ts';
import { detectLanguage } from '../../review/text/language.ts';

/** A name is sometimes heard as a group named neutrally, which marks nothing. */
const MOST_NONE = 0.85;

const likeliest = (head: object) => Object.entries(head).sort(([, a], [, b]) => (b as number) - (a as number))[0]![0];

test('come out as none', async () => {
  const classifier = await loadClassifier();
  const inputs = rows.map(({ text }) => ({ text, language: detectLanguage(text) }));
  const answers = await classifier.classify(inputs);
  await classifier.dispose();

  const marked: string[] = [];
  const said = answers.filter(({ generalisation, address, praise }, at) => {
    const { text, language } = inputs[at]!;
    const heard = (head: HeadName, label: string, probability: number) => {
      if (classifier.trust(language, head) !== 'chance' && probability >= classifier.threshold(head, label, language)) marked.push(`${text}: ${head} ${label} ${probability.toFixed(2)}`);
    };
    heard('generalisation', 'asserted', generalisation.asserted);
    heard('address', 'informal', address.informal);
    heard('address', 'formal', address.formal);
    heard('praise', 'praise', praise);
    return likeliest(generalisation) !== 'none' || likeliest(address) !== 'none' || praise >= 0.5;
  });
  expect(marked).toEqual([]);
  // One: Thai names that read "kind-hearted" and "fond of learning". It stays below the threshold.
  expect(said.filter(({ generalisation }) => generalisation.asserted >= 0.5).length).toBeLessThanOrEqual(1);
  expect(1 - said.length / rows.length).toBeGreaterThanOrEqual(MOST_NONE);
});
