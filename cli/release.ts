/** `attune release`: build, verify, take withdrawn rows out of a copy, and destroy a release's secret. */
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { openKey } from '../collector/log/key.ts';
import type { ReleaseFiles } from '../collector/release/files.ts';
import { readFolder, readMeta, ReleaseError } from '../collector/release/read.ts';
import { buildRelease, NothingToPublish, type ReleaseOptions } from '../collector/release/release.ts';
import type { SourceRow } from '../collector/release/source.ts';
import { verifyRelease } from '../collector/release/verify.ts';
import { applyWithdrawals } from '../collector/release/withdraw.ts';
import { openDatabase } from '../collector/store/database.ts';
import { readDrive } from '../collector/store/drives.ts';
import { defaultDataFolder } from '../collector/store/folder.ts';
import { releaseRows, withdrawals } from '../collector/store/release-source.ts';
import { verifyWithdrawals } from '../feedback/log/withdrawals.ts';
import { demographics, driveId, PURPOSES, semver, submission, withdrawalEntry } from '../feedback/schema/index.ts';
import { EXIT, linesOf, UsageError, writeLine } from './lines.ts';

/** Fewer people than this a published combination is a risk that a person should take knowingly. */
const CUSTOMARY_K = { open: 10, gated: 5 } as const;

export interface BuildOptions {
  readonly drive: string;
  readonly version: string;
  readonly out: string;
  readonly date?: string;
  readonly access: string;
  readonly k?: number;
  readonly demographics?: boolean;
  readonly title?: string;
  readonly url?: string;
  readonly data?: string;
  readonly rows?: string;
  readonly saltFile?: string;
}

const sourceRow = z.strictObject({ record: submission, purposes: z.array(z.enum(PURPOSES)), demographics: demographics.nullable(), blocked: z.string().nullable() });

/** What a release needs from where the submissions are. */
interface Source {
  readonly rows: SourceRow[];
  readonly title: string;
  readonly controller: ReleaseOptions['controller'];
  readonly logKey: string | null;
  readonly withdrawals: number;
}

/** Builds a release from the collector's database, or from exported rows, into a new folder. */
export async function buildFolder(options: BuildOptions): Promise<number> {
  const version = checked(semver, options.version, '--version');
  const drive = checked(driveId, options.drive, '--drive');
  const access = checked(z.enum(['open', 'gated']), options.access, '--access');
  const date = checked(z.iso.date(), options.date ?? new Date().toISOString().slice(0, 10), '--date');
  const url = checked(z.url(), options.url ?? 'https://example.org/attune', '--url');
  const k = options.k ?? CUSTOMARY_K[access];
  if (k < 2) throw new UsageError('--k must be at least 2: alone in a group, a person is named by it.');
  if (k < CUSTOMARY_K[access]) console.error(`Warning: k = ${k} is below the customary ${CUSTOMARY_K[access]} for ${access} releases; do not publish this one without advice.`);
  mustBeNew(options.out);

  const source = options.rows === undefined ? await fromDatabase(drive, options.data) : await fromFile(options.rows, drive);
  let release;
  try {
    release = buildRelease(source.rows, {
      drive, version, date, access, url, k, title: options.title ?? source.title, demographics: options.demographics ?? false,
      controller: source.controller, logKey: source.logKey, withdrawalsApplied: source.withdrawals, salt: saltIn(options.saltFile ?? saltBeside(options.out)),
    });
  } catch (error) {
    if (error instanceof NothingToPublish) throw new UsageError(error.message);
    throw error;
  }
  write(options.out, release.files);
  await writeLine({ release: `${drive} ${version}`, folder: options.out, ...release.summary, leftOut: release.meta.leftOut });
  console.error(`The release's secret is in ${options.saltFile ?? saltBeside(options.out)}: once it is published, destroy it with "attune release seal ${options.out}".`);
  return EXIT.ok;
}

async function fromDatabase(drive: string, data = defaultDataFolder()): Promise<Source> {
  const { db, close } = await openDatabase({ url: process.env['DATABASE_URL'], data, onNotice: (message) => console.error(message) });
  try {
    const info = await readDrive(db, drive, openKey(data, { pem: process.env['ATTUNE_LOG_KEY'] }));
    if (info === null) throw new UsageError(`There is no drive "${drive}" in this database.`);
    const rows: SourceRow[] = [];
    for await (const row of releaseRows(db, drive)) rows.push(row);
    let listed = 0;
    for await (const _ of withdrawals(db, drive)) listed++;
    return { rows, title: info.title, controller: { name: info.controller.name, contact: info.controller.contact }, logKey: info.logKey, withdrawals: listed };
  } finally {
    await close();
  }
}

