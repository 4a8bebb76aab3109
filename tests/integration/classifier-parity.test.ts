import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadClassifier, DEFAULT_MODEL } from '../../models/load-node.ts';
import { createEncoder } from '../../review/classifier/pieces.ts';
import { apartFromPython, type ParityRow } from '../fixtures/classification.ts';

interface Row extends ParityRow {
  readonly id: string;
  readonly script: string;
  readonly ids: readonly number[];
}

const rows = readFileSync(join(import.meta.dirname, '../fixtures/classifier/parity.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);
const json = (name: string): unknown => JSON.parse(readFileSync(join(DEFAULT_MODEL, name), 'utf8'));

test('the fixture holds 500 passages in at least 12 scripts', () => {
  expect(rows).toHaveLength(500);
  expect(new Set(rows.map((row) => row.script)).size).toBeGreaterThanOrEqual(12);
});

test('JavaScript cuts every passage into exactly the pieces that Python does', () => {
  const { attune } = json('config.json') as { attune: { maxTokens: number } };
  const encode = createEncoder(json('tokenizer.json'), json('tokenizer_config.json'), attune.maxTokens);
  const different = rows.filter((row) => JSON.stringify(encode(row.text).ids) !== JSON.stringify(row.ids));
  expect(different.map((row) => row.text)).toEqual([]);
});

test('probabilities in WebAssembly are within 0.02 of Python', { timeout: 60_000 }, async () => {
  const classifier = await loadClassifier();
  const answers = await classifier.classify(rows.map((row) => ({ text: row.text, language: row.lang })));
  await classifier.dispose();
  expect(apartFromPython(rows, answers)).toBeLessThan(0.02);
});
