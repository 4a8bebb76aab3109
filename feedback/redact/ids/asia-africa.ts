/** Ids of Asia, Oceania and Africa. */
import { checkDigit, isDay, luhn, verhoeff, weightedSum } from '../checksums.ts';
import { form, type IdForm } from './forms.ts';

const CN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

export const ASIA_AFRICA: readonly IdForm[] = [
  form('AU', 'business number', 'region', '\\d{2} ?\\d{3} ?\\d{3} ?\\d{3}', (id) => weightedSum(`${Number(id[0]) - 1}${id.slice(1)}`.replace('-1', '9'), [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], 89) && id[0] !== '0'),
  form('AU', 'company number', 'region', '\\d{3} ?\\d{3} ?\\d{3}', (id) => checkDigit(id, [8, 7, 6, 5, 4, 3, 2, 1], (sum) => (10 - (sum % 10)) % 10)),
  form('AU', 'tax file number', 'region', '\\d{3} ?\\d{3} ?\\d{3}', (id) => weightedSum(id, [1, 4, 3, 7, 5, 8, 6, 9, 10], 11)),
  form('AU', 'Medicare', 'region', '[2-6]\\d{3} ?\\d{5} ?\\d', (id) => checkDigit(id, [1, 3, 7, 9, 1, 3, 7, 9], (sum) => sum % 10)),
  form('IN', 'Aadhaar', 'anywhere', '[2-9]\\d{3}([ :-]?)\\d{4}\\1\\d{4}', verhoeff),
  form('IN', 'PAN', 'anywhere', '[A-Z]{3}[ABCFGHJLPT][A-Z]\\d{4}[A-Z]'),
  form('IN', 'PAN, any holder', 'region', '[A-Z]{5}\\d{4}[A-Z]|A\\d{4}[A-Z]{5}'),
  form('IN', 'GSTIN', 'anywhere', '(?:0[1-9]|[12]\\d|3[0-7])[A-Z]{5}\\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]'),
  form('IN', 'passport', 'region', '[A-Z][1-9]\\d{6}'),
  form('IN', 'voter card', 'region', '[A-Z]{3}\\d{7}'),
  form('IN', 'plate', 'capitals', '[A-Z]{2} ?\\d{1,2} ?[A-Z]{1,3} ?\\d{4}|[A-Z]{2,3}\\d{4}|I[1-9]\\d{4}'),
  form('JP', 'My Number', 'region', '\\d{4}[ -]?\\d{4}[ -]?\\d{4}', (id) => checkDigit(id, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], (sum) => (sum % 11 <= 1 ? 0 : 11 - (sum % 11)))),
  form('CN', 'resident identity', 'anywhere', '[1-9]\\d{5}(?:18|19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}[0-9X]', (id) => '10X98765432'[CN_WEIGHTS.reduce((sum, weight, index) => sum + weight * Number(id[index]), 0) % 11] === id[17]),
  form('TW', 'national id', 'anywhere', '[A-Z][12]\\d{8}', taiwan),
  form('HK', 'identity card', 'region', '[A-Z]{1,2}\\d{6}\\(?[0-9A]\\)?'),
  form('KR', 'resident or foreigner', 'anywhere', '\\d{6}-[1-8]\\d{6}', (id) => isDay(id, 'ymd')),
  form('KR', 'resident or foreigner, run together', 'region', '\\d{6}[1-8]\\d{6}', (id) => isDay(id, 'ymd')),
  form('KR', 'business', 'region', '\\d{3}-?\\d{2}-?\\d{5}', korean),
  form('KR', 'driving licence', 'region', '(?:1[1-9]|2[0-8])[ -]?\\d{2}[ -]?\\d{6}[ -]?\\d{2}'),
  form('KR', 'passport', 'anywhere', '[MSRODG]\\d{3}[A-Z]\\d{4}'),
  form('KR', 'old passport', 'region', '[MSRODG]\\d{8}'),
  form('SG', 'NRIC', 'anywhere', '[STFGM]\\d{7}[A-Z]'),
  form('SG', 'NRIC, any letter', 'region', '[A-Z]\\d{7}[A-Z]'),
  form('SG', 'entity', 'region', '\\d{8,9}[A-Z]|[A-Z]\\d{2}[A-Z]{2}\\d{4}[A-Z]'),
  form('TH', 'identity', 'region', '[1-8]\\d{12}', (id) => !/^(.)\1+$/.test(id) && checkDigit(id, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2], (sum) => (11 - (sum % 11)) % 10)),
  form('TR', 'identity', 'anywhere', '[1-9]\\d{10}', turkish),
  form('TR', 'plate', 'capitals', '(?:0[1-9]|[1-7]\\d|8[01]) ?[A-Z]{1,3} ?\\d{2,4}'),
  form('PH', 'tax number', 'region', '\\d{3}-?\\d{3}-?\\d{3}(?:-?\\d{3})?', (id) => weightedSum(id, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11) || weightedSum(id, [1, 2, 3, 4, 5, 6, 7, 8, -1], 11)),
  form('SA', 'identity or residence', 'region', '[12]\\d{9}', luhn),
  form('AE', 'Emirates id', 'anywhere', '784[ -]?\\d{4}[ -]?\\d{7}[ -]?\\d', luhn),
  form('EG', 'national id', 'region', '[23]\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{7}'),
  form('NG', 'NIN', 'region', '\\d{11}', verhoeff),
  form('NG', 'plate', 'capitals', '[A-Z]{3}[ -]?\\d{3}[ -]?[A-Z]{2}'),
  form('ZA', 'identity', 'anywhere', '\\d{10}[0-2]\\d{2}', (id) => isDay(id, 'ymd') && luhn(id)),
];

function turkish(id: string): boolean {
  const digits = Array.from(id, Number);
  const odd = digits[0]! + digits[2]! + digits[4]! + digits[6]! + digits[8]!;
  const even = digits[1]! + digits[3]! + digits[5]! + digits[7]!;
  return (((odd * 7 - even) % 10) + 10) % 10 === digits[9] && digits.slice(0, 10).reduce((sum, digit) => sum + digit, 0) % 10 === digits[10];
}

function korean(id: string): boolean {
  return checkDigit(id, [1, 3, 7, 1, 3, 7, 1, 3, 5], (sum) => (10 - ((sum + Math.floor((Number(id[8]) * 5) / 10)) % 10)) % 10);
}

/** The letter of the place counts as two digits (I, O, W, Z come last). */
function taiwan(id: string): boolean {
  const place = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(id[0]!) + 10;
  return weightedSum(`${place}${id.slice(1)}`, [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1], 10);
}
