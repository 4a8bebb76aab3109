/** Adapters: what one may do to the classifier, to whom, and what becomes of those that do not fit. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packDocument } from '../../cli/pack-docs.ts';
import { adapterFaults } from '../../cli/pack-adapters.ts';
import { loadClassifier } from '../../models/load-node.ts';
import { readAllPacks } from '../../packs/read.ts';
import { openAdapter } from '../../review/classifier/adapter.ts';
import { withRequiredInputs } from '../../review/classifier/adapter-inputs.ts';
import { readFloat16 } from '../../review/classifier/float16.ts';
import { createClassifier } from '../../review/classifier/classifier.ts';
import type { Adapter, Classifier, ClassifierInput, PassageClassification } from '../../review/classifier/types.ts';
import { loadPacks } from '../../review/packs.ts';
import { createReviewer } from '../../review/review.ts';
import { parseMarkdown } from '../../review/text/markdown.ts';
import { openPackStore } from '../../extension/inference/pack-store.ts';
import { indexOf } from '../../review/pack-index.ts';
import { adapterFile, float16, SITES, tinyGraph, tinyModel, WIDTH } from '../fixtures/tiny-model.ts';

const files = tinyModel();
let tiny: Classifier;
beforeAll(async () => {
  tiny = await createClassifier(files);
});
afterAll(() => tiny.dispose());

const passages: ClassifierInput[] = [
  { text: '資料をご覧いただけますでしょうか。', language: 'ja' },
  { text: 'Könnten Sie mir bitte helfen?', language: 'de' },
  { text: '明日また連絡するね。', language: 'ja' },
  { text: 'Please send me the letter tomorrow.', language: 'en' },
  { text: '123', language: 'ja' },
];
const japanese = [0, 2];

function opened(data: unknown, pack = 'ja-JP', target: Classifier = tiny): Adapter {
  const result = openAdapter(data, pack, target);
  if (!result.ok) throw new Error(result.reason);
  return result.adapter;
}
const refusal = (data: unknown, pack = 'ja-JP', target: Classifier = tiny) => {
  const result = openAdapter(data, pack, target);
  return result.ok ? 'accepted' : result.reason;
};

/** Largest difference of any probability. */
function apart(a: PassageClassification, b: PassageClassification): number {
  const flat = ({ spans: _, ...rest }: PassageClassification) => Object.values(rest).flatMap((value: unknown) => (typeof value === 'number' ? [value] : Object.values(value ?? {}) as number[]));
  const other = flat(b);
  return Math.max(...flat(a).map((value, at) => Math.abs(value - other[at]!)));
}

