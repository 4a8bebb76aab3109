/** The attune command (design §8). Each command lives in a file of its own and is loaded when it is asked for. */
import { Command, InvalidArgumentError } from 'commander';
import { PackReadError } from '../packs/read.ts';
import { type CollectorFlags } from './collector.ts';
import { EXIT, UsageError } from './lines.ts';
import type { EvaluateOptions } from './evaluate.ts';
import type { BuildOptions } from './release.ts';

const program = new Command('attune').description('Review answers, check packs, measure the classifier.').exitOverride();

const probability = (value: string) => {
  const number = Number(value);
  if (!(number >= 0 && number <= 1)) throw new InvalidArgumentError('Give a number between 0 and 1.');
  return number;
};
const severity = (value: string) => {
  if (!['1', '2', '3'].includes(value)) throw new InvalidArgumentError('Give a severity: 1, 2 or 3.');
  return Number(value);
};
const wholeNumber = (value: string) => {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Give a whole number.');
  return Number(value);
};
const exit = (code: number) => {
  process.exitCode = code;
};

program
  .command('review')
  .argument('[file]', 'JSON lines; default: standard input')
  .option('--audience <locale>', 'for whom: de-DE, ja-JP …')
  .option('--situation <situation>', 'overrides the guess: civic, health, work …')
  .option('--min-confidence <0-1>', 'leave out findings below this', probability)
  .option('--fail-on <severity>', 'exit 1 when a finding has at least this severity (1-3)', severity)
  .option('--ui <language>', 'language of the messages', 'en')
  .option('--rules-only', 'without the classifier')
  .description('find what does not fit an audience')
  .action(async (file: string | undefined, options: { audience?: string; situation?: string; minConfidence?: number; failOn?: number; ui: string; rulesOnly?: boolean }) => exit(await (await import('./review.ts')).reviewLines(options.audience, { file, ...options })));

program
  .command('compare')
  .argument('[file]', 'JSON lines; default: standard input')
  .requiredOption('--audiences <locales>', 'two or more, separated by commas')
  .option('--situation <situation>')
  .option('--min-confidence <0-1>', 'leave out findings below this', probability)
  .option('--ui <language>', 'language of the messages', 'en')
  .option('--rules-only', 'without the classifier')
  .description('review the same answers for several audiences')
  .action(async (file: string | undefined, options: { audiences: string; situation?: string; minConfidence?: number; ui: string; rulesOnly?: boolean }) => exit(await (await import('./review.ts')).compareLines(options.audiences, { file, ...options })));

program
  .command('classify')
  .argument('[file]', 'JSON lines; default: standard input')
  .option('--locale <locale>', "use this pack's adapter for texts in its language: ja-JP …")
  .description('what the classifier hears in each text')
  .action(async (file: string | undefined, options: { locale?: string }) => exit(await (await import('./classify.ts')).classifyLines(file, options)));

program
  .command('evaluate')
  .argument('<set>', '"acceptance", a file or folder in the acceptance format, a labelled set of the classifier (genil, emgsd, cocoa, keico, kohon, praise, tydip, stif, shekasteh, in_formal_de, ordinary-sentences, ood), "all" of those, or "ordinary": unlabelled text')
  .option('--texts <number>', 'ordinary: so many paragraphs a language', wholeNumber, 2000)
  .option('--language <language>', 'ordinary: this one only')
  .option('--list <number>', 'ordinary: list so many of the marks, to be read', wholeNumber)
  .option('--details', 'list every miss and every false mark')
  .option('--rules-only', 'without the classifier')
  .option('--out <folder>', 'all: where figures.json, report.md, plots and the model card go; default: into the repository')
  .option('--rows <number>', 'labelled sets: so many rows of each, to try it out', wholeNumber)
  .option('--model <folder>', 'labelled sets: another model than the shipped one')
  .description('measure reviews on answers with known faults, or the classifier on labelled data')
  .action(async (set: string, options: EvaluateOptions) => exit(await (await import('./evaluate.ts')).evaluate(set, options)));

const packs = program.command('packs').description('culture packs');
packs
  .command('check')
  .argument('[pack...]', 'pack ids; default: all')
  .option('--no-examples', 'only check the format, do not run the examples')
  .description('validate packs and run every example of every rule')
  .action(async (ids: string[], options: { examples: boolean }) => exit(await (await import('./packs.ts')).checkPacks(ids, options)));
