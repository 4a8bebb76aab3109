import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ID_REGIONS } from '../../../feedback/redact/ids/index.ts';
import { findPersonalData, LABELS, redact, replaceHits, spanAfter } from '../../../feedback/redact/redact.ts';
import { submission } from '../../../feedback/schema/submission.ts';
import { allFigures, byType } from './pii-figures.ts';

const ROOT = join(import.meta.dirname, '../../..');
const clean = (text: string, region: string | null = null, ownNames: string[] = []): string => redact(text, { region, language: 'en', ownNames }).text;

describe('on the test rows of Presidio', () => {
  const sums = byType(allFigures());

  it.each(['email', 'card', 'iban', 'phone', 'ip', 'url', 'national-id'])('finds at least 95 of 100: %s', (type) => {
    const { expected, named, gone } = sums[type]!;
    expect(expected).toBeGreaterThan(5);
    expect(named / expected).toBeGreaterThanOrEqual(0.95);
    expect(gone).toBeGreaterThanOrEqual(named);
  });

  it('keeps its figures: how many stand there, are named, are gone; clean rows and false alarms', () => {
    expect(Object.fromEntries(Object.entries(sums).map(([type, { expected, named, gone, clean: rows, falseAlarms }]) => [type, `${named} named, ${gone} gone of ${expected}; ${falseAlarms} false in ${rows}`]))).toMatchInlineSnapshot(`
      {
        "address": "18 named, 18 gone of 23; 0 false in 12",
        "card": "15 named, 15 gone of 15; 0 false in 5",
        "email": "7 named, 7 gone of 7; 0 false in 2",
        "iban": "158 named, 158 gone of 158; 1 false in 172",
        "ip": "103 named, 104 gone of 104; 4 false in 34",
        "national-id": "458 named, 465 gone of 471; 28 false in 324",
        "number": "8 named, 8 gone of 8; 4 false in 5",
        "phone": "93 named, 94 gone of 94; 5 false in 22",
        "url": "14 named, 14 gone of 14; 0 false in 3",
      }
    `);
  });
});

it('leaves ordinary answers alone', () => {
  let answers = 0;
  let hits = 0;
  for (const file of readdirSync(join(ROOT, 'tests/acceptance')).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(ROOT, 'tests/acceptance', file), 'utf8').split('\n').filter(Boolean)) {
      const { answer, audience } = JSON.parse(line) as { answer?: string; audience?: string };
      if (answer === undefined) continue;
      answers += 1;
      hits += findPersonalData(answer, { region: audience?.slice(-2) ?? null, language: 'en', ownNames: [] }).length;
    }
  }
  expect(answers).toBeGreaterThan(200);
  // The hits there are real phone numbers.
  expect(hits / answers).toBeLessThan(0.05);
});

const SYNTHETIC = join(ROOT, '../shared/data/vectors/pii/presidio-research-synth_dataset_v2.json');
/** Texts with fake identities of FakeNameGenerator.com (CC BY-SA 3.0 US) from microsoft/presidio-research (MIT): measured where they lie, not copied. */
it.runIf(existsSync(SYNTHETIC))('on the synthetic texts of presidio-research', () => {
  const rows = JSON.parse(readFileSync(SYNTHETIC, 'utf8')) as { full_text: string; spans: { entity_type: string; start_position: number; end_position: number }[] }[];
  const counts: Record<string, [gone: number, of: number]> = {};
  let alarms = 0;
  for (const { full_text: text, spans } of rows) {
    const unit = (codePoints: number): number => [...text].slice(0, codePoints).join('').length;
    const gold = spans.map((span) => ({ type: span.entity_type, start: unit(span.start_position), end: unit(span.end_position) }));
    const hits = findPersonalData(text, { region: 'US', language: 'en', ownNames: [] });
    alarms += hits.filter((hit) => !gold.some(({ start, end }) => hit.start < end && hit.end > start)).length;
    for (const { type, start, end } of gold) {
      const count = (counts[type] ??= [0, 0]);
      count[1] += 1;
      if (hits.some((hit) => hit.start <= start && hit.end >= end)) count[0] += 1;
    }
  }
  for (const type of ['CREDIT_CARD', 'US_SSN', 'EMAIL_ADDRESS', 'IBAN_CODE', 'IP_ADDRESS', 'DOMAIN_NAME', 'US_DRIVER_LICENSE']) expect([type, counts[type]![0]]).toEqual([type, counts[type]![1]]);
  // Local numbers of many countries, read as an American would.
  expect(counts.PHONE_NUMBER![0] / counts.PHONE_NUMBER![1]).toBeGreaterThanOrEqual(0.85);
  expect(alarms).toBeLessThanOrEqual(2);
});

