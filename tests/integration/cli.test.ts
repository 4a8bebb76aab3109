/** The command line as scripts see it (design §8): standard input and output, exit codes, nothing else. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attune, jsonLines as json } from '../fixtures/attune-cli.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('attune review', () => {
  it('writes a line for each line, with offsets into the answer', async () => {
    const answer = 'Rufen Sie bei Fieber über **102 °F** die 911 an. 🎉 Gute Besserung.';
    const { code, lines } = await attune(['review', '--audience', 'de-DE'], json({ id: 'a', answer }, { id: 'b', text: 'Das Amt öffnet um acht Uhr.' }));
    expect(code).toBe(0);
    expect(lines.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(lines[0]!.language).toBe('de');
    expect(lines[0]!.ms).toBeGreaterThan(0);
    expect(lines[0]!.findings.length).toBeGreaterThan(0);
    for (const { start, end, quote, kind, severity, confidence, message, why, evidence, suggestion } of lines[0]!.findings) {
      expect(answer.slice(start, end)).toBe(quote);
      expect(kind).toMatch(/^(tone|stereotype|term|assumption|norm)\./);
      expect([1, 2, 3]).toContain(severity);
      expect(confidence).toBeGreaterThan(0);
      for (const text of [message, why, suggestion.text]) expect(text.length).toBeGreaterThan(10);
      expect(evidence.length).toBeGreaterThan(0);
    }
    expect(lines[1]!.findings).toEqual([]);
  });
  it('takes lines apart at line feeds only: U+2028 is part of a text', async () => {
    const { code, lines } = await attune(['review', '--audience', 'de-DE', '--rules-only'], `${JSON.stringify({ id: 'a', answer: 'Rufen Sie die 911 an.\u2028Bleiben Sie ruhig.' })}\r\n${JSON.stringify({ id: 'b', answer: 'Gut.' })}`);
    expect(code).toBe(0);
    expect(lines.map(({ id }) => id)).toEqual(['a', 'b']);
  });
  it('answers malformed lines in their place, goes on and exits 2', async () => {
    const { code, lines } = await attune(['review', '--audience', 'de-DE', '--rules-only'], json('{broken', { id: 'x' }, { id: 7, answer: 'Gut.' }, { id: 'y', answer: 'Gut.', audience: 'xx-XX' }, { id: 'z', answer: 5 }));
    expect(code).toBe(2);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatchObject({ id: 'line 1', error: expect.stringContaining('not JSON') });
    expect(lines[1]).toMatchObject({ id: 'x', error: expect.stringContaining('"answer" or "text"') });
    expect(lines[2]).toMatchObject({ id: 7, findings: [] });
    expect(lines[3]).toMatchObject({ id: 'y', error: expect.stringContaining('There are:') });
    expect(lines[4]).toMatchObject({ id: 'z', error: expect.stringContaining('answer') });
  });
  it('exits 1 only when a finding reaches --fail-on', async () => {
    const input = json({ id: 1, answer: 'Bei starken Schmerzen rufen Sie sofort die 911 an.' });
    expect((await attune(['review', '--audience', 'de-DE', '--rules-only', '--fail-on', '1'], input)).code).toBe(1);
    expect((await attune(['review', '--audience', 'de-DE', '--rules-only'], input)).code).toBe(0);
  });
  it('takes audience and situation from the line, and a confidence limit', async () => {
    const line = { id: 1, answer: 'Bei starken Schmerzen rufen Sie sofort die 911 an.', audience: 'de-DE', situation: 'health' };
    expect((await attune(['review', '--rules-only'], json(line))).lines[0]).toMatchObject({ situation: 'health', findings: [{ kind: 'assumption.institution' }] });
    expect((await attune(['review', '--rules-only', '--min-confidence', '1'], json(line))).lines[0]!.findings).toEqual([]);
  });
  it('reads a file, and says so when it cannot', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'attune-')), 'in.jsonl');
    writeFileSync(file, json({ id: 'f', answer: 'Gut.' }));
    expect((await attune(['review', file, '--audience', 'de-DE', '--rules-only'])).lines[0]!.id).toBe('f');
    const missing = await attune(['review', `${file}.none`, '--audience', 'de-DE', '--rules-only']);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('cannot be read');
  });
  it.each([
    [['review', '--audience', 'tlh-KX'], /no pack for the audience/],
    [['review', '--audience', 'de-DE', '--situation', 'war'], /no situation/],
    [['review', '--min-confidence', '7'], /between 0 and 1/],
    [['reviw'], /unknown command/],
    [['compare', '--audiences', 'de-DE'], /at least two/],
    [['packs', 'explain', 'no.such.rule'], /no rule/],
  ])('%s exits 2 and says what to do', async (args, message) => {
    const { code, lines, stderr } = await attune(args, '');
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(stderr).toMatch(message);
  });
});

describe('attune compare', () => {
  it('shows whose findings are whose', async () => {
    const { code, lines } = await attune(['compare', '--audiences', 'de-DE,en-US', '--rules-only'], json({ id: 1, answer: 'If the fever stays above 102 °F, call 911.' }));
    expect(code).toBe(0);
    expect(lines[0]!.audiences['de-DE'].map(({ kind }: { kind: string }) => kind).sort()).toEqual(['assumption.convention', 'assumption.institution']);
    expect(lines[0]!.audiences['en-US']).toEqual([]);
    expect(lines[0]!.only).toEqual({ 'de-DE': 2, 'en-US': 0 });
  });
});

describe('attune classify', () => {
  it('gives probabilities by the contract', async () => {
    const { code, lines } = await attune(['classify'], json({ id: 1, text: 'Könntest du mir bitte helfen?' }, { id: 2, text: '資料をご覧ください。', lang: 'ja' }, { id: 3, text: '도와주세요.', lang: 'ko' }, { id: 4, text: '' }, { id: 5 }));
    expect(code).toBe(2);
    expect(lines[4]).toMatchObject({ id: 5, error: expect.stringContaining('text') });
    const sum = (values: Record<string, number>) => Object.values(values).reduce((a, b) => a + b, 0);
    for (const line of lines.slice(0, 4)) {
      expect(Object.keys(line.generalisation)).toEqual(['asserted', 'mention', 'group', 'none']);
      expect(Object.keys(line.address)).toEqual(['informal', 'formal', 'none']);
      expect(sum(line.generalisation)).toBeCloseTo(1, 3);
      expect(sum(line.address)).toBeCloseTo(1, 3);
      for (const value of [line.formality, line.praise, line.politeness]) expect(value >= 0 && value <= 1).toBe(true);
    }
    expect(lines.map(({ language }) => language).slice(0, 3)).toEqual(['de', 'ja', 'ko']);
    expect(lines[0]!.honorific).toBeNull();
    expect(Object.keys(lines[1]!.honorific)).toEqual(['level1', 'level2', 'level3', 'level4']);
    expect(Object.keys(lines[2]!.honorific)).toEqual(['plain', 'polite', 'formal']);
  });
});

describe('attune classify --locale', () => {
  const texts = json({ id: 1, text: '資料をご覧いただけますでしょうか。', lang: 'ja' }, { id: 2, text: 'Könnten Sie mir bitte helfen?', lang: 'de' });
  it('changes nothing where the pack has no adapter, and says so', async () => {
    const plain = await attune(['classify'], texts);
    const local = await attune(['classify', '--locale', 'en-GB'], texts);
    expect(local.code).toBe(0);
    expect(local.lines).toEqual(plain.lines);
    expect(local.stderr).toContain('No adapter is used for en-GB');
  });
  it('shifts texts in the language of a pack with an adapter, and no others', async () => {
    // Which packs have an adapter is decided anew for every model.
    const [locale, lang, text] = [
      ['fr-FR', 'fr', 'Pourriez-vous m’aider, s’il vous plaît ?'],
      ['ru-RU', 'ru', 'Не могли бы Вы мне помочь?'],
      ['de-DE', 'de', 'Könnten Sie mir bitte helfen?'],
      ['es-MX', 'es', '¿Podría usted ayudarme, por favor?'],
    ].find(([id]) => existsSync(join(ROOT, 'packs', id!, 'adapter.json')))!;
    const asked = json({ id: 1, text: '資料をご覧いただけますでしょうか。', lang: 'ja' }, { id: 2, text, lang });
    const plain = await attune(['classify'], asked);
    const local = await attune(['classify', '--locale', locale!], asked);
    expect(local.lines[0]).toEqual(plain.lines[0]);
    expect(local.lines[1]).not.toEqual(plain.lines[1]);
    expect(local.lines[1]!.address.formal).toBeGreaterThan(0.9);
  });
  it('knows packs only', async () => {
    const { code, stderr } = await attune(['classify', '--locale', 'xx-XX'], texts);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no pack "xx-XX".*de-DE/s);
  });
});

describe('attune packs', () => {
  it('lists and explains', async () => {
    const { lines } = await attune(['packs', 'list']);
    expect(lines.map(({ id }) => id)).toContain('de-DE');
    expect((await attune(['packs', 'explain', 'root.tax.irs'])).lines[0]).toMatchObject({ id: 'root.tax.irs', pack: 'root' });
  });
});

describe('attune agreement', () => {
  const wikipedia = [
    [null, null, null, null, null, 3, 4, 1, 2, 1, 1, 3, 3, null, 3],
    [1, null, 2, 1, 3, 3, 4, 3, null, null, null, null, null, null, null],
    [null, null, 2, 1, 3, 4, 4, null, 2, 1, 1, 3, 3, null, 4],
  ];
  const long = wikipedia.flatMap((row, rater) => row.flatMap((value, unit) => (value === null ? [] : [{ unit: `u${unit}`, rater: `r${rater}`, value }])));

  it('gives the published figure for one rating a line and for one unit a line', async () => {
    for (const input of [json(...long), json(...wikipedia[0]!.map((_, unit) => ({ unit, ratings: wikipedia.map((row) => row[unit]) })))]) {
      const { code, lines } = await attune(['agreement', '--level', 'nominal'], input);
      expect(code).toBe(0);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({ group: {}, level: 'nominal', units: 12, ratings: 26, raters: 3, reason: null });
      expect(lines[0]!.alpha).toBeCloseTo(0.691358, 6);
      expect(lines[0]!.interval[0]).toBeLessThan(0.69);
      expect(lines[0]!.interval[1]).toBeGreaterThan(0.7);
    }
  });
  it('reports by locale and kind, says why there is no figure, and counts "cannot-judge" as no rating', async () => {
    const rows = [...long.map((row) => ({ ...row, locale: 'de-DE', kind: 'tone.blunt' })), { unit: 'x', rater: 'a', value: 1, locale: 'hi-IN', kind: 'tone.blunt' }, { unit: 'x', rater: 'b', value: 'cannot-judge', locale: 'hi-IN', kind: 'tone.blunt' }];
    const { code, lines } = await attune(['agreement'], json(...rows));
    expect(code).toBe(0);
    expect(lines.map(({ group }) => group)).toEqual([{}, { locale: 'de-DE', kind: 'tone.blunt' }, { locale: 'hi-IN', kind: 'tone.blunt' }]);
    expect(lines[1]!.alpha).toBeCloseTo(0.806721, 6);
    expect(lines[2]).toMatchObject({ alpha: null, interval: null, reason: 'no-pairs' });
  });
  it('names what is wrong with a line, goes on and exits 2', async () => {
    const { code, lines } = await attune(['agreement'], json(...long, { unit: 'u8', rater: 'r0', value: 1 }, { rater: 'r9', value: 1 }, { unit: 'u1', rater: 'r1' }, 'broken'));
    expect(code).toBe(2);
    expect(lines.slice(0, 4).map(({ error }) => error)).toEqual([expect.stringContaining('already rated'), expect.stringContaining('names no unit'), expect.stringContaining('holds no rating'), expect.stringContaining('not JSON')]);
    expect(lines[4]!.alpha).toBeCloseTo(0.806721, 6);
    expect((await attune(['agreement', '--level', 'cubic'], json(...long))).stderr).toContain('nominal, ordinal');
    expect((await attune(['agreement'], '')).code).toBe(2);
  });
  it('makes labels of ratings', async () => {
    const { lines } = await attune(['agreement', '--labels'], json(...['a', 'b', 'c'].map((rater) => ({ unit: 'u', rater, value: rater === 'c' ? 'no' : 'yes' }))));
    expect(lines[1]).toMatchObject({ unit: 'u', majority: { value: 'yes' }, dawidSkene: { value: 'yes' }, mace: { value: 'yes' } });
  });
});
