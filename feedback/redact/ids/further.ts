/** Ids of further countries that packs serve or may soon. */
import { checkDigit, isDay, luhn, weightedSum } from '../checksums.ts';
import { form, type IdForm } from './forms.ts';

const elevenMinus = (sum: number): number => (11 - (sum % 11)) % 11;

export const FURTHER: readonly IdForm[] = [
  form('ID', 'NIK', 'region', '\\d{6}(?:[0-6]\\d|7[01])(?:0[1-9]|1[0-2])\\d{6}'),
  form('ID', 'NPWP', 'anywhere', '\\d{2}\\.\\d{3}\\.\\d{3}\\.\\d-\\d{3}\\.\\d{3}'),
  form('BD', 'national id', 'region', '\\d{17}|\\d{13}|\\d{10}'),
  form('PK', 'CNIC', 'anywhere', '\\d{5}-\\d{7}-\\d'),
  form('LK', 'national id', 'region', '\\d{9}[VX]|(?:19|20)\\d{10}'),
  form('NP', 'citizenship', 'region', '\\d{2}-\\d{2}-\\d{2}-\\d{5}'),
  form('MY', 'MyKad', 'anywhere', '\\d{6}-\\d{2}-\\d{4}', (id) => isDay(id, 'ymd')),
  form('VN', 'citizen identity', 'region', '0\\d{2}[0-3]\\d{8}'),
  form('IL', 'identity', 'region', '\\d{8,9}', (id) => luhn(id.padStart(9, '0'))),
  form('IR', 'national code', 'region', '\\d{3}-?\\d{6}-?\\d', (id) => checkDigit(id, [10, 9, 8, 7, 6, 5, 4, 3, 2], (sum) => (sum % 11 < 2 ? sum % 11 : 11 - (sum % 11)))),
  form('IQ', 'national card', 'region', '(?:19|20)\\d{10}'),
  form('JO', 'national number', 'region', '[29]\\d{9}'),
  form('MA', 'CIN', 'region', '[A-Z]{1,2}\\d{5,6}'),
  form('KE', 'national id', 'word', '\\d{7,8}'),
  form('TZ', 'NIDA', 'anywhere', '(?:19|20)\\d{6}-\\d{5}-\\d{5}-\\d{2}'),
  form('ET', 'Fayda', 'region', '\\d{4}[ -]?\\d{4}[ -]?\\d{4}'),
  form('DK', 'CPR', 'region', '\\d{6}-?\\d{4}', (id) => isDay(id, 'dmy')),
  form('NO', 'fødselsnummer', 'region', '\\d{6} ?\\d{5}', (id) => checkDigit(id, [3, 7, 6, 1, 8, 9, 4, 5, 2], elevenMinus) && checkDigit(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2], elevenMinus)),
  form('IS', 'kennitala', 'region', '\\d{6}-?\\d{4}', (id) => isDay(id, 'dmy') && checkDigit(id, [3, 2, 7, 6, 5, 4, 3, 2], elevenMinus)),
  form('EE', 'isikukood', 'region', '[1-8]\\d{10}', baltic),
  form('LT', 'asmens kodas', 'region', '[1-8]\\d{10}', baltic),
  form('LV', 'personas kods', 'anywhere', '\\d{6}-[0-2]\\d{4}', (id) => isDay(id, 'dmy')),
  form('CZ', 'rodné číslo', 'region', '\\d{6}/?\\d{4}', (id) => Number(id) % 11 === 0),
  form('SK', 'rodné číslo', 'region', '\\d{6}/?\\d{4}', (id) => Number(id) % 11 === 0),
  form('RO', 'CNP', 'anywhere', '[1-8]\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{6}', (id) => checkDigit(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9], (sum) => (sum % 11 === 10 ? 1 : sum % 11))),
  form('HU', 'personal id', 'region', '[1-8] ?\\d{6} ?\\d{4}'),
  form('BG', 'EGN', 'region', '\\d{10}', (id) => checkDigit(id, [2, 4, 8, 5, 10, 9, 7, 3, 6], (sum) => (sum % 11) % 10)),
  form('GR', 'AMKA', 'region', '\\d{11}', (id) => isDay(id, 'dmy') && luhn(id)),
  form('UA', 'RNOKPP', 'region', '\\d{10}', (id) => (((-Number(id[0]) + [5, 7, 9, 4, 6, 10, 5, 7].reduce((sum, weight, index) => sum + weight * Number(id[index + 1]), 0)) % 11) + 11) % 11 % 10 === Number(id[9])),
  form('RU', 'INN', 'region', '\\d{12}', (id) => checkDigit(id, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8], (sum) => (sum % 11) % 10) && checkDigit(id, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], (sum) => (sum % 11) % 10)),
  form('RU', 'SNILS', 'anywhere', '\\d{3}-\\d{3}-\\d{3} ?\\d{2}'),
  form('RU', 'passport', 'region', '\\d{2} ?\\d{2} ?№? ?\\d{6}'),
  form('RS', 'JMBG', 'region', '\\d{13}', southSlavic),
  form('HR', 'OIB', 'region', '\\d{11}'),
  form('SI', 'EMŠO', 'region', '\\d{13}', southSlavic),
  form('PT', 'NIF', 'region', '[1-35689]\\d{8}', (id) => checkDigit(id, [9, 8, 7, 6, 5, 4, 3, 2], (sum) => (sum % 11 < 2 ? 0 : 11 - (sum % 11)))),
  form('BE', 'national number', 'anywhere', '\\d{2}\\.\\d{2}\\.\\d{2}-\\d{3}\\.\\d{2}'),
  form('BE', 'national number, run together', 'region', '\\d{11}', (id) => [97 - (Number(id.slice(0, 9)) % 97), 97 - (Number(`2${id.slice(0, 9)}`) % 97)].includes(Number(id.slice(9)))),
  form('IE', 'PPS', 'anywhere', '\\d{7}[A-W][A-IW]?', (id) => 'WABCDEFGHIJKLMNOPQRSTUV'[([8, 7, 6, 5, 4, 3, 2].reduce((sum, weight, index) => sum + weight * Number(id[index]), 0) + 9 * ('WABCDEFGHI'.indexOf(id[8] ?? 'W'))) % 23] === id[7]),
  form('CL', 'RUT', 'anywhere', '\\d{1,2}\\.\\d{3}\\.\\d{3}-[0-9K]'),
  form('AR', 'CUIT', 'anywhere', '(?:20|2[3-7]|3[034])-\\d{8}-\\d', (id) => weightedSum(id, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11)),
  form('AR', 'DNI', 'word', '\\d{1,2}\\.?\\d{3}\\.?\\d{3}'),
  form('CO', 'cédula', 'word', '\\d{6,10}|\\d{1,2}\\.\\d{3}\\.\\d{3}'),
  form('PE', 'DNI', 'word', '\\d{8}'),
];

/** Estonia and Lithuania: two series of weights, the second where the first leaves ten. */
function baltic(id: string): boolean {
  const sum = (weights: readonly number[]): number => weights.reduce((total, weight, index) => total + weight * Number(id[index]), 0) % 11;
  const first = sum([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
  const second = sum([3, 4, 5, 6, 7, 8, 9, 1, 2, 3]);
  return (first < 10 ? first : second % 10) === Number(id[10]);
}

function southSlavic(id: string): boolean {
  return isDay(id, 'dmy') && checkDigit(id, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], (sum) => { const digit = 11 - (sum % 11); return digit > 9 ? 0 : digit; });
}