describe('replaces', () => {
  it.each([
    ['E-mail anna.k+x@mail.example.org!', null, 'E-mail [EMAIL]!'],
    ['Rufen Sie 030 123456 78 an', 'DE', 'Rufen Sie [PHONE] an'],
    ['電話は 03-1234-5678 です', 'JP', '電話は [PHONE] です'],
    ['फ़ोन ९८७६५४३२१०', 'IN', 'फ़ोन [PHONE]'],
    ['رقم الهاتف ٠٥٠١٢٣٤٥٦٧', 'SA', 'رقم الهاتف [PHONE]'],
    ['see https://user:pw@example.com/reset?token=abc.', null, 'see [URL].'],
    ['the server 10.0.0.12 or fe80::1ff:fe23:4567:890a', null, 'the server [IP] or [IP]'],
    ['IBAN DE89 3704 0044 0532 0130 00, danke', 'DE', 'IBAN [IBAN], danke'],
    ['card 4111-1111-1111-1111 until 05/27', null, 'card [CARD] until 05/27'],
    ['key sk-a1B2c3D4e5F6g7H8i9J0k1', null, 'key [NUMBER]'],
    ['order 20391284756', null, 'order [NUMBER]'],
  ])('%s', (text, region, wanted) => expect(clean(text, region)).toBe(wanted));

  it.each([
    ['FR', 'NIR', '2 55 08 14 168 025 38'],
    ['CN', 'resident identity', '11010519491231002X'],
    ['JP', 'My Number', '1234 5678 9018'],
    ['MX', 'CURP', 'HEGG560427MVZRRL04'],
    ['TW', 'national id', 'A123456789'],
    ['SA', 'national id', '1058529940'],
    ['CH', 'AHV', '756.9217.0769.85'],
    ['BR', 'CPF', '529.982.247-25'],
    ['AE', 'Emirates id', '784-1979-1234567-1'],
  ])('%s %s %s as an id', (region, _name, id) => expect(clean(`x ${id} y`, region)).toBe('x [ID] y'));

  it.each([
    ['de', 'Ich wohne Bahnhofstraße 12a, 10115 Berlin.', 'Ich wohne [ADDRESS].'],
    ['en', 'Meet at 221B Baker Street, London', 'Meet at [ADDRESS], London'],
    ['en-US', '1600 Pennsylvania Avenue NW', '[ADDRESS] NW'],
    ['en-GB', 'at SW1A 1AA', 'at [ADDRESS]'],
    ['fr', 'au 12 bis, rue de la République', 'au [ADDRESS]'],
    ['es', 'en la Calle de Alcalá, 45', 'en la [ADDRESS]'],
    ['it', 'in via Giuseppe Garibaldi 7', 'in [ADDRESS]'],
    ['pt', 'na Rua das Flores, 120', 'na [ADDRESS]'],
    ['tr', 'Atatürk Caddesi No: 15', '[ADDRESS]'],
    ['ja', '住所は東京都千代田区丸の内1丁目9-1です', '住所は[ADDRESS]です'],
    ['zh', '地址:北京市海淀区中关村大街27号', '地址:[ADDRESS]'],
    ['ko', '서울특별시 종로구 세종대로 209', '[ADDRESS]'],
    ['ar', 'في شارع الملك فهد ٢٥', 'في [ADDRESS]'],
    ['hi', 'मकान नंबर 42, गांधी नगर', '[ADDRESS]'],
  ])('a street address in %s: %s', (_language, text, wanted) => expect(clean(text)).toBe(wanted));

  it('the names of the reader’s list, with endings, in any script, and not the flower', () => {
    expect(clean('Rose Miller met Miller’s aunt; a rose. ANNAS Hut, Annaberg', null, ['Rose Miller', 'Anna'])).toBe('[NAME] met [NAME] aunt; a rose. [NAME] Hut, Annaberg');
    expect(clean('山田太郎さんと田中', null, ['山田太郎'])).toBe('[NAME]さんと田中');
    expect(clean('Ayşe’nin evi', null, ['Ayşe'])).toBe('[NAME] evi');
    expect(clean('(a+)+$ and x', null, ['(a+)+$'])).toBe('[NAME] and x');
  });
});

describe('keeps', () => {
  it.each(['It costs 1.250.000 € or 1 250 000 people.', 'From 1998 to 2024-05-31, 31.05.2024 10:30, 5/20/2021', 'Pi is 3.14159265', 'Version 2.10.3 of node.js in README.md', 'Call 112 or 999', 'z.B. um 18:30 Uhr', 'bis zu 500 Gramm, ca. 20000km', '[EMAIL] and [NUMBER]', 'e.g. the 5G network'])('%s', (text) => expect(clean(text, 'DE')).toBe(text));
});

