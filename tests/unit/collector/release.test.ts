import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { publicId } from '../../../feedback/log/keys.ts';
import { validateCroissant } from '../../../collector/release/croissant/validate.ts';
import type { Annotation } from '../../../collector/release/fields.ts';
import { anonymise, smallestClass } from '../../../collector/release/k-anonymity.ts';
import { nearDuplicateGroups, SAME_FROM } from '../../../collector/release/near-duplicates.ts';
import { readAnnotations } from '../../../collector/release/read.ts';
import { buildRelease, NothingToPublish, type Release, type ReleaseOptions } from '../../../collector/release/release.ts';
import type { SourceRow } from '../../../collector/release/source.ts';
import { leakage, splitsOf } from '../../../collector/release/splits.ts';
import { csvCell } from '../../../collector/release/tables.ts';
import { jaccard, shingles } from '../../../collector/release/text.ts';
import { verifyRelease } from '../../../collector/release/verify.ts';
import { applyWithdrawals } from '../../../collector/release/withdraw.ts';
import { ALL_PURPOSES, crowd, sourceRow } from '../../fixtures/submissions.ts';

const options: ReleaseOptions = {
  drive: 'open', title: 'Attune open drive', version: '1.0.0', date: '2026-11-22', access: 'open', k: 10, demographics: true,
  controller: { name: 'University of Example', contact: 'data@example.org' }, url: 'https://data.example.org/attune', logKey: null,
  withdrawalsApplied: 0, salt: new Uint8Array(32).fill(7),
};
const text = (release: Release, name: string) => new TextDecoder().decode(release.files.get(name));
const rowsOf = (release: Release) => readAnnotations(release.files);

