/** Ids of Europe, with the check digits their issuers publish. */
import { checkDigit, icao, isDay, luhn, mod11and10, weightedSum } from '../checksums.ts';
import { form, type IdForm } from './forms.ts';

const NIF = 'TRWAGMYFPDXBNJZSQVHLCKE';
const HETU = '0123456789ABCDEFHJKLMNPRSTUVWXY';

export const EUROPE: readonly IdForm[] = [
  form('DE', 'tax id', 'region', '[1-9]\\d{10}', (id) => mod11and10(id) && steuerDigits(id)),
  form('DE', 'tax number', 'region', '\\d{2,3}/\\d{3,4}/\\d{4,5}|(?:0[1-9]|1[0-6])\\d{2}0?8\\d{8,9}|(?:0[1-9]|1[0-6])\\d{11}'),
  form('DE', 'social security', 'anywhere', '\\d{8}[A-Z]\\d{3}', rvnr),
  form('DE', 'health insurance', 'anywhere', '[A-Z]\\d{9}', kvnr),
  form('DE', 'passport or card', 'anywhere', '[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7}\\d', (id) => /\d/.test(id.slice(1, -1)) && icao(id)),
  form('DE', 'old identity card', 'region', 'T\\d{8}'),
  form('DE', 'driving licence', 'anywhere', '[A-Z]{2}\\d{8}[0-9A-Z]'),
  form('DE', 'VAT id', 'anywhere', 'DE[ .-]?\\d{3}[ .-]?\\d{3}[ .-]?\\d{3}'),
  form('DE', 'doctor', 'region', '\\d{9}', (id) => checkDigit(id, [4, 9, 4, 9, 4, 9], (sum) => (10 - (sum % 10)) % 10)),
  form('DE', 'practice', 'word', '\\d{9}'),
  form('DE', 'commercial register', 'anywhere', 'HR[AB] ?\\d{1,6}'),
  form('DE', 'plate', 'capitals', '[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]\\d{1,4}[EH]?'),
  form('AT', 'social security', 'region', '\\d{3}\\d ?\\d{6}', (id) => Number(id[3]) === [3, 7, 9, 0, 5, 8, 4, 2, 1, 6].reduce((sum, weight, index) => sum + weight * Number(id[index]), 0) % 11),
  form('CH', 'AHV', 'anywhere', '756[. ]?\\d{4}[. ]?\\d{4}[. ]?\\d{2}', (id) => checkDigit(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3], (sum) => (10 - (sum % 10)) % 10)),
  form('ES', 'NIF', 'anywhere', '\\d{7,8}-?[A-Z]', (id) => NIF[Number(id.slice(0, -1)) % 23] === id.at(-1)),
  form('ES', 'NIE', 'anywhere', '[XYZ]-?\\d{7}-?[A-Z]', (id) => NIF[Number(`${'XYZ'.indexOf(id[0]!)}${id.slice(1, -1)}`) % 23] === id.at(-1)),
  form('ES', 'passport', 'anywhere', '[A-Z]{3}\\d{6}'),
  form('FR', 'NIR', 'anywhere', '[12] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}', nir),
  form('IT', 'fiscal code', 'anywhere', '[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPR-T][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]'),
  form('IT', 'VAT', 'region', '\\d{5}_?\\d{6}|\\d{8}_\\d{3}', (id) => /[1-9]/.test(id) && luhn(id)),
  form('IT', 'identity card', 'region', '[A-Z]{2} ?\\d{5}[A-Z]{2}|[A-Z]{2} ?\\d{7}|\\d{7}[A-Z]{2}'),
  form('IT', 'driving licence', 'anywhere', '[A-Z]{2}\\d{7}[A-Z]|U1[BCDFGHLJKMNPRSTUWYXZ0-9]{7}[A-Z]'),
  form('GB', 'NHS number', 'region', '\\d{3}[ -]?\\d{3}[ -]?\\d{4}', (id) => weightedSum(id, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 11)),
  form('GB', 'national insurance', 'anywhere', '(?!BG|GB|NK|KN|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]'),
  form('GB', 'driving licence', 'anywhere', '[A-Z][A-Z9]{4}\\d[0156]\\d[0-3]\\d{2}[A-Z][A-Z9][0-9A-Z]{3}'),
  form('GB', 'passport', 'region', '[A-Z]{2}\\d{7}'),
  form('GB', 'plate', 'capitals', '[A-HJ-PR-Y]{2}(?:0[2-9]|[1-2]\\d|5[1-9]|[67]\\d)[ -]?[A-HJ-PR-Z]{3}|[A-HJ-NPR-TV-Y]\\d{1,3}[ -]?[A-HJ-PR-Z]{3}|[A-HJ-PR-Z]{3}[ -]?\\d{1,3}[A-HJ-NPR-TV-Y]'),
  form('FI', 'personal identity code', 'anywhere', '\\d{6}[+\\-A-FU-Y]\\d{3}[0-9A-FHJ-NPR-Y]', (id) => isDay(id, 'dmy') && HETU[Number(id.slice(0, 6) + id.slice(-4, -1)) % 31] === id.at(-1)),
  form('SE', 'personnummer', 'region', '(?:18|19|20)?\\d{6}[-+]?\\d{4}', (id) => isDay(id.slice(-10), 'ymd') && luhn(id.slice(-10))),
  form('SE', 'organisation', 'region', '\\d{2}[2-9]\\d{3}-?\\d{4}', luhn),
  form('PL', 'PESEL', 'region', '\\d{2}[0-9][0-9]\\d{7}', (id) => Number(id.slice(2, 4)) % 20 >= 1 && Number(id.slice(2, 4)) % 20 <= 12 && Number(id.slice(4, 6)) >= 1 && Number(id.slice(4, 6)) <= 31 && weightedSum(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10)),
  form('NL', 'BSN', 'region', '\\d{9}', (id) => weightedSum(id, [9, 8, 7, 6, 5, 4, 3, 2, -1], 11)),
];

/** Of the first ten digits one stands twice or three times and no other more than once. */
function steuerDigits(id: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of id.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length <= 1 && (repeated[0] ?? 2) <= 3;
}

/** Deutsche Rentenversicherung: the letter counts as two digits; digit sums of the products. */
function rvnr(id: string): boolean {
  const letter = id.charCodeAt(8) - 64;
  const digits = `${id.slice(0, 8)}${String(letter).padStart(2, '0')}${id.slice(9, 11)}`;
  const day = Number(id.slice(2, 4));
  const month = Number(id.slice(4, 6));
  const area = Number(id.slice(0, 2));
  if (month < 1 || month > 12 || day < 1 || (day > 31 && (day < 51 || day > 81)) || area < 2) return false;
  return crossSum(digits, [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]) % 10 === Number(id[11]);
}

/** GKV: the letter as two digits, weights 1, 2 in turn, cross sums. */
function kvnr(id: string): boolean {
  const digits = String(id.charCodeAt(0) - 64).padStart(2, '0') + id.slice(1, 9);
  return crossSum(digits, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]) % 10 === Number(id[9]);
}

function crossSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => {
    const product = weight * Number(digits[index]);
    return sum + Math.floor(product / 10) + (product % 10);
  }, 0);
}

/** INSEE: 97 minus the number modulo 97; Corsica's 2A and 2B count as 19 and 18. */
function nir(id: string): boolean {
  const number = id.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return /^\d{13}$/.test(number) && 97n - (BigInt(number) % 97n) === BigInt(id.slice(13));
}