it('knows ids of every country with a pack', () => {
  const countries = readdirSync(join(ROOT, 'packs')).flatMap((name) => /^[a-z]{2,3}-([A-Z]{2})$/.exec(name)?.[1] ?? []);
  expect(countries.length).toBeGreaterThan(8);
  expect([...new Set(countries)].filter((country) => !ID_REGIONS.includes(country))).toEqual([]);
});

const PIECES = fc.constantFrom('a@b.co', '+49 30 123456', 'DE89370400440532013000', ' ', '4111111111111111', 'www.x.org/?q=1', '10.1.2.3', '[', ']', 'EMAIL', 'Anna', 'ü', '😀', '٣', '-', '.', '12', '2024', 'Hauptstraße 5', '\n');
const someText = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(PIECES, { maxLength: 30 }).map((parts) => parts.join('')));
const OPTIONS = { region: 'DE', language: 'de', ownNames: ['Anna'] };

it('gives spans that hold the labels, in order', () => {
  fc.assert(
    fc.property(someText, (text) => {
      const result = redact(text, OPTIONS);
      let last = 0;
      for (const { start, end, type } of result.redactions) {
        expect(result.text.slice(start, end)).toBe(LABELS[type]);
        expect(start).toBeGreaterThanOrEqual(last);
        last = end;
      }
    }),
    { numRuns: 500 },
  );
});

it('finds nothing new in what it has redacted, so the collector’s second look agrees', () => {
  fc.assert(
    fc.property(someText, (text) => {
      const once = redact(text, OPTIONS).text;
      expect(redact(once, OPTIONS).text).toBe(once);
    }),
    { numRuns: 2000 },
  );
});

it('moves spans along with the text', () => {
  const text = 'Dear anna@example.org, call 030 12345678 now';
  const hits = findPersonalData(text, { region: 'DE', language: 'en', ownNames: [] });
  const { text: redacted } = replaceHits(text, hits);
  const of = (words: string): string => {
    const start = text.indexOf(words);
    const moved = spanAfter({ start, end: start + words.length }, hits);
    return redacted.slice(moved.start, moved.end);
  };
  expect(redacted).toBe('Dear [EMAIL], call [PHONE] now');
  expect(of('Dear')).toBe('Dear');
  expect(of('now')).toBe('now');
  expect(of('example')).toBe('[EMAIL]');
  expect(of('call 030')).toBe('call [PHONE]');
  expect(of('anna@example.org, call')).toBe('[EMAIL], call');
});

describe('takes time in proportion to hostile text', () => {
  const HOSTILE: Readonly<Record<string, (n: number) => string>> = {
    letters: (n) => 'a'.repeat(n),
    capitals: (n) => 'Aa '.repeat(n / 3),
    ats: (n) => '@'.repeat(n),
    'dots and letters': (n) => 'a.'.repeat(n / 2),
    digits: (n) => '1'.repeat(n),
    'digit groups': (n) => '12 '.repeat(n / 3),
    'plus and zero groups': (n) => '+01-'.repeat(n / 4),
    colons: (n) => 'ab:'.repeat(n / 3),
    ibans: (n) => 'DE89 '.repeat(n / 5),
    streets: (n) => 'Rue de la '.repeat(n / 10),
    'addresses announced': (n) => 'address is a b '.repeat(n / 15),
    kanji: (n) => '東京都千代田区'.repeat(n / 7),
    hangul: (n) => '서울시 종로'.repeat(n / 6),
    slashes: (n) => `https://${'a/'.repeat(n / 2)}`,
    dashes: (n) => 'a1-'.repeat(n / 3),
  };
  it.each(Object.keys(HOSTILE))('%s', (name) => {
    const time = (n: number): number => {
      const text = HOSTILE[name]!(n);
      const begin = performance.now();
      redact(text, OPTIONS);
      return performance.now() - begin;
    };
    time(2_000);
    // Eight times the text: linear is 8, quadratic 64. Other work on the machine may disturb a round, but not every one.
    const ratios = Array.from({ length: 6 }, () => time(80_000) / Math.max(time(10_000), 4));
    expect(Math.min(...ratios)).toBeLessThan(20);
  });
});

it('fits the contract', () => {
  const { text, redactions } = redact('Write to a@b.co or +49 30 12345678', OPTIONS);
  expect(submission.shape.excerpt.parse({ text, language: 'de', redactions })).toEqual({ text, language: 'de', redactions });
});
