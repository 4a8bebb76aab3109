/**
 * Writes golden.json of a model folder: what the model says to a few passages in WebAssembly (review/classifier/golden.ts).
 *   node models/write-golden.ts [folder]            after every change of the model
 *   node models/write-golden.ts [folder] --check    exits 1 when the file is not what this would write
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { headWidth, ModelError, readConfig } from '../review/classifier/config.ts';
import { apartFromGolden, readGolden, type Golden } from '../review/classifier/golden.ts';
import { createEncoder } from '../review/classifier/pieces.ts';
import { openWasmSession } from '../review/classifier/session.ts';
import { DEFAULT_MODEL, readModelFolder } from './load-node.ts';

/** Every head, several scripts, short: the self-test runs on readers' machines. */
const PASSAGES = [
  'People from the hills are all lazy.',
  'What a brilliant question!',
  'The bridge was opened in 1932.',
  'Könnten Sie mir bitte helfen?',
  'Tu peux venir demain ?',
  '資料をご覧いただけますか。',
  '내일 다시 연락드리겠습니다.',
  'هل يمكنك الاتصال بي غدا؟',
  'क्या आप आ सकते हैं?',
  'Вы можете позвонить завтра?',
];
/** WebAssembly gives the same numbers everywhere, but for the rounding in the file. */
const SAME = 1e-4;

const folder = resolve(process.argv.slice(2).find((argument) => !argument.startsWith('-')) ?? DEFAULT_MODEL);
const file = join(folder, 'golden.json');
const files = await readModelFolder(folder);
const config = readConfig(files.config);
const encode = createEncoder(files.tokenizerJson, files.tokenizerConfig, config.maxTokens);
const rows = PASSAGES.map((text) => encode(text).ids);
const session = await openWasmSession(files.model, config, files.wasm);
const outputs = await session.run(rows);
await session.release();

if (process.argv.includes('--check')) {
  const why = outOfDate();
  if (why !== null) {
    console.error(`${file} is out of date: ${why} Run: node models/write-golden.ts`);
    process.exitCode = 1;
  }
} else {
  const [width, tagWidth, longest] = [headWidth(config), config.tags.labels.length, Math.max(...rows.map((ids) => ids.length))];
  const numbers = (values: Float32Array) => Array.from(values, (value) => Number(value.toFixed(5)));
  const golden: Golden = {
    format: 1,
    model: config.sha256,
    passages: rows.map((ids, row) => ({
      text: PASSAGES[row]!,
      ids: [...ids],
      heads: numbers(outputs.heads.subarray(row * width, (row + 1) * width)),
      tags: ids.map((_, piece) => numbers(outputs.tags.subarray((row * longest + piece) * tagWidth, (row * longest + piece + 1) * tagWidth))),
    })),
  };
  const line = (passage: Golden['passages'][number]) => `    ${JSON.stringify(passage)}`;
  writeFileSync(file, `{\n  "format": 1,\n  "model": "${golden.model}",\n  "passages": [\n${golden.passages.map(line).join(',\n')}\n  ]\n}\n`);
}

/** Why the file there is not this model's; null when it is. */
function outOfDate(): string | null {
  if (!existsSync(file)) return 'it is not there.';
  try {
    const apart = apartFromGolden(outputs, readGolden(JSON.parse(readFileSync(file, 'utf8')), config), config);
    return apart > SAME ? `the model's probabilities differ from it by up to ${apart.toFixed(4)}.` : null;
  } catch (error) {
    if (!(error instanceof ModelError || error instanceof SyntaxError)) throw error;
    return error.message;
  }
}