describe('a release', () => {
  const source = crowd(14);
  const release = buildRelease(source, options);

  it('holds every judgement, in all formats alike', async () => {
    const rows = rowsOf(release);
    expect(rows).toHaveLength(source.length);
    const fromParquet = await parquetReadObjects({ file: release.files.get('data/annotations.parquet')!.slice().buffer });
    expect(fromParquet).toEqual(rows);
    const lines = text(release, 'data/labels.csv').trimEnd().split('\r\n');
    expect(lines).toHaveLength(rows.length + 1);
    expect(lines[0]).not.toMatch(/text|comment|rewrite/);
    expect(lines[1]).toContain(rows[0]!.id);
    const items = text(release, 'data/items.jsonl').trim().split('\n').map((line) => JSON.parse(line) as Record<string, number>);
    expect(items.reduce((sum, { raters }) => sum + raters!, 0)).toBe(rows.length);
    for (const { agree, partly, disagree, cannot_judge } of items) expect(agree! + partly! + disagree! + cannot_judge!).toBeCloseTo(1, 9);
  });
  it('says the same figures everywhere, and its description is valid Croissant', async () => {
    const { summary } = release;
    expect(await validateCroissant(JSON.parse(text(release, 'croissant.json')))).toEqual({ errors: [], warnings: [] });
    for (const name of ['README.md', 'DATASHEET.md', 'croissant.json']) for (const figure of [summary.annotations, summary.items, summary.raters]) expect(text(release, name)).toContain(String(figure));
    const figures = JSON.parse(text(release, 'agreement.json')) as { locale: string; measure: string; alpha: number | null; interval: [number, number] | null; units: number }[];
    expect(figures.filter(({ measure }) => measure === 'severity').map(({ locale }) => locale)).toEqual(['de-DE', 'hi-IN']);
    for (const { alpha, interval } of figures) {
      expect(alpha).not.toBeNull();
      expect(interval![0]).toBeLessThanOrEqual(interval![1]);
    }
  });
  it('is the same bytes when built again, from rows in any order', () => {
    const again = buildRelease(source.toReversed(), options);
    expect([...again.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])).toEqual([...release.files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
  });
  it('names nobody: pseudonyms differ by release and locale, ids cannot be turned back', () => {
    const other = buildRelease(source, { ...options, salt: new Uint8Array(32).fill(8) });
    const raters = new Set(rowsOf(release).map(({ rater }) => rater));
    expect(rowsOf(other).filter(({ rater }) => raters.has(rater))).toEqual([]);
    const all = [...release.files.values()].map((bytes) => Buffer.from(bytes).toString('latin1')).join('\n');
    for (const { record } of source) for (const secret of [record.participant, record.id, record.consent, record.deletionKey]) expect(all).not.toContain(secret);
    const both = crowd(12, ['de-DE']).flatMap((row) => [row, { ...row, record: { ...row.record, id: row.record.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')), context: { ...row.record.context, localeJudged: 'hi-IN' } } }]);
    const perLocale = Map.groupBy(rowsOf(buildRelease(both, options)), ({ locale }) => locale);
    const [german, hindi] = ['de-DE', 'hi-IN'].map((locale) => new Set(perLocale.get(locale)!.map(({ rater }) => rater)));
    expect(german!.intersection(hindi!).size).toBe(0);
  });
  it('passes its own verification, and fails it after any change', async () => {
    expect(await verifyRelease(release.files)).toMatchObject({ ok: true, problems: [] });
    const changed = (name: string, change: (content: string) => string) => new Map(release.files).set(name, new TextEncoder().encode(change(text(release, name))));
    const cases: [string, ReadonlyMap<string, Uint8Array>, RegExp][] = [
      ['a verdict', changed('data/annotations.jsonl', (content) => content.replace('"verdict":"agree"', '"verdict":"disagree"')), /was changed/],
      ['a figure', changed('README.md', (content) => content.replace('| judgements |', '| judgments |')), /README.md/],
      ['a smaller k', changed('release.json', (content) => content.replace('"k": 10', '"k": 200')), /shared by/],
      ['a missing file', new Map([...release.files].filter(([name]) => name !== 'data/labels.csv')), /labels.csv is listed/],
      ['an extra file', new Map(release.files).set('data/extra.csv', new Uint8Array(1)), /not listed/],
      ['a broken line', changed('data/annotations.jsonl', (content) => content.replace('{', '[')), /line 1: not JSON/],
      ['a foreign column', changed('data/annotations.jsonl', (content) => content.replace('{', '{"participant":"x",')), /participant/],
      ['not a release', new Map(), /release.json is missing/],
    ];
    for (const [what, files, problem] of cases) expect((await verifyRelease(files)).problems.join('\n'), what).toMatch(problem);
    expect((await verifyRelease(release.files, new Set([rowsOf(release)[0]!.id]))).problems.join()).toMatch(/1 withdrawn rows/);
  });
});

describe('consent decides', () => {
  const publishable = crowd(12, ['de-DE']);
  const withOne = (given: Parameters<typeof sourceRow>[0]) => {
    const row = sourceRow(given);
    return { row, release: buildRelease([...publishable, row], options) };
  };
  const published = ({ row, release }: { row: SourceRow; release: Release }) => rowsOf(release).find(({ id }) => id === publicId(row.record.id));

  it('on whether a row is there at all', () => {
    const held = withOne({ participant: 'de-DE 1', purposes: ['evaluate', 'train'] });
    expect(published(held)).toBeUndefined();
    expect(held.release.meta.leftOut['no-consent-to-publish']).toBe(1);
    const blocked = withOne({ participant: 'de-DE 1', blocked: 'email' });
    expect(published(blocked)).toBeUndefined();
    expect(blocked.release.meta.leftOut.blocked).toBe(1);
  });
  it('on its text and words', () => {
    const labels = published(withOne({ participant: 'de-DE 1', purposes: ['evaluate', 'publish-labels'], feedback: { comment: 'mine', rewrite: 'better' } }))!;
    expect(labels).toMatchObject({ verdict: 'agree', severity: 3, text: null, span_start: null, comment: null, rewrite: null, language: null, may_train: false, may_evaluate: true });
    const all = published(withOne({ participant: 'de-DE 1', feedback: { comment: 'mine', rewrite: 'better' } }))!;
    expect(all).toMatchObject({ comment: 'mine', rewrite: 'better', may_train: true });
    expect(all.text!.slice(all.span_start!, all.span_end!)).toBe('911');
  });
  it('on age and gender', () => {
    const people = (purposes: readonly (typeof ALL_PURPOSES)[number][]) => crowd(12, ['de-DE']).map((row) => ({ ...row, purposes, demographics: { ageBand: '30-44', gender: 'woman', locale: 'de-DE', familiarity: 'native' } as const }));
    expect(new Set(rowsOf(buildRelease(people(ALL_PURPOSES), options)).map(({ age_band }) => age_band))).toEqual(new Set(['30-44']));
    expect(new Set(rowsOf(buildRelease(people(['evaluate', 'publish-labels']), options)).map(({ age_band }) => age_band))).toEqual(new Set([null]));
    expect(new Set(rowsOf(buildRelease(people(ALL_PURPOSES), { ...options, demographics: false })).map(({ gender }) => gender))).toEqual(new Set([null]));
  });
  it('and a release of nothing says why', () => {
    expect(() => buildRelease(crowd(3, ['de-DE']), options)).toThrow(NothingToPublish);
    expect(() => buildRelease(crowd(3, ['de-DE']), options)).toThrow(/fewer than 10 people/);
  });
});

describe('answers and missed passages', () => {
  it('keep their own columns, and "cannot judge" is null', () => {
    const extra = [
      sourceRow({ participant: 'de-DE 1', feedback: { type: 'answer', helpful: 4, harmless: 'cannot-judge', honest: 5, comment: null } }),
      sourceRow({ participant: 'de-DE 2', feedback: { type: 'missed', kind: 'tone.effusive', span: { start: 0, end: 5 }, severity: 'cannot-judge', reason: null, comment: null, rewrite: null } }),
    ];
    const rows = rowsOf(buildRelease([...crowd(12, ['de-DE']), ...extra], options));
    expect(rows.find(({ type }) => type === 'answer')).toMatchObject({ kind: null, verdict: null, helpful: 4, harmless: null, honest: 5, severity: null });
    expect(rows.find(({ type }) => type === 'missed')).toMatchObject({ kind: 'tone.effusive', severity: null, verdict: null, mark_rule: null });
  });
  it('judge the same item when sentence, kind and locale are the same, whatever surrounds them', () => {
    const same = [sourceRow({ participant: 'de-DE 1', text: 'Guten Tag. Rufen Sie die 911 an!' }), sourceRow({ participant: 'de-DE 2', text: 'Hallo.  RUFEN Sie die 911 an! Dann warten Sie.' })];
    const rows = rowsOf(buildRelease([...crowd(12, ['de-DE']), ...same], options)).filter(({ id }) => same.some(({ record }) => publicId(record.id) === id));
    expect(rows[0]!.item).toBe(rows[1]!.item);
  });
});

describe('k-anonymity', () => {
  const person = (rater: string, values: Partial<Annotation>): Annotation => ({ id: rater, rater, locale: 'de-DE', familiarity: 'native', age_band: null, gender: null, ui_language: 'de', site: 'chatgpt', ...values }) as Annotation;

  it('gives up attributes before rows, and hides a small rest among others', () => {
    const rows = [...Array.from({ length: 12 }, (_, at) => person(`a${at}`, {})), person('b', { site: 'claude' }), person('c', { familiarity: 'studied' })];
    const { rows: kept, suppressed } = anonymise(rows, 5);
    expect(suppressed).toBe(0);
    expect(kept).toHaveLength(14);
    expect(smallestClass(kept)).toBeGreaterThanOrEqual(5);
    // Two people are left over; alone they would be the only ones without attributes, so the class beside them goes with them.
    expect(kept.find(({ id }) => id === 'c')!.familiarity).toBeNull();
  });
  it('takes out locales with too few people whole', () => {
    const { rows, suppressed } = anonymise([...Array.from({ length: 6 }, (_, at) => person(`a${at}`, {})), ...Array.from({ length: 3 }, (_, at) => person(`x${at}`, { locale: 'sw-KE' }))], 5);
    expect(new Set(rows.map(({ locale }) => locale))).toEqual(new Set(['de-DE']));
    expect(suppressed).toBe(3);
  });
  it('holds for any crowd', () => {
    const anyone = fc.record({ locale: fc.constantFrom('de-DE', 'hi-IN', 'ar-SA'), familiarity: fc.constantFrom('native', 'lived', 'studied', null), age_band: fc.constantFrom('18-29', '60+', null), gender: fc.constantFrom('woman', 'man', null), ui_language: fc.constantFrom('de', 'en'), site: fc.constantFrom('chatgpt', 'claude', null), who: fc.nat(40) });
    fc.assert(
      fc.property(fc.array(anyone, { maxLength: 120 }), fc.integer({ min: 2, max: 12 }), (people, k) => {
        const rows = people.map(({ who, ...values }, at) => person(`${values.locale} ${who}`, { ...values, id: `i${at}` }));
        const { rows: kept, suppressed } = anonymise(rows, k);
        expect(kept.length + suppressed).toBe(rows.length);
        if (kept.length > 0) expect(smallestClass(kept)).toBeGreaterThanOrEqual(k);
        // Only locales with fewer than k people vanish.
        for (const [locale, own] of Map.groupBy(rows, (row) => row.locale)) {
          const enough = new Set(own.map(({ rater }) => rater)).size >= k;
          expect(kept.filter((row) => row.locale === locale)).toHaveLength(enough ? own.length : 0);
        }
        expect(anonymise(kept, k).rows).toEqual(kept);
      }),
    );
  });
});

describe('splits', () => {
  it('divide neither a near-duplicate group nor a person', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ participant: fc.nat(12).map(String), text: fc.nat(15) }), { minLength: 1, maxLength: 80 }), (rows) => {
        const first = rows.map(({ text }) => rows.findIndex((row) => row.text === text));
        const splits = splitsOf(rows.map(({ participant }, at) => ({ participant, group: first[at]!, name: `name ${rows[at]!.text}` })));
        expect(leakage(rows.map(({ participant }, at) => ({ split: splits[at]!, group: String(first[at]), rater: participant })))).toEqual({ groups: 0, raters: 0 });
      }),
    );
  });
  it('leave most rows usable when nothing hangs together', () => {
    const splits = splitsOf(Array.from({ length: 400 }, (_, at) => ({ participant: `p${at}`, group: at, name: `n${at}` })));
    const count = (split: string) => splits.filter((one) => one === split).length;
    expect(count('none')).toBe(0);
    expect(count('train')).toBeGreaterThan(280);
    expect(count('test')).toBeGreaterThan(20);
  });
});

