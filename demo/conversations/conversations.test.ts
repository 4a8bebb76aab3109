import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conversationSchema } from './schema.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));
const read = (file: string) => conversationSchema.parse(JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')));

describe.each(files)('%s', (file) => {
  it('fits the schema and is called after its id', () => {
    expect(`${read(file).id}.json`).toBe(file);
  });

  it('plants only words that the answer has', () => {
    for (const { answer, planted } of read(file).exchanges) {
      for (const { quote } of planted) expect(answer.join('\n')).toContain(quote);
    }
  });

  it('does not offer an alternative that is the same', () => {
    for (const { answer, alternatives = [] } of read(file).exchanges) {
      for (const alternative of alternatives) expect(alternative).not.toEqual(answer);
    }
  });
});

it('has each question and each id once, so that a typed question finds its answer', () => {
  const exchanges = files.flatMap((file) => read(file).exchanges);
  expect(new Set(exchanges.map(({ id }) => id)).size).toBe(exchanges.length);
  expect(new Set(exchanges.map(({ question }) => question)).size).toBe(exchanges.length);
});