packs
  .command('list')
  .description('the packs there are, with version, status and number of rules')
  .action(async () => exit((await import('./packs.ts')).listPacks()));
packs
  .command('explain')
  .argument('<rule>', 'id of a rule')
  .description('all about one rule: what, why, sources, examples')
  .action(async (id: string) => exit((await import('./packs.ts')).explainRule(id)));

program
  .command('agreement')
  .argument('[file]', 'JSON lines; default: standard input')
  .option('--level <level>', 'nominal, ordinal, interval, ratio or masi; default: ordinal for numbers, masi for lists, else nominal')
  .option('--value <field>', 'field that holds the rating; default: value, label, rating or verdict')
  .option('--order <values>', 'words from lowest to highest, separated by commas, for --level ordinal')
  .option('--by <fields>', 'a figure for each combination, separated by commas; default: locale and kind, where present')
  .option('--resamples <number>', 'for the 95 % bootstrap interval', wholeNumber, 1000)
  .option('--seed <number>', 'the same seed gives the same interval', wholeNumber, 1)
  .option('--labels', 'also one line a unit: shares, majority, Dawid-Skene and MACE')
  .description("Krippendorff's alpha with interval, and labels made of many ratings")
  .action(async (file: string | undefined, options: { level?: string; value?: string; order?: string; by?: string; resamples: number; seed: number; labels?: boolean }) => exit(await (await import('./agreement.ts')).agreementLines(file, options)));

const release = program.command('release').description('published versions of the community dataset');
release
  .command('build')
  .requiredOption('--version <x.y.z>', 'version of the release')
  .requiredOption('--out <folder>', 'a new folder')
  .option('--drive <drive>', 'which drive', 'open')
  .option('--access <open|gated>', 'decides how many people must share what is said about a rater', 'open')
  .option('--k <number>', 'that number, when it is not the customary 10 (open) or 5 (gated)', wholeNumber)
  .option('--demographics', 'include age band and gender of those who allowed it')
  .option('--date <yyyy-mm-dd>', 'date of the release; default: today')
  .option('--title <title>', "default: the drive's")
  .option('--url <url>', 'where it will be published')
  .option('--data <folder>', "the collector's data folder (or DATABASE_URL)")
  .option('--rows <file>', 'build from exported rows instead of a database')
  .option('--salt-file <file>', 'secret of the release; default: beside the folder')
  .description('JSON lines, Parquet, CSV, Croissant, dataset card, datasheet and checksums from consented submissions')
  .action(async (options: BuildOptions) => exit(await (await import('./release.ts')).buildFolder(options)));
release
  .command('verify')
  .argument('<folder>')
  .option('--withdrawals <file>', 'the published list: nothing on it may be in the release')
  .description('check that a release is what it says; exit 1 when not')
  .action(async (folder: string, options: { withdrawals?: string }) => exit(await (await import('./release.ts')).verifyFolder(folder, options)));
release
  .command('apply-withdrawals')
  .argument('<folder>')
  .argument('<list>', 'withdrawals.jsonl of the drive')
  .requiredOption('--out <folder>', 'a new folder')
  .option('--key <key>', "verifier key of the drive's log; default: the one the release names")
  .description('a copy without the withdrawn rows')
  .action(async (folder: string, list: string, options: { out: string; key?: string }) => exit(await (await import('./release.ts')).withdrawFrom(folder, list, options)));
release
  .command('seal')
  .argument('<folder>')
  .option('--salt-file <file>', 'default: beside the folder')
  .description("destroy a published release's secret")
  .action(async (folder: string, options: { saltFile?: string }) => exit((await import('./release.ts')).seal(folder, options)));

packs
  .command('new')
  .argument('<locale>', 'de-AT, sw-KE …')
  .option('--folder <folder>', 'where the packs are')
  .description('folders and files of a new pack, with what CLDR knows')
  .action(async (locale: string, options: { folder?: string }) => exit((await import('./pack-tools.ts')).newPack(locale, options)));
packs
  .command('docs')
  .option('--check', 'only say which pages are out of date')
  .option('--html <file>', 'also write one web page with all rules')
  .description('docs/packs/*.md: what each pack believes, and on what grounds')
  .action(async (options: { check?: boolean; html?: string }) => exit((await import('./pack-tools.ts')).packDocs(options)));