async function fromFile(file: string, drive: string): Promise<Source> {
  const rows: SourceRow[] = [];
  let number = 0;
  for await (const line of linesOf(createReadStream(file))) {
    number++;
    if (line.trim() === '') continue;
    const parsed = sourceRow.safeParse(parseJson(line, `${file}, line ${number}`));
    if (!parsed.success) throw new UsageError(`${file}, line ${number}: ${z.prettifyError(parsed.error)}`);
    if (parsed.data.record.drive === drive) rows.push(parsed.data);
  }
  return { rows, title: `Attune drive ${drive}`, controller: { name: 'Not named', contact: 'Not named' }, logKey: null, withdrawals: 0 };
}

/** Checks a release folder; 0 when it is what it says, 1 when not. */
export async function verifyFolder(folder: string, options: { readonly withdrawals?: string }): Promise<number> {
  const files = inRelease(() => readFolder(folder));
  const withdrawn = options.withdrawals === undefined ? new Set<string>() : readList(options.withdrawals, files, undefined).ids;
  const result = await verifyRelease(files, withdrawn);
  await writeLine(result);
  return result.ok ? EXIT.ok : EXIT.findings;
}

/** Makes a copy of a release without the withdrawn rows. */
export async function withdrawFrom(folder: string, list: string, options: { readonly out: string; readonly key?: string }): Promise<number> {
  const files = inRelease(() => readFolder(folder));
  const { ids, lines } = readList(list, files, options.key);
  const result = applyWithdrawals(files, ids, lines);
  if (result === null) {
    await writeLine({ folder, withdrawn: 0, message: 'Nothing in this release has been withdrawn; it stays as it is.' });
    return EXIT.ok;
  }
  mustBeNew(options.out);
  write(options.out, result.release.files);
  await writeLine({ folder: options.out, version: result.release.meta.version, withdrawn: result.withdrawn, suppressed: result.suppressed, annotations: result.release.summary.annotations });
  return EXIT.ok;
}

/** Destroys the secret of a published release: after that nobody, the controller included, can compute its pseudonyms. */
export function seal(folder: string, options: { readonly saltFile?: string }): number {
  const file = options.saltFile ?? saltBeside(folder);
  if (!existsSync(file)) throw new UsageError(`There is no secret at ${file}: it may already be destroyed.`);
  rmSync(file);
  console.error(`${file} is destroyed.`);
  return EXIT.ok;
}

/** The list, verified with the key that the release names (or the one given). */
function readList(file: string, files: ReleaseFiles, givenKey: string | undefined): { ids: Set<string>; lines: number } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  const { logKey, drive } = inRelease(() => readMeta(files));
  const key = givenKey ?? logKey;
  if (key === null) {
    console.error('Warning: this release names no key, so the signatures of the list were not checked. Give one with --key.');
    const entries = text.split('\n').filter(Boolean).map((line, at) => checked(withdrawalEntry, parseJson(line, `${file}, line ${at + 1}`), `${file}, line ${at + 1}`));
    return { ids: new Set(entries.map(({ id }) => id)), lines: entries.length };
  }
  const result = verifyWithdrawals(text, drive, key);
  if (!result.ok) throw new UsageError(`${file}, line ${result.line}: ${result.problem}. The list was changed, or it is not this drive's; fetch it again.`);
  return { ids: new Set(result.entries.map(({ id }) => id)), lines: result.entries.length };
}

function inRelease<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReleaseError) throw new UsageError(error.message);
    throw error;
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${what}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
  return parsed.data;
}

function parseJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new UsageError(`${where}: not JSON.`);
  }
}

function mustBeNew(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new UsageError(`${folder} is not empty: a release goes into a folder of its own.`);
}

function write(folder: string, files: ReleaseFiles): void {
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
}

/** Beside the folder, never in it: what is published must not hold it. */
const saltBeside = (folder: string) => `${resolve(folder)}.salt`;

function saltIn(file: string): Uint8Array {
  if (existsSync(file)) {
    const salt = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
    if (salt.length !== 32) throw new UsageError(`${file} is not the secret of a release (64 hexadecimal digits).`);
    return salt;
  }
  const salt = randomBytes(32);
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, `${salt.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return salt;
}
