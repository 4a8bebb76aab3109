/**
 * Writes the JSON Schemas that let an editor complete and check pack files while they are typed.
 *   node packs/schema/json-schema.ts           writes packs/schema/json/
 *   node packs/schema/json-schema.ts --check   exits 1 when a file is not what this would write
 * A pack file names its schema in its first line:
 *   # yaml-language-server: $schema=../../schema/json/rules.schema.json
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { adapter } from './adapter.ts';
import { equivalent, expectations, identity, languageData, rule } from './pack.ts';
import { votes } from './votes.ts';

const FILES = {
  pack: { schema: identity, title: 'pack.yaml: who and what a pack is' },
  language: { schema: languageData, title: 'language.yaml: how texts in this language are read' },
  expectations: { schema: expectations, title: 'expectations.yaml: what this audience expects' },
  equivalents: { schema: z.record(z.string(), equivalent), title: 'equivalents.yaml: the local form of shared concepts' },
  rules: { schema: z.array(rule), title: 'rules/*.yaml: a list of rules' },
  adapter: { schema: adapter, title: "adapter.json: shifts the classifier for this pack's readers" },
  votes: { schema: votes, title: "votes.yaml: reviewers' votes on rules" },
} as const;

let stale = 0;
for (const [name, { schema, title }] of Object.entries(FILES)) {
  const file = join(import.meta.dirname, 'json', `${name}.schema.json`);
  const text = `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) }, null, 1)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${name}.schema.json is out of date. Run: node packs/schema/json-schema.ts`);
    stale++;
  } else writeFileSync(file, text);
}
if (stale > 0) process.exitCode = 1;