describe('near-duplicates', () => {
  const base = 'Bei starken Schmerzen in der Brust rufen Sie bitte sofort die 911 an und legen Sie sich hin.';
  it('find small changes, register twins and other scripts, and keep different texts apart', () => {
    const texts = [base, base.replace('sofort', 'gleich'), `${base} 😊`, 'Der Brief geht an das Finanzamt in Ihrer Stadt, bis Ende Juli.', '救急車を呼ぶときは九一一に電話してください。', '救急車を呼ぶときは九一一に電話をしてください。', '日本では部屋に入る前に靴を脱ぎます。'];
    expect([...nearDuplicateGroups(texts)]).toEqual([0, 0, 0, 3, 4, 4, 6]);
  });
  it('find nearly all pairs that exact comparison finds', () => {
    const words = 'der die das ein eine mit ohne unter über neben Haus Baum Straße Zug Amt Brief Antrag Kind Schule Arzt kommt geht steht liest schreibt morgen heute immer selten gern'.split(' ');
    const random = (seed: number) => words[(seed * 7919) % words.length]!;
    const texts = Array.from({ length: 200 }, (_, at) => Array.from({ length: 20 }, (_, word) => random(at * 31 + word * 17 + at * word)).join(' '));
    const changed = texts.map((one, at) => one.split(' ').with(at % 20, 'Regenschirm').join(' '));
    const groups = nearDuplicateGroups([...texts, ...changed]);
    const found = texts.filter((_, at) => groups[at] === groups[at + texts.length]).length;
    const similar = texts.filter((one, at) => jaccard(shingles(one), shingles(changed[at]!)) >= SAME_FROM).length;
    expect(similar).toBeGreaterThan(150);
    expect(found).toBeGreaterThanOrEqual(similar * 0.98);
  });
});