describe('what an adapter changes', () => {
  test('onnxruntime-web takes no value for an input that has a default: hence the cut', async () => {
    ort.env.wasm.wasmBinary = files.wasm!.wasmBinary!;
    const quiet = { logSeverityLevel: 3 } as const;
    const { model } = tinyGraph();
    const [asShipped, cut] = [await ort.InferenceSession.create(model, quiet), await ort.InferenceSession.create(withRequiredInputs(model, ['adapter_scale', 'adapter_shift']), quiet)];
    expect(asShipped.inputNames).toEqual(['input_ids', 'attention_mask']);
    expect(cut.inputNames).toEqual(['input_ids', 'attention_mask', 'adapter_scale', 'adapter_shift']);
    await Promise.all([asShipped.release(), cut.release()]);
  });

  test('nothing, when it is all ones and zeros, or when the model takes none', async () => {
    const without = await tiny.classify(passages);
    const identity = opened(adapterFile('ja-JP', files.sha256, { scale: 1, shift: 0 }));
    expect(await tiny.classify(passages, undefined, identity)).toEqual(without);
    const plain = await createClassifier(tinyModel({ adapters: false }));
    expect(await plain.classify(passages)).toEqual(without);
    await plain.dispose();
  });

  test("its own language's answers, and no other's, in one call", async () => {
    const without = await tiny.classify(passages);
    const adapted = await tiny.classify(passages, undefined, opened(adapterFile('ja-JP', files.sha256)));
    passages.forEach((_, at) => {
      if (japanese.includes(at)) expect(apart(adapted[at]!, without[at]!)).toBeGreaterThan(0.05);
      else expect(adapted[at]).toEqual(without[at]);
    });
    expect(await tiny.classify(passages)).toEqual(without);
  });

  test('by its own scale and shift', async () => {
    const one = (fields: { scale: number; shift: number }) => tiny.classify(passages.slice(0, 1), undefined, opened(adapterFile('ja-JP', files.sha256, fields)));
    const answers = [await one({ scale: 1, shift: 0 }), await one({ scale: 0.25, shift: 0 }), await one({ scale: 1, shift: 1.5 }), await one({ scale: 0.25, shift: 1.5 })].map(([answer]) => answer!);
    for (const [at, answer] of answers.entries()) for (const other of answers.slice(at + 1)) expect(apart(answer, other)).toBeGreaterThan(0.01);
  });

  test.each([
    ['ja-JP', ['ja'], ['en', 'zh-Hans', 'und', '', 'not a tag']],
    ['ja', ['ja'], ['ko']],
    ['zh-TW', ['zh-Hant'], ['zh-Hans', 'zh', 'ja']],
    ['zh-CN', ['zh-Hans', 'zh'], ['zh-Hant']],
    ['en-IN', ['en'], ['hi', 'und']],
  ])('%s serves its language and script', (locale, served, others) => {
    const { serves } = opened(adapterFile(locale, files.sha256), locale);
    expect(served.filter((language) => !serves(language))).toEqual([]);
    expect(others.filter(serves)).toEqual([]);
  });
});

