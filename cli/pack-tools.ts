/** What pack authors and reviewers run besides `packs check`: scaffolds, pages, changes, effects, quick fixes. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generateConventions, generateLexicon } from '../packs/generate.ts';
import { bumpFor, changesBetween, describeChange } from '../packs/governance/changes.ts';
import { QUICK_FIX_SCHEMA, quickFixBytes, readQuickFixes, signedQuickFixes, type QuickFixes } from '../packs/schema/quick-fixes.ts';
import { standingOf } from '../packs/governance/votes.ts';
import { PACKS_FOLDER, readAllPacks, readVotes } from '../packs/read.ts';
import { createReviewer } from '../review/review.ts';
import { audienceLocales, loadPacks, type PackLibrary } from '../review/packs.ts';
import { parseMarkdown } from '../review/text/markdown.ts';
import { packLibrary } from './engine.ts';
import { EXIT, UsageError, writeLine } from './lines.ts';
import { isSourced } from './pack-audit.ts';
import { packDocument, rulesPage } from './pack-docs.ts';

const ROOT = dirname(PACKS_FOLDER);
const DOCS = join(ROOT, 'docs', 'packs');

/** Folders of a new locale pack and, where the language has none, of its language pack; valid at once, empty of opinions. */
export function newPack(locale: string, { folder = PACKS_FOLDER }: { readonly folder?: string } = {}): number {
  const found = /^([a-z]{2,3}(?:-[A-Z][a-z]{3})?)-([A-Z]{2})$/.exec(locale);
  if (found === null) throw new UsageError(`"${locale}" is no locale with a region: write it like de-AT or sw-KE.`);
  const language = found[1]!;
  if (existsSync(join(folder, locale))) throw new UsageError(`packs/${locale} is already there.`);
  let conventions;
  try {
    conventions = generateConventions(locale);
  } catch (error) {
    throw new UsageError(`CLDR has no data for "${locale}" (${(error as Error).message}).`);
  }
  if (!existsSync(join(folder, language))) {
    writeFiles(join(folder, language), { 'pack.yaml': identityOf(language, 'root'), 'language.yaml': LANGUAGE_SKELETON, 'rules/tone.yaml': RULES_SKELETON, 'lexicon.json': json(generateLexicon(language)) });
  }
  writeFiles(join(folder, locale), { 'pack.yaml': identityOf(locale, language), 'expectations.yaml': EXPECTATIONS_SKELETON, 'equivalents.yaml': EQUIVALENTS_SKELETON, 'rules/norms.yaml': RULES_SKELETON, 'conventions.json': json(conventions) });
  console.error(`Made. Next: write tests/acceptance/${locale}.jsonl before the rules (docs/contributing-a-pack.md), add a line for packs/${locale}/ to .github/CODEOWNERS, and run: npm run --silent attune -- packs check ${locale}`);
  return EXIT.ok;
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    console.error(path);
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;

function identityOf(id: string, parent: string): string {
  const [english, own] = ['en', id.slice(0, 2)].map((language) => new Intl.DisplayNames([language], { type: 'language', languageDisplay: 'standard' }).of(id) ?? id);
  const today = new Date().toISOString().slice(0, 10);
  return `# yaml-language-server: $schema=../schema/json/pack.schema.json
id: ${id}
version: 0.1.0
status: draft
extends: ${parent}
name: { en: ${JSON.stringify(english)}, ${id.split('-')[0]!}: ${JSON.stringify(own)} }
maintainers: [your name]
licence: CC-BY-4.0
sources:
  # What a rule rests on. General knowledge is welcome; it keeps a rule at level "draft" until others confirm it.
  daily-life: { title: Knowledge of daily life, kind: general-knowledge }
changelog:
  - { version: 0.1.0, date: '${today}', note: First draft. }
`;
}

const RULES_SKELETON = `# yaml-language-server: $schema=../../schema/json/rules.schema.json
# A list of rules. docs/contributing-a-pack.md shows a whole one.
[]
`;
const LANGUAGE_SKELETON = `# yaml-language-server: $schema=../schema/json/language.schema.json
# How texts in this language are read: situations, address, cues, places, groups, lists. See packs/nl/language.yaml for a whole one.
`;
const EXPECTATIONS_SKELETON = `# yaml-language-server: $schema=../schema/json/expectations.schema.json
# What readers expect by situation: form of address for each language, and how much of each tone.
{}
`;
const EQUIVALENTS_SKELETON = `# yaml-language-server: $schema=../schema/json/equivalents.schema.json
# The local form of shared concepts; ids are in packs/root/rules (concept: …). Numbers for emergencies need two sources.
{}
`;

/** Writes docs/packs/*.md (with check: says which are out of date) and, when asked, one page with all rules. */
export function packDocs(options: { readonly check?: boolean; readonly html?: string }): number {
  const library = packLibrary();
  const wanted = new Map([...library.packs.values()].map((pack) => [`${pack.id}.md`, packDocument(pack, library.chain(pack.id).slice(1), readVotes(pack.id))]));
  const stale = [...wanted].filter(([name, text]) => !existsSync(join(DOCS, name)) || readFileSync(join(DOCS, name), 'utf8') !== text).map(([name]) => name);
  const surplus = existsSync(DOCS) ? readdirSync(DOCS).filter((name) => name.endsWith('.md') && !wanted.has(name)) : [];
  if (options.html !== undefined) writeFileSync(options.html, rulesPage(library.packs.values()));
  if (options.check === true) {
    for (const name of [...stale, ...surplus]) console.error(`docs/packs/${name} is out of date. Run: npm run --silent attune -- packs docs`);
    return stale.length + surplus.length > 0 ? EXIT.findings : EXIT.ok;
  }
  mkdirSync(DOCS, { recursive: true });
  for (const name of stale) writeFileSync(join(DOCS, name), wanted.get(name)!);
  for (const name of surplus) rmSync(join(DOCS, name));
  console.error(`${stale.length} pages written, ${surplus.length} removed, ${wanted.size} in all.`);
  return EXIT.ok;
}

/** The packs as they were at a commit. */
function packsAt(commit: string): PackLibrary {
  const folder = mkdtempSync(join(tmpdir(), 'attune-packs-'));
  try {
    let archive: Buffer;
    try {
      archive = execFileSync('git', ['archive', commit, 'packs'], { cwd: ROOT, maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      throw new UsageError(`git has no packs at "${commit}": ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`);
    }
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    return loadPacks(readAllPacks(join(folder, 'packs')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Changelog of each pack since a commit, with the version it asks for. */
export async function packChanges(since: string): Promise<number> {
  const [before, after] = [packsAt(since), packLibrary()];
  for (const pack of after.packs.values()) {
    const old = before.packs.get(pack.id);
    const changes = changesBetween(old, pack);
    const bump = bumpFor(changes);
    if (bump !== null) await writeLine({ pack: pack.id, from: old?.version ?? null, to: pack.version, asksFor: old === undefined ? 'new' : bump, changes: changes.map(describeChange) });
  }
  for (const { id, version } of before.packs.values()) if (!after.packs.has(id)) await writeLine({ pack: id, from: version, to: null, asksFor: 'major', changes: ['Removed the pack: deprecate it with replacedBy and a sunset instead.'] });
  return EXIT.ok;
}

/**
 * What a change of packs does to readers: marks per text and locale before and after, on texts that stay the same (our
 * acceptance answers, or a file with one text a line).
 */
export async function packRegression(since: string, options: { readonly texts?: string }): Promise<number> {
  const [before, after] = [packsAt(since), packLibrary()];
  const texts = options.texts === undefined ? acceptanceTexts() : readFileSync(options.texts, 'utf8').split('\n').filter((line) => line.trim() !== '').map((answer) => ({ answer, locale: undefined }));
  const [old, now] = [before, after].map((packs) => createReviewer({ packs }));
  for (const { locale } of audienceLocales(after)) {
    const own = texts.filter((text) => text.locale === undefined || text.locale === locale);
    if (own.length === 0) continue;
    const known = before.packs.has(locale);
    const marks = { before: 0, after: 0 };
    const changed = new Map<string, number>();
    for (const { answer } of own) {
      const [was, is] = await Promise.all([old!, now!].map(async (reviewer) => (await reviewer.review(parseMarkdown(answer), { locale })).findings));
      marks.before += was!.length;
      marks.after += is!.length;
      for (const [findings, step] of [[was!, -1], [is!, 1]] as const) for (const { rule } of findings) changed.set(rule, (changed.get(rule) ?? 0) + step);
    }
    const rate = (count: number) => Math.round((count / own.length) * 1000) / 1000;
    await writeLine({ locale, texts: own.length, before: known ? rate(marks.before) : null, after: rate(marks.after), rules: Object.fromEntries([...changed].filter(([, delta]) => delta !== 0).sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, 10)) });
  }
  return EXIT.ok;
}

function acceptanceTexts(): { answer: string; locale: string | undefined }[] {
  const folder = join(ROOT, 'tests', 'acceptance');
  return readdirSync(folder).filter((name) => name.endsWith('.jsonl')).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean).map((line) => {
    const { answer, audience } = JSON.parse(line) as { answer: string; audience: string };
    return { answer, locale: audience };
  }));
}

/** How a rule came to its level. */
export async function explainVotes(id: string): Promise<number> {
  for (const pack of packLibrary().packs.values()) {
    const rule = pack.rules.find((one) => one.id === id);
    if (rule === undefined) continue;
    const cast = readVotes(pack.id).filter((vote) => vote.rule === id);
    await writeLine({ rule: id, pack: pack.id, level: rule.level, votes: cast, standing: standingOf(cast, { oldLevel: 'draft', established: false, sourced: isSourced(rule, pack) }) });
    return EXIT.ok;
  }
  throw new UsageError(`There is no rule "${id}".`);
}

/** Signs a list of rules to switch off with an Ed25519 private key (PEM); the list goes to standard output. */
export async function signQuickFixes(file: string, keyFile: string): Promise<number> {
  const known = new Set([...packLibrary().packs.values()].flatMap(({ rules }) => rules.map(({ id }) => id)));
  const parsed = signedQuickFixes.omit({ signature: true }).safeParse({ schema: QUICK_FIX_SCHEMA, ...(JSON.parse(readFileSync(file, 'utf8')) as object) });
  if (!parsed.success) throw new UsageError(`${file}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
  const fixes: QuickFixes = parsed.data;
  for (const { rule } of fixes.off) if (!known.has(rule)) throw new UsageError(`There is no rule "${rule}" to switch off.`);
  const key = createPrivateKey(readFileSync(keyFile, 'utf8'));
  const signed = { ...fixes, signature: sign(null, quickFixBytes(fixes), key).toString('base64') };
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const check = await readQuickFixes(signed, Uint8Array.from(publicKey));
  if (!check.ok) throw new UsageError(`The key does not sign as it should (${check.reason}): it must be an Ed25519 key.`);
  await writeLine(signed);
  console.error(`Verify with the public key ${publicKey.toString('base64')}.`);
  return EXIT.ok;
}
