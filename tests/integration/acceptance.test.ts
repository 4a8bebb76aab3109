/** The bars of design §9 on answers with known faults, with the packs and the classifier that ship. */
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { measureAcceptance, precision, readAcceptance, recall, type Measured } from '../../cli/acceptance.ts';
import { reviewer } from '../../cli/engine.ts';
import { readAllPacks } from '../../packs/read.ts';
import { loadPacks } from '../../review/packs.ts';

const MIN_RECALL = 0.7;
const MIN_PRECISION = 0.8;
/** Marks for each answer that a local reader finds clean. */
const MOST_ON_CLEAN = 0.1;

let measured: Measured;
beforeAll(async () => {
  const engine = await reviewer();
  measured = await measureAcceptance(engine.reviewer, readAcceptance(join(import.meta.dirname, '../acceptance')));
  await engine.classifier?.dispose();
});

it('all packs are valid', () => expect(loadPacks(readAllPacks()).refused).toEqual([]));

it('planted faults are found', () => {
  expect(measured.overall.planted).toBeGreaterThan(100);
  expect(recall(measured.overall)).toBeGreaterThanOrEqual(MIN_RECALL);
});

it('marks are right', () => expect(precision(measured.overall)).toBeGreaterThanOrEqual(MIN_PRECISION));

it('each audience meets the bars', () => {
  const weak = Object.entries(measured.byAudience).filter(([, score]) => (recall(score) ?? 1) < MIN_RECALL || (precision(score) ?? 1) < MIN_PRECISION);
  expect(weak).toEqual([]);
});

it('clean answers stay clean', () => expect(measured.marksOnClean / measured.cleanAnswers).toBeLessThanOrEqual(MOST_ON_CLEAN));