describe('adapters that do not fit are left out with a reason', () => {
  const numbers = (first: number, rest = 1) => float16([first, ...new Array<number>(SITES * WIDTH - 1).fill(rest)]);
  test.each([
    ['of another model', adapterFile('ja-JP', 'b'.repeat(64)), /trained for another model file \(bbbbbbbbbbbb…\).*attune-mini@0\.0\.1/],
    ['of another pack', adapterFile('ko-KR', files.sha256), /says that it is for "ko-KR"/],
    ['of another size', adapterFile('ja-JP', files.sha256, { sites: 4, width: 192 }), /4 × 192 numbers.*takes 2 × 3/],
    ['with fewer numbers than it says', { ...adapterFile('ja-JP', files.sha256), scale: float16([1, 1]) }, /scale holds 2 numbers instead of 2 × 3/],
    ['with a scale out of bounds', { ...adapterFile('ja-JP', files.sha256), scale: numbers(2.25) }, /scale holds a number that is further than 1 from 1/],
    ['with a shift out of bounds', { ...adapterFile('ja-JP', files.sha256), shift: numbers(-2.5, 0) }, /shift holds a number that is further than 2 from 0/],
    ['with NaN', { ...adapterFile('ja-JP', files.sha256), scale: numbers(NaN) }, /scale holds a number/],
    ['with infinity', { ...adapterFile('ja-JP', files.sha256), shift: numbers(Infinity, 0) }, /shift holds a number/],
    ['of a later format', { ...adapterFile('ja-JP', files.sha256), format: 2 }, /format/],
    ['for heads that are not there', { ...adapterFile('ja-JP', files.sha256), heads: ['sarcasm'] }, /no head sarcasm/],
    ['that are no base64', { ...adapterFile('ja-JP', files.sha256), scale: '!!' }, /scale: /],
    ['with fields that nobody knows', { ...adapterFile('ja-JP', files.sha256), script: 'x' }, /script/],
    ['that are enormous', { ...adapterFile('ja-JP', files.sha256), scale: 'AAAA'.repeat(100_000) }, /scale: /],
    ['that are a number', 7, /expected object/],
  ])('%s', (_, data, reason) => {
    expect(refusal(data)).toMatch(/^The adapter of the pack ja-JP was left out: /);
    expect(refusal(data)).toMatch(reason);
  });

  test('beside a model that takes none', async () => {
    const plainFiles = tinyModel({ adapters: false });
    const plain = await createClassifier(plainFiles);
    expect(refusal(adapterFile('ja-JP', plainFiles.sha256), 'ja-JP', plain)).toMatch(/takes no adapters/);
    // One opened for another model is refused at the front door, and the next call works.
    await expect(plain.classify(passages, undefined, opened(adapterFile('ja-JP', files.sha256)))).rejects.toThrow(/belongs to another model/);
    expect(await plain.classify(passages)).toHaveLength(passages.length);
    await plain.dispose();
  });

  test('a model that says it takes adapters and does not is refused', async () => {
    const { config } = tinyModel();
    const plain = tinyModel({ adapters: false });
    const { bytes, sha256, outputs } = (plain.config as { attune: Record<string, unknown> }).attune;
    await expect(createClassifier({ ...plain, config: { attune: { ...(config as { attune: object }).attune, bytes, sha256, outputs } } })).rejects.toThrow(/no input adapter_scale.*rebuild/s);
  });

  test('`packs check` says so; the model that ships decides', () => {
    expect(adapterFaults([{ id: 'ja-JP', adapter: adapterFile('ja-JP', files.sha256) }, { id: 'de' }])).toEqual([expect.stringMatching(/^ja-JP: .*another model file/)]);
    expect(adapterFaults([{ id: 'ja-JP', adapter: adapterFile('ja-JP', files.sha256) }], '/nowhere')).toEqual([expect.stringMatching(/cannot be checked without the model/)]);
  });

  test("a pack's page says what its adapter changes", () => {
    const pack = loadPacks(readAllPacks()).packs.get('ja-JP')!;
    const page = (adapter: unknown) => packDocument({ ...pack, adapter }, [], []);
    expect(page(adapterFile('ja-JP', files.sha256))).toMatch(/## The classifier here\n\n.*Trained for honorific\\_ja on made up for tests\.\n\n.*\n.*\n\| none \| accuracy \| 0\.500 \| 0\.600 \| 10 \|/);
    expect(page({ format: 9 })).toBe(page(undefined));
  });

  test('half-precision numbers are read as the platform reads them', () => {
    const view = new DataView(new ArrayBuffer(2 * 65_536));
    for (let bits = 0; bits < 65_536; bits++) view.setUint16(2 * bits, bits, true);
    const read = readFloat16(new Uint8Array(view.buffer));
    for (let bits = 0; bits < 65_536; bits++) if (!Object.is(read[bits], view.getFloat16(2 * bits, true))) expect.fail(`bits ${bits.toString(16)}: ${read[bits]}`);
  });
});

describe('reviews', () => {
  // Without their own adapters, which belong to the shipped model.
  const raw = (readAllPacks() as { id: string; adapter?: unknown }[])
    .filter(({ id }) => ['root', 'ja', 'ja-JP', 'de', 'de-DE', 'en', 'en-US'].includes(id))
    .map(({ adapter: _, ...pack }) => pack);
  const withAdapter = (adapter: unknown) => raw.map((pack) => (pack.id === 'ja-JP' ? { ...pack, adapter } : pack));
  const answer = parseMarkdown('資料をご覧いただけますでしょうか。明日また連絡するね。The library closes at five today.');

  function recording(): { classifier: Classifier; calls: { adapter: string | undefined; texts: number }[] } {
    const calls: { adapter: string | undefined; texts: number }[] = [];
    return {
      calls,
      classifier: {
        ...tiny,
        // Asked about every passage, whatever the language.
        trust: () => 'trained',
        classify: (inputs, signal, adapter) => {
          calls.push({ adapter: adapter?.locale, texts: inputs.length });
          return tiny.classify(inputs, signal, adapter);
        },
      },
    };
  }

  test("use the adapter of the audience's pack, and never another audience's answers", async () => {
    const { classifier, calls } = recording();
    const problems: string[] = [];
    const reviewer = createReviewer({ packs: loadPacks(withAdapter(adapterFile('ja-JP', files.sha256))), classifier, onProblem: (problem) => problems.push(problem) });
    await reviewer.review(answer, { locale: 'de-DE' });
    await reviewer.review(answer, { locale: 'ja-JP' });
    // The English passage is the same for both; the two Japanese ones are asked about again.
    expect(calls).toEqual([{ adapter: undefined, texts: 3 }, { adapter: 'ja-JP', texts: 2 }]);
    await reviewer.review(answer, { locale: 'en-US' });
    await reviewer.review(answer, { locale: 'ja-JP' });
    await reviewer.review(answer, { locale: 'de-DE' });
    expect(calls).toHaveLength(2);
    expect(problems).toEqual([]);
  });

  test('go on without an adapter that does not fit; the pack store says so once', async () => {
    const { classifier, calls } = recording();
    const packs = withAdapter(adapterFile('ja-JP', 'c'.repeat(64))) as { id: string }[];
    const problems: string[] = [];
    const store = await openPackStore({
      read: (path) => Promise.resolve(path === 'index' ? indexOf(loadPacks(packs).packs.values()) : packs.find(({ id }) => id === path)),
      paths: { index: 'index', pack: (id) => id },
      classifier,
      onProblem: (problem) => problems.push(problem),
    });
    for (const text of [answer, answer, parseMarkdown('Bitte lesen Sie die Unterlagen. 明日また連絡するね。')]) {
      const review = await (await store.reviewerFor(text, 'ja-JP')).review(text, { locale: 'ja-JP' });
      expect(review.classifier).toEqual({ state: 'used' });
    }
    expect(calls.every(({ adapter }) => adapter === undefined)).toBe(true);
    expect(problems).toEqual([expect.stringMatching(/adapter of the pack ja-JP was left out.*another model file/)]);
  });
});

describe('the model that ships', () => {
  const various = readFileSync(join(import.meta.dirname, '../fixtures/classifier/parity.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; lang: string })
    .filter(({ text }) => /\p{L}{3}/u.test(text) && text.length < 200)
    .map(({ text, lang }) => ({ text, language: lang }));
  const shipped = (readAllPacks() as { id: string; adapter?: unknown }[]).filter(({ adapter }) => adapter !== undefined);
  /** Sums of floats depend a little on what else is in a batch. */
  const NOTHING = 1e-5;
  let classifier: Classifier;
  beforeAll(async () => {
    classifier = await loadClassifier();
  });
  afterAll(() => classifier.dispose());

  /** What an adapter changes at most: in texts that it serves, and in all others. */
  async function changes(adapter: Adapter): Promise<{ served: number; others: number }> {
    const [without, adapted] = [await classifier.classify(various), await classifier.classify(various, undefined, adapter)];
    const most = (served: boolean) => Math.max(...various.flatMap(({ language }, at) => (adapter.serves(language) === served ? [apart(adapted[at]!, without[at]!)] : [])));
    return { served: most(true), others: most(false) };
  }

  test('takes adapters as the tiny one does, or says that it takes none', async () => {
    const shape = classifier.adapterShape;
    if (shape === null) {
      expect(refusal(adapterFile('ja-JP', classifier.modelHash), 'ja-JP', classifier)).toMatch(/takes no adapters/);
      return;
    }
    const identity = await changes(opened(adapterFile('ja-JP', classifier.modelHash, { ...shape, scale: 1, shift: 0 }), 'ja-JP', classifier));
    expect(Math.max(identity.served, identity.others)).toBeLessThan(NOTHING);
    const strong = await changes(opened(adapterFile('ja-JP', classifier.modelHash, { ...shape, scale: 1.25, shift: 0.25 }), 'ja-JP', classifier));
    expect(strong.served).toBeGreaterThan(0.01);
    expect(strong.others).toBeLessThan(NOTHING);
  });

  test('every adapter in packs/ fits it, changes texts in its language, and no others', async () => {
    expect(adapterFaults(shipped)).toEqual([]);
    for (const { id, adapter } of shipped) {
      const { served, others } = await changes(opened(adapter, id, classifier));
      expect(served, id).toBeGreaterThan(0.001);
      expect(others, id).toBeLessThan(NOTHING);
    }
  }, 300_000);
});
