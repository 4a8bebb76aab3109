import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agree } from '../../../feedback/consent/consent.ts';
import { assemble, cutIntoParts, stretchAround, stretchOfAnswer } from '../../../feedback/record/parts.ts';
import { makeRecord, missingChoices, residualWords, type Choices, type Edits, type RecordContext, type Subject } from '../../../feedback/record/record.ts';
import { recordOf } from '../../../feedback/outbox/outbox.ts';
import { LONGEST_EXCERPT } from '../../../feedback/schema/limits.ts';
import { SAMPLE_DRIVE } from './drive-sample.ts';

const ANSWER = 'Erster Satz ist hier. Zweiter Satz folgt. Rufen Sie 911 an! Vierter Satz. Fünfter Satz.';
const at = (words: string, text = ANSWER): { start: number; end: number } => ({ start: text.indexOf(words), end: text.indexOf(words) + words.length });

describe('the stretch', () => {
  it('is the passage and one neighbour on each side', () => {
    const { text, parts, span } = stretchAround(ANSWER, at('911'), 'de');
    expect(text).toBe('Zweiter Satz folgt. Rufen Sie 911 an! Vierter Satz.');
    expect(parts).toHaveLength(3);
    expect(text.slice(span!.start, span!.end)).toBe('911');
  });

  it('takes words across two sentences as one passage, and begins and ends where the answer does', () => {
    const { text, parts } = stretchAround(ANSWER, { start: 0, end: at('Zweiter').end }, 'de');
    expect(text).toBe('Erster Satz ist hier. Zweiter Satz folgt. Rufen Sie 911 an!');
    expect(parts).toHaveLength(2);
  });

  it('of a whole answer ends before it is too long', () => {
    const { text, span } = stretchOfAnswer('Ein Satz mit Worten. '.repeat(1000), 'de');
    expect(text.length).toBeLessThanOrEqual(LONGEST_EXCERPT);
    expect(text.length).toBeGreaterThan(LONGEST_EXCERPT - 50);
    expect(span).toBeNull();
  });

  it('lies within any text, holds the words, and keeps its parts in order', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), fc.array(fc.constantFrom('Satz. ', 'wo\n', '日本。', '😀', '\u0000', ' ', '\uD800'), { minLength: 1, maxLength: 60 }).map((list) => list.join('')), fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.repeat(300)));
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(), (text, a, b) => {
        const start = a % text.length;
        const end = start + 1 + (b % (text.length - start));
        const stretch = stretchAround(text, { start, end }, 'und');
        expect(stretch.text.length).toBeLessThanOrEqual(LONGEST_EXCERPT);
        expect(stretch.text.isWellFormed()).toBe(true);
        let last = 0;
        for (const part of stretch.parts) {
          expect(part.start).toBeGreaterThanOrEqual(last);
          expect(part.end).toBeGreaterThan(part.start);
          last = part.end;
        }
        expect(last).toBeLessThanOrEqual(stretch.text.length);
        expect(stretch.span!.end).toBeLessThanOrEqual(stretch.text.length);
      }),
      { numRuns: 400 },
    );
  });

  it('cuts lists and scripts without spaces', () => {
    expect(cutIntoParts('eins\n- zwei\n\ndrei', 'de')).toHaveLength(3);
    expect(cutIntoParts('今日は晴れ。明日は雨。', 'ja')).toHaveLength(2);
  });
});

describe('leaving passages out', () => {
  const stretch = stretchAround(ANSWER, at('911'), 'de');

  it('keeps what stands together together, and shows where something is missing', () => {
    expect(assemble(stretch, new Set([0, 1, 2])).text).toBe(stretch.text);
    expect(assemble(stretch, new Set([1, 2])).text).toBe('Rufen Sie 911 an! Vierter Satz.');
    expect(assemble(stretch, new Set([0, 2])).text).toBe('Zweiter Satz folgt. … Vierter Satz.');
    expect(assemble(stretch, new Set()).text).toBe('');
  });

  it('knows the way there and back', () => {
    const { text, place, origin } = assemble(stretch, new Set([0, 2]));
    expect(place(stretch.span!.start)).toBeNull();
    const vierter = stretch.text.indexOf('Vierter');
    expect(text.slice(place(vierter)!)).toBe('Vierter Satz.');
    expect(origin(place(vierter)!)).toBe(vierter);
  });
});

