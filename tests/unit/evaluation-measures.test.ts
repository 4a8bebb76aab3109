/** What single answers count as: marked words, alarms, calibration; and what the model card says of an unusual manifest. */
import { expect, it } from 'vitest';
import { calibrationOf } from '../../models/evaluation/calibration.ts';
import { energySentence, readManifest } from '../../models/evaluation/manifest.ts';
import { markerCounts, utf16Ranges } from '../../models/evaluation/markers.ts';
import { SETS } from '../../models/evaluation/sets/index.ts';
import type { Answered, EvaluationSet, Item, ModelFacts } from '../../models/evaluation/types.ts';
import type { SpanTag } from '../../review/classifier/types.ts';
import { SILENT } from '../fixtures/classification.ts';

const item = (more: Partial<Item>): Item => ({ text: 'text', language: 'de', cluster: '0', label: '', ...more });
const spans = (...list: [SpanTag, number, number][]) => ({ ...SILENT, spans: list.map(([tag, start, end]) => ({ tag, start, end, score: 1 })) });

it('turns characters into UTF-16 units', () => {
  expect(utf16Ranges('🙂 Sie 🙂 Ihre', [[2, 5, 'F'], [8, 12, 'F']])).toEqual([{ start: 3, end: 6 }, { start: 10, end: 14 }]);
  expect(utf16Ranges('kurz', [[0, 9, 'F']])).toEqual([{ start: 0, end: 4 }]);
});

it('marked words count when they have the tag of the right form', () => {
  const text = 'Haben Sie Ihre Karte?';
  const marked = item({ text, label: 'formal', markers: [{ start: 0, end: 9 }, { start: 10, end: 14 }] });
  // Three words should be marked: two are, one of them with the wrong form, and one word that should not be.
  expect(markerCounts({ item: marked, answer: spans(['address-formal', 6, 9], ['address-informal', 10, 14], ['address-formal', 15, 20], ['group', 0, 5]) })).toEqual({ both: 1, either: 3 + 3 });
  expect(markerCounts({ item: marked, answer: spans(['address-formal', 0, 14]) })).toEqual({ both: 3, either: 6 });
});

it('Japanese is counted by characters', () => {
  const marked = item({ text: 'お茶です。', language: 'ja', label: 'formal', markers: [{ start: 2, end: 4 }] });
  expect(markerCounts({ item: marked, answer: spans(['address-formal', 3, 4]) })).toEqual({ both: 1, either: 3 });
});

const model: ModelFacts = { threshold: (head, label, language) => (language === 'nl' ? 0.99 : 0.9), trust: (language) => (language === 'sw' ? 'chance' : 'trained') };
const valueOf = (set: EvaluationSet, measure: string, answered: readonly Answered[]) => set.measures.find(({ name }) => name === measure)!.statistic(answered, model)(new Float64Array(answered.length).fill(1));

it('an alarm is a score at the threshold of its language', () => {
  const loud = { ...SILENT, generalisation: { asserted: 0.95, mention: 0, group: 0, none: 0.05 } };
  const answered = [{ item: item({}), answer: loud }, { item: item({ language: 'nl' }), answer: loud }, { item: item({}), answer: SILENT }];
  expect(valueOf(SETS['ordinary-sentences'], 'asserted', answered)).toBeCloseTo(1 / 3, 9);
  expect(valueOf(SETS['ordinary-sentences'], 'praise', answered)).toBe(0);
});

it('what no head was made for: any finding counts, trusted ones also alone', () => {
  const answered = [{ item: item({ language: 'unknown language', spokenTo: 'sw' }), answer: { ...SILENT, address: { informal: 0, formal: 0.9, none: 0.1 } } }, { item: item({ language: 'code', spokenTo: 'en' }), answer: SILENT }];
  expect(valueOf(SETS.ood, 'any-finding', answered)).toBe(0.5);
  expect(valueOf(SETS.ood, 'any-trusted-finding', answered)).toBe(0);
});

it('the passages that no head was made for are of every kind, and none twice', async () => {
  const items = await SETS.ood.items({ labelled: () => Promise.reject(new Error('not asked')), ordinary: () => Promise.reject(new Error('not asked')) });
  expect(new Set(items.map(({ language }) => language))).toEqual(new Set(['unknown language', 'code', 'names only', 'numbers', 'emoji', 'addresses of pages']));
  expect(new Set(items.map(({ text }) => text)).size).toBe(items.length);
});

it('calibration counts rows with one right label, and graded ones only where they are clear', () => {
  const asserted = { ...SILENT, generalisation: { asserted: 0.75, mention: 0.05, group: 0.1, none: 0.1 }, formality: 0.25 };
  const calibrated = calibrationOf([
    { item: item({ targets: { generalisation: [1, 0, 0, 0], formality: [0.1] } }), answer: asserted },
    { item: item({ targets: { generalisation: [0, 0, 1, 0], formality: [0.6] } }), answer: asserted },
    { item: item({ targets: { generalisation: [1, 1, 0, 0], honorific_ja: [1, 0, 0, 0] } }), answer: asserted },
  ]);
  expect(Object.keys(calibrated)).toEqual(['generalisation', 'formality']);
  expect(calibrated.generalisation).toMatchObject({ rows: 2, error: 0.25 });
  expect(calibrated.generalisation!.bins[7]).toEqual({ rows: 2, confidence: 0.75, right: 0.5 });
  expect(calibrated.formality).toMatchObject({ rows: 1, error: 0.25 });
});

it.each([
  [undefined, 'Energy was not measured.'],
  ['About 0.2 kWh (RAPL)', 'About 0.2 kWh (RAPL).'],
  [212, 'Energy: 212 Wh.'],
  [{ wattHours: 212, method: 'RAPL' }, 'Energy: watt hours 212, method RAPL.'],
])('energy %j in the manifest reads: %s', (energy, sentence) => {
  expect(energySentence(readManifest({ energy }))).toBe(sentence);
});

it('a manifest that says little or more than is known is read', () => {
  expect(readManifest({ adapters: [{ locale: 'ja-JP' }], labelled: [{ name: 'x', licence: 'MIT' }, { name: 'y' }] })).toMatchObject({ labelled: [{ name: 'x', licence: ['MIT'] }, { name: 'y', licence: [] }], text: [], trainingRows: {}, secondsPerStage: {} });
});
