/** `attune agreement`: how far people agree in their ratings, for anybody's JSON lines. */
import { z } from 'zod';
import { dawidSkene, mace, majority, softLabels } from '../collector/agreement/aggregate.ts';
import { krippendorffAlpha } from '../collector/agreement/alpha.ts';
import { LEVELS, type Level } from '../collector/agreement/distances.ts';
import { valuesByUnit, type Rating, type Value } from '../collector/agreement/ratings.ts';
import { CANNOT_JUDGE } from '../feedback/schema/taxonomy.ts';
import { eachLine, EXIT, UsageError, writeLine } from './lines.ts';

/** Names that other tools give to the same three things; the first that a line has is taken. */
const UNIT_FIELDS = ['unit', 'item', 'item_id', 'unit_id', 'task', 'id'] as const;
const RATER_FIELDS = ['rater', 'coder', 'annotator', 'worker', 'participant', 'rater_id'] as const;
const VALUE_FIELDS = ['value', 'label', 'rating', 'verdict'] as const;
const GROUP_FIELDS = ['locale', 'kind'] as const;

const line = z.record(z.string(), z.unknown());
const value = z.union([z.string(), z.number(), z.array(z.string())]);

interface Options {
  readonly level?: string;
  readonly value?: string;
  readonly order?: string;
  readonly by?: string;
  readonly resamples: number;
  readonly seed: number;
  readonly labels?: boolean;
}
interface Grouped extends Rating {
  readonly group: Readonly<Record<string, string>>;
}

/**
 * Reads `{"unit","rater","value"}` a line, or one unit a line: `{"unit","ratings":{rater: value}}` or `{"unit","ratings":[…]}`
 * (null where somebody gave none). "cannot-judge" and null are no ratings. Writes a line for all and one for each group.
 */
export async function agreementLines(file: string | undefined, options: Options): Promise<number> {
  const level = options.level as Level | undefined;
  if (level !== undefined && !LEVELS.includes(level)) throw new UsageError(`Unknown level "${options.level}". Levels: ${LEVELS.join(', ')}.`);
  const by = options.by?.split(',').map((field) => field.trim()).filter(Boolean);
  const ratings: Grouped[] = [];
  const seen = new Set<string>();

  const { malformed } = await eachLine(file, line, async (input) => {
    const unit = text(input, UNIT_FIELDS, 'unit');
    const group = Object.fromEntries((by ?? GROUP_FIELDS).flatMap((field) => (typeof input[field] === 'string' || typeof input[field] === 'number' ? [[field, String(input[field])]] : [])));
    for (const [rater, given] of ratingsIn(input, options.value)) {
      if (given === null || given === undefined || given === CANNOT_JUDGE) continue;
      const parsed = value.safeParse(given);
      if (!parsed.success) throw new UsageError(`A rating must be a word, a number or a list of words; this is ${JSON.stringify(given)}.`);
      const key = JSON.stringify([group, unit, rater]);
      if (seen.has(key)) throw new UsageError(`"${rater}" has already rated "${unit}": one rating a person and unit.`);
      seen.add(key);
      ratings.push({ unit, rater, value: parsed.data, group });
    }
    return undefined;
  });
  if (ratings.length === 0) throw new UsageError('There are no ratings to compare: give lines such as {"unit":"u1","rater":"a","value":"yes"}.');

  // Labels are made within a group only: a model of raters over all locales would read a minority culture as noise.
  const chosen = level ?? levelFor(ratings);
  const groups = Map.groupBy(ratings, ({ group }) => JSON.stringify(group));
  if (groups.size > 1) await report({}, unitsApart(ratings), chosen, { ...options, labels: false });
  for (const key of [...groups.keys()].sort()) await report(JSON.parse(key) as Record<string, string>, groups.get(key)!, chosen, options);
  return malformed > 0 ? EXIT.badInput : EXIT.ok;
}

function text(input: Record<string, unknown>, fields: readonly string[], what: string): string {
  const found = fields.map((field) => input[field]).find((given) => typeof given === 'string' || typeof given === 'number');
  if (found === undefined) throw new UsageError(`The line names no ${what} (one of: ${fields.join(', ')}).`);
  return String(found);
}

function ratingsIn(input: Record<string, unknown>, field: string | undefined): [string, unknown][] {
  const { ratings } = input;
  if (Array.isArray(ratings)) return ratings.map((given: unknown, at) => [`rater ${at + 1}`, given]);
  if (typeof ratings === 'object' && ratings !== null) return Object.entries(ratings);
  const holder = field ?? VALUE_FIELDS.find((name) => name in input);
  if (holder === undefined || !(holder in input)) throw new UsageError(`The line holds no rating (field ${field ?? VALUE_FIELDS.join(', ')}).`);
  return [[text(input, RATER_FIELDS, 'rater'), input[holder]]];
}

function levelFor(ratings: readonly Rating[]): Level {
  if (ratings.every(({ value }) => typeof value === 'number')) return 'ordinal';
  return ratings.every(({ value }) => Array.isArray(value)) ? 'masi' : 'nominal';
}

/** Over all groups, the same unit judged for two locales is two units. */
function unitsApart(ratings: readonly Grouped[]): Rating[] {
  return ratings.map(({ unit, rater, value, group }) => ({ unit: JSON.stringify([group, unit]), rater, value }));
}

async function report(group: Record<string, string>, ratings: readonly Rating[], level: Level, { order, resamples, seed, labels }: Options): Promise<void> {
  let result;
  try {
    result = krippendorffAlpha(valuesByUnit(ratings).values(), { level, resamples, seed, ...(order === undefined ? {} : { order: order.split(',').map((word) => word.trim()) }) });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
  const raters = new Set(ratings.map(({ rater }) => rater)).size;
  await writeLine({ group, level, alpha: result.alpha, interval: result.interval, reason: result.reason, units: result.units, ratings: result.ratings, raters });
  if (labels === true) await writeLabels(group, ratings);
}

async function writeLabels(group: Record<string, string>, ratings: readonly Rating[]): Promise<void> {
  const [soft, most, skene, maced] = [softLabels(ratings), majority(ratings), dawidSkene(ratings), mace(ratings)];
  const plain = (label: { value: Value; probability: number } | null | undefined) => (label === null || label === undefined ? null : { value: label.value, probability: label.probability });
  for (const [unit, shares] of soft) {
    await writeLine({ group, unit, shares, majority: plain(most.get(unit)), dawidSkene: plain(skene.labels.get(unit)), mace: plain(maced.labels.get(unit)) });
  }
}