const membership = agree({ collector: 'https://c.example', info: SAMPLE_DRIVE, language: 'de', ticks: { purposes: new Set(['evaluate']), ageConfirmed: true }, before: null, now: new Date() });
const context: RecordContext = { id: '01931f6a-0000-7000-8000-000000000000', membership, today: '2026-11-22', uiLanguage: 'de', extensionVersion: '0.1.0', ownNames: ['Erika'] };
const TEXT = 'Erika wohnt hier. Schreiben Sie Herrn Klein an k@example.org, dann 911. Danke.';
const subject: Subject = {
  about: { type: 'verdict', marked: { kind: 'assumption.institution', rule: 'de.emergency.911', severity: 3, confidence: 0.9, pack: { id: 'de', version: '1.0.0' }, model: null } },
  stretch: stretchAround(TEXT, at('911', TEXT), 'de'),
  language: 'de',
  locale: 'de-DE',
  situation: 'health',
  site: 'chatgpt',
  markShown: true,
};
const choices: Choices = { verdict: 'agree', kind: null, severity: 3, reason: 'does-not-exist-here', scales: { helpful: null, harmless: null, honest: null }, comment: ' Ruf an: +49 30 12345678\r\n', rewrite: '', locale: 'de-DE', familiarity: 'native' };
const all: Edits = { dropped: new Set(), kept: new Set([0, 1, 2]), chosen: [] };

describe('the record', () => {
  it('is redacted, and its span stands on the marked words', () => {
    const record = makeRecord(subject, choices, { ...all, chosen: [at('Klein', subject.stretch.text)] }, context);
    expect(record.excerpt?.text).toBe('[NAME] wohnt hier. Schreiben Sie Herrn [NAME] an [EMAIL], dann 911. Danke.');
    expect(record.excerpt?.redactions.map(({ type }) => type)).toEqual(['name', 'chosen', 'email']);
    const { finding } = record.feedback as Extract<typeof record.feedback, { type: 'verdict' }>;
    expect(record.excerpt?.text.slice(finding.span!.start, finding.span!.end)).toBe('911');
    expect(record.feedback).toMatchObject({ comment: 'Ruf an: [PHONE]', rewrite: null });
  });

  it('only becomes less by edits', () => {
    const record = makeRecord(subject, choices, { dropped: new Set(['comment', 'reason', 'situation', 'site', 'familiarity']), kept: new Set([2]), chosen: [] }, context);
    expect(record.excerpt?.text).toBe('Danke.');
    expect(record.feedback).toMatchObject({ comment: null, reason: null, finding: { span: null } });
    expect(record.context).toMatchObject({ situation: null, site: null, familiarity: null });
    expect(makeRecord(subject, choices, { ...all, kept: new Set() }, context).excerpt).toBeNull();
    expect(makeRecord(subject, choices, { ...all, dropped: new Set(['excerpt']) }, context).feedback).toMatchObject({ finding: { span: null } });
  });

  it('has the same bytes for the same choices', () => {
    expect(recordOf(makeRecord(subject, choices, all, context))).toBe(recordOf(makeRecord(structuredClone(subject), { ...choices }, { ...all }, context)));
  });

  it('knows nothing of secrets, names of the list and what was typed around', () => {
    const bytes = recordOf(makeRecord(subject, choices, all, context));
    expect(bytes).not.toContain(membership.secret);
    expect(bytes).not.toMatch(/Erika|example\.org|12345678/);
  });

  it.each([
    [subject, { ...choices, verdict: null, severity: null }, ['verdict', 'severity']],
    [{ ...subject, about: { type: 'missed' } }, { ...choices, severity: null }, ['kind', 'severity']],
    [{ ...subject, about: { type: 'answer' } }, { ...choices, scales: { helpful: 3, harmless: null, honest: 'cannot-judge' } }, ['harmless']],
  ] as [Subject, Choices, string[]][])('is not made before the form is filled in', (about, filled, missing) => {
    expect(missingChoices(about, filled)).toEqual(missing);
    expect(() => makeRecord(about, filled, all, context)).toThrow();
  });
});

it('words that may still name somebody are pointed out', () => {
  const found = (text: string, language: string): string[] => residualWords(text, language).map(({ start, end }) => text.slice(start, end));
  expect(found('Ask Maria about it. The office opened in 1998, room 12.', 'en')).toEqual(['Maria', '1998,', '12.']);
  expect(found('Die Frau geht mit Anna Klein zur Schule.', 'de')).toEqual(['Anna Klein']);
  expect(found('[NAME] and [EMAIL] came.', 'en')).toEqual([]);
});
