/** Ids of the Americas. */
import { checkDigit, luhn, weightedSum } from '../checksums.ts';
import { form, type IdForm } from './forms.ts';

const MBI_LETTER = 'AC-HJKMNP-RT-Y';

export const AMERICAS: readonly IdForm[] = [
  form('US', 'social security', 'anywhere', '(?!000|666|9)\\d{3}([-. ])(?!00)\\d{2}\\1(?!0000)\\d{4}'),
  form('US', 'social security, run together', 'region', '(?!000|666|9)\\d{3}-?(?!00)\\d{2}-?(?!0000)\\d{4}'),
  form('US', 'taxpayer', 'region', '9\\d{2}[- ]?(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9])[- ]?\\d{4}'),
  form('US', 'provider', 'region', '[12]\\d{3}[- ]?\\d{3}[- ]?\\d{3}', (id) => luhn(`80840${id}`)),
  form('US', 'Medicare', 'anywhere', `[1-9][${MBI_LETTER}][0-9${MBI_LETTER}]\\d-?[${MBI_LETTER}][0-9${MBI_LETTER}]\\d-?[${MBI_LETTER}]{2}\\d{2}`),
  form('US', 'routing', 'region', '[0-3]\\d{3}-?\\d{4}-?\\d', (id) => weightedSum(id, [3, 7, 1, 3, 7, 1, 3, 7, 1], 10)),
  form('US', 'passport', 'region', '[A-Z]?\\d{8,9}'),
  form('US', 'DEA certificate', 'anywhere', '[ABFGMPRJK-LTX-Z][A-Z9]\\d{7}', dea),
  form('CA', 'social insurance', 'region', '[1-79]\\d{2}([ -]?)\\d{3}\\1\\d{3}', (id) => !/^(.)\1+$/.test(id) && luhn(id)),
  form('MX', 'CURP', 'anywhere', '[A-Z][AEIOUX][A-Z]{2}\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\\d'),
  form('MX', 'RFC', 'anywhere', '[A-ZÑ&]{3,4}\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[0-9A-Z]{3}'),
  form('MX', 'NSS', 'region', '\\d{11}', luhn),
  form('BR', 'CPF', 'anywhere', '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}|\\d{11}', cpf),
  form('BR', 'CNPJ', 'anywhere', '\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}'),
];

function cpf(id: string): boolean {
  const digit = (sum: number): number => ((sum * 10) % 11) % 10;
  return !/^(.)\1+$/.test(id) && checkDigit(id, [10, 9, 8, 7, 6, 5, 4, 3, 2], digit) && checkDigit(id, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2], digit);
}

/** 21 CFR 1301: (d1 + d3 + d5 + 2 (d2 + d4 + d6)) ends in the seventh digit. */
function dea(id: string): boolean {
  return checkDigit(id.slice(2), [1, 2, 1, 2, 1, 2], (sum) => sum % 10);
}
