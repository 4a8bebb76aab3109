/**
 * Recall and false alarms of the recognisers on Presidio's test rows. `node tests/unit/feedback/pii-figures.ts` prints the table;
 * redact.test.ts pins it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPersonalData, recognise } from '../../../feedback/redact/redact.ts';
import type { RedactionType } from '../../../feedback/schema/taxonomy.ts';

interface Row {
  readonly text: string;
  readonly count: number;
  /** UTF-16 units, half-open; absent where the source gives only the count. */
  readonly spans?: readonly [number, number][];
}
const FIXTURE = join(import.meta.dirname, '../../fixtures/pii/presidio-recognizer-cases.json');
const rows = (JSON.parse(readFileSync(FIXTURE, 'utf8')) as { recognizers: Record<string, Row[]> }).recognizers;

const NOT_COUNTRIES: Readonly<Record<string, RedactionType>> = { email: 'email', credit_card: 'card', iban: 'iban', ip: 'ip', mac: 'ip', url: 'url', phone: 'phone', ph_mobile_number: 'phone', tr_phone_number: 'phone', uk_postcode: 'address', de_plz: 'address', crypto: 'number', us_bank: 'number' };
const typeOf = (recogniser: string): RedactionType => NOT_COUNTRIES[recogniser] ?? 'national-id';

/** The reader's region: the country of the rows; in the mixed phone rows the one that the sentence names. */
function regionOf(recogniser: string, text: string): string | null {
  if (recogniser === 'phone') return /Israeli/.test(text) ? 'IL' : /Japanese/.test(text) ? 'JP' : /CN/.test(text) ? 'CN' : 'US';
  if (recogniser === 'aba_routing' || recogniser === 'certificate_number') return 'US';
  const country = /^([a-z]{2})_/.exec(recogniser)?.[1]?.toUpperCase();
  return country === 'UK' ? 'GB' : (country ?? null);
}

/** Some rows count the quotation marks around an address in, or end behind the text. */
function bare(text: string, [start, end]: readonly [number, number]): { start: number; end: number } {
  const quoted = /^["']/.test(text.slice(start)) ? 1 : 0;
  return { start: start + quoted, end: Math.min(end, text.length) - quoted };
}
const covers = (hit: { start: number; end: number }, span: { start: number; end: number }): boolean => hit.start <= span.start && hit.end >= span.end;

export interface Figures {
  readonly recogniser: string;
  readonly type: RedactionType;
  /** Details that stand in the rows. */
  readonly expected: number;
  /** Found by the recogniser of their own type. */
  readonly named: number;
  /** Gone from the redacted text, whatever they were taken for. */
  readonly gone: number;
  /** Rows without a detail of this kind, and those of them in which its recogniser found one. */
  readonly clean: number;
  readonly falseAlarms: number;
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
}

export function figures(recogniser: string): Figures {
  const type = typeOf(recogniser);
  let expected = 0;
  let named = 0;
  let gone = 0;
  let clean = 0;
  const missed: string[] = [];
  const wrong: string[] = [];
  for (const { text, count, spans } of rows[recogniser]!) {
    const region = regionOf(recogniser, text);
    const own = recognise(type, text, region);
    const all = findPersonalData(text, { region, language: 'en', ownNames: [] });
    if (count === 0) {
      clean += 1;
      if (own.length > 0) wrong.push(text);
      continue;
    }
    const inside = (hits: typeof own): number => (spans ? spans.filter((span) => hits.some((hit) => covers(hit, bare(text, span)))).length : Math.min(count, hits.length));
    expected += count;
    named += inside(own);
    gone += inside(all);
    if (inside(own) < count) missed.push(`${text} ${JSON.stringify(spans)} own=${JSON.stringify(own.map((h) => text.slice(h.start, h.end)))} all=${JSON.stringify(all.map((h) => [h.type, text.slice(h.start, h.end)]))}`);
  }
  return { recogniser, type, expected, named, gone, clean, falseAlarms: wrong.length, missed, wrong };
}

export const allFigures = (): Figures[] => Object.keys(rows).map(figures);

/** The figures of each type of redaction. */
export function byType(list: readonly Figures[]): Record<string, { expected: number; named: number; gone: number; clean: number; falseAlarms: number }> {
  const sums: Record<string, { expected: number; named: number; gone: number; clean: number; falseAlarms: number }> = {};
  for (const { type, expected, named, gone, clean, falseAlarms } of list) {
    const sum = (sums[type] ??= { expected: 0, named: 0, gone: 0, clean: 0, falseAlarms: 0 });
    sum.expected += expected;
    sum.named += named;
    sum.gone += gone;
    sum.clean += clean;
    sum.falseAlarms += falseAlarms;
  }
  return sums;
}

if (import.meta.main) {
  const list = allFigures();
  for (const { recogniser, expected, named, gone, clean, falseAlarms, missed, wrong } of list) {
    console.log(`${recogniser}: ${named}/${expected} named, ${gone} gone, ${falseAlarms}/${clean} false`);
    if (process.argv.includes('--all')) {
      for (const text of missed) console.log('   missed', text);
      for (const text of wrong) console.log('   wrong', text);
    }
  }
  console.table(byType(list));
}