describe('withdrawals', () => {
  const source = crowd(14);
  const release = buildRelease(source, options);

  it('take rows out of a copy and make everything anew', async () => {
    const gone = new Set(source.filter(({ record }) => record.participant === source[0]!.record.participant).map(({ record }) => publicId(record.id)));
    const { release: left, withdrawn, suppressed } = applyWithdrawals(release.files, gone, 3)!;
    expect({ withdrawn, suppressed, version: left.meta.version, listed: left.meta.withdrawalsApplied }).toEqual({ withdrawn: 3, suppressed: 0, version: '2.0.0', listed: 3 });
    expect(rowsOf(left)).toHaveLength(source.length - 3);
    expect(await verifyRelease(left.files, gone)).toMatchObject({ ok: true });
    const bytes = [...left.files.values()].map((file) => Buffer.from(file).toString('latin1')).join();
    for (const id of gone) expect(bytes).not.toContain(id);
    expect(applyWithdrawals(left.files, gone, 3)).toBeNull();
  });
  it('keep the promise of k: who is left among too few goes with them', async () => {
    const small = buildRelease(crowd(10), options);
    const people = [...new Set(crowd(10).filter(({ record }) => record.context.localeJudged === 'hi-IN').map(({ record }) => record.participant))];
    const gone = new Set(crowd(10).filter(({ record }) => record.participant === people[0]).map(({ record }) => publicId(record.id)));
    const { release: left, suppressed } = applyWithdrawals(small.files, gone, 1)!;
    expect(suppressed).toBe(27);
    expect(left.summary.locales).toEqual(['de-DE']);
    expect(await verifyRelease(left.files)).toMatchObject({ ok: true });
  });
});

describe('CSV cells', () => {
  it.each([['=1+1', "'=1+1"], ['+49 30', "'+49 30"], ['-x', "'-x"], ['@SUM(A1)', "'@SUM(A1)"], ['\t=1', "'\t=1"], ['＝1', "'＝1"], ['a,"b"\nc', '"a,""b""\nc"'], ['=a,b', '"\'=a,b"'], ['plain', 'plain'], [null, ''], [-3, '-3'], [true, 'true']])('%j → %j', (value, cell) => expect(csvCell(value)).toBe(cell));
});
