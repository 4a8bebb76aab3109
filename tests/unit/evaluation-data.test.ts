/** What decides which rows count must agree with the training (models/training/attune_training/), whose answers stand here. */
import { expect, it } from 'vitest';
import { bucket, fingerprint } from '../../models/evaluation/data.ts';
import { nearCopiesOf, signature } from '../../models/evaluation/near-copies.ts';
import { keptOut } from '../../models/evaluation/ordinary.ts';
import { koreanEnding } from '../../models/evaluation/sets/honorifics.ts';

it.each([
  ['Die Brücke wurde 1932 eröffnet.', 'diebrückewurde1932eröffnet', 0.8612221588846296, [8140117, 176499422, 275516332, 225295067]],
  ['abc', 'abc', 0.1528882801067084, [1564506525, 1890000442, 2972544499, 289348080]],
  ['पुल 1932 में खोला गया था।', 'पल1932मखलगयथ', 0.36621354590170085, [1232551226, 919192981, 173369226, 58009719]],
])('fingerprint, bucket and MinHash of %s are those of data.py and duplicates.py', (text, reduced, place, minima) => {
  expect(fingerprint(text)).toBe(reduced);
  expect(bucket(reduced, 'ordinary')).toBe(place);
  expect([...signature(text).slice(0, 4)]).toEqual(minima);
});

it('keeps a tenth of the sentences out of training', () => {
  const sentences = Array.from({ length: 5000 }, (_, at) => `Sentence number ${at} of the list.`);
  expect(sentences.filter(keptOut).length / sentences.length).toBeCloseTo(0.1, 1.7);
  expect(keptOut('Sentence number 7!')).toBe(keptOut('sentence, number 7'));
});

it('finds near copies and nothing else', () => {
  const isNear = nearCopiesOf(['The old bridge over the river was opened in 1932.', 'The museum beside the station closes on Mondays.']);
  expect(isNear('The old bridge over the river was opened in 1933!')).toBe(true);
  expect(isNear('The museum in the park has a new roof this summer.')).toBe(false);
});

it.each([
  ['내일 다시 연락드리겠습니다.', 'formal', [0, 0, 1]],
  ['내일 다시 연락할게요~!', 'formal', [0, 1, 0]],
  ['내일 다시 연락하시지요ㅎㅎ', 'formal', [0, 1, 0]],
  ['내일 다시 연락하겠소', 'formal', [0, 1, 1]],
  ['내일 다시 연락할게.', 'informal', [1, 0, 0]],
])('endings of %s (%s) are those of tasks.korean_level', (text, label, endings) => {
  expect(koreanEnding(text, label)).toEqual(endings);
});
