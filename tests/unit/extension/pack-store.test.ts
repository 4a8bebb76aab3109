import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPackStore } from '../../../extension/inference/pack-store.ts';
import { readAllPacks } from '../../../packs/read.ts';
import { indexOf, packsNeeded } from '../../../review/pack-index.ts';
import { loadPacks } from '../../../review/packs.ts';
import { createReviewer } from '../../../review/review.ts';
import { parseMarkdown } from '../../../review/text/markdown.ts';

const raw = readAllPacks() as { id: string }[];
const library = loadPacks(raw);
const index = indexOf(library.packs.values());

function storeOf({ broken = '' } = {}) {
  const [reads, problems]: [string[], string[]] = [[], []];
  const store = openPackStore({
    read: async (path) => {
      reads.push(path);
      if (path === 'index') return structuredClone(index);
      if (path === broken) throw new Error('no such file');
      return raw.find(({ id }) => id === path);
    },
    paths: { index: 'index', pack: (id) => id },
    classifier: { failed: 'none here' },
    onProblem: (problem) => problems.push(problem),
  });
  return { store, reads, problems };
}

describe('packs as they are needed', () => {
  it('are the chain of the audience and the packs of the languages that are written', () => {
    expect(packsNeeded(index, 'de-DE', ['de'])).toEqual(['de', 'de-DE', 'root']);
    expect(packsNeeded(index, 'ja-JP', ['en', 'und'])).toEqual(['en', 'ja', 'ja-JP', 'root']);
    expect(packsNeeded(index, 'xx-XX', [])).toEqual([]);
  });
  it('are read once, and not those of others', async () => {
    const { store, reads } = storeOf();
    const opened = await store;
    const german = parseMarkdown('Bitte rufen Sie bei starken Schmerzen sofort die 911 an.');
    const first = await opened.reviewerFor(german, 'de-DE');
    expect(await opened.reviewerFor(german, 'de-DE')).toBe(first);
    expect(reads.toSorted()).toEqual(['de', 'de-DE', 'index', 'root']);
    await opened.reviewerFor(parseMarkdown('Please call 911 at once if the pain is strong.', 'Was soll ich bei starken Schmerzen tun, liebe KI?'), 'de-DE');
    expect(reads.toSorted()).toEqual(['de', 'de-DE', 'en', 'index', 'root']);
  });
  it('say the same as all packs together', async () => {
    const folder = join(import.meta.dirname, '../../acceptance');
    const cases = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n').slice(0, 2).map((line) => JSON.parse(line) as { audience: string; answer: string; prompt: string }));
    const all = createReviewer({ packs: library, classifier: { failed: 'none here' } });
    const opened = await storeOf().store;
    for (const { audience, answer, prompt } of cases) {
      const read = parseMarkdown(answer, prompt);
      const lazily = await (await opened.reviewerFor(read, audience)).review(read, { locale: audience });
      expect(lazily, `${audience}: ${answer.slice(0, 60)}`).toEqual(await all.review(read, { locale: audience }));
    }
  }, 60_000);
  it('that cannot be read cost only themselves', async () => {
    const { store, problems } = storeOf({ broken: 'de' });
    const opened = await store;
    const read = parseMarkdown('Please call 911 at once if the pain is strong.');
    const { findings } = await (await opened.reviewerFor(read, 'en-GB')).review(read, { locale: 'en-GB' });
    expect(findings.map(({ quote }) => quote)).toEqual(['call 911']);
    await opened.reviewerFor(parseMarkdown('Rufen Sie bei starken Schmerzen die 911 an, bitte sofort.'), 'de-DE');
    expect(problems.join()).toMatch(/pack de could not be loaded/);
  });
});