packs
  .command('changes')
  .argument('<since>', 'a commit or tag')
  .description('changelog of each pack since then, and the version it asks for')
  .action(async (since: string) => exit(await (await import('./pack-tools.ts')).packChanges(since)));
packs
  .command('regression')
  .argument('<since>', 'a commit or tag')
  .option('--texts <file>', 'one text a line; default: the acceptance answers')
  .description('marks per text and locale, before and after')
  .action(async (since: string, options: { texts?: string }) => exit(await (await import('./pack-tools.ts')).packRegression(since, options)));
packs
  .command('votes')
  .argument('<rule>', 'id of a rule')
  .description('how a rule came to its level')
  .action(async (id: string) => exit(await (await import('./pack-tools.ts')).explainVotes(id)));
packs
  .command('quick-fix')
  .argument('<file>', '{"serial", "off": [{"rule", "why", "on"}]}')
  .requiredOption('--key <file>', 'Ed25519 private key in PEM form')
  .description('sign a list of rules to switch off before the next release')
  .action(async (file: string, options: { key: string }) => exit(await (await import('./pack-tools.ts')).signQuickFixes(file, options.key)));

const collector = program.command('collector').description('the community dataset service');
/** Every command of the collector finds its data and settings in the same way. */
const collectorCommand = (name: string, parent = collector) => parent.command(name).option('--data <folder>', 'data folder; default: of this user').option('--config <file>', 'settings; default: collector.yaml in the data folder');
collectorCommand('start')
  .option('--bind <address:port>', 'where to listen; default: 127.0.0.1:8787')
  .option('--no-jobs', 'no scheduled maintenance here: another collector does it')
  .description('run the service, on the embedded PostgreSQL or the one of DATABASE_URL')
  .action(async (options: CollectorFlags) => exit(await (await import('./collector.ts')).start(options)));
collectorCommand('migrate').description('bring the tables to this version').action(async (options: CollectorFlags) => exit(await (await import('./collector.ts')).migrateTables(options)));
collectorCommand('backup').argument('<file>', 'a new file, .jsonl.gz').description('write everything into one file, while the service runs').action(async (file: string, options: CollectorFlags) => exit(await (await import('./collector.ts')).backupTo(file, options)));
collectorCommand('restore').argument('<file>').description('fill an empty database from a backup and verify its log').action(async (file: string, options: CollectorFlags) => exit(await (await import('./collector.ts')).restoreFrom(file, options)));
collectorCommand('doctor').description('check settings, database, key, records, logs and withdrawals; exit 1 when something is wrong').action(async (options: CollectorFlags) => exit(await (await import('./collector.ts')).doctor(options)));
collectorCommand('maintain').description('run the scheduled maintenance once, now').action(async (options: CollectorFlags) => exit(await (await import('./collector.ts')).maintain(options)));
collectorCommand('withdraw').argument('<drive>').argument('<submission>').description('withdraw an item for somebody who has lost the secret').action(async (drive: string, id: string, options: CollectorFlags) => exit(await (await import('./collector.ts')).withdrawItem(drive, id, options)));
const drives = collector.command('drive').description('participatory evaluation drives');
collectorCommand('list', drives).description('the drives there are').action(async (options: CollectorFlags) => exit(await (await import('./collector.ts')).listAll(options)));
collectorCommand('close', drives).argument('<drive>').description('take no more consents and submissions').action(async (drive: string, options: CollectorFlags) => exit(await (await import('./collector.ts')).setState(drive, 'closed', options)));
collectorCommand('open', drives).argument('<drive>').description('open a closed drive again').action(async (drive: string, options: CollectorFlags) => exit(await (await import('./collector.ts')).setState(drive, 'open', options)));
collectorCommand('check', collector.command('config').description('settings')).description('check the settings and say what a public collector lacks').action(async (options: CollectorFlags) => exit(await (await import('./collector.ts')).checkConfig(options)));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof Error && 'exitCode' in error && 'code' in error) {
    // Commander has already said what is wrong; asking for help is not wrong.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  } else if (error instanceof UsageError || error instanceof PackReadError) {
    console.error(error.message);
    process.exitCode = EXIT.badInput;
  } else throw error;
}
