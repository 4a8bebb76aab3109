/** Check digits. All take plain digits (or letters where said) without separators and are false for anything else. */

const digitsOf = (text: string): number[] => Array.from(text, Number);
const weighted = (text: string, weights: readonly number[]): number => weights.reduce((sum, weight, index) => sum + weight * Number(text[index]), 0);

/** Luhn's mod 10 (ISO/IEC 7812-1 annex B), the last digit being the check digit. */
export function luhn(text: string): boolean {
  let sum = 0;
  for (const [index, digit] of digitsOf(text).reverse().entries()) {
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** ISO 7064 mod 97-10 as IBAN uses it (ISO 13616): the first four characters move to the end, letters count from 10. */
export function mod97(text: string): boolean {
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = parseInt(character, 36);
    if (Number.isNaN(value)) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO 7064 mod 11,10 over the digits before the last, as in Germany's tax id. */
export function mod11and10(text: string): boolean {
  let product = 10;
  for (const digit of digitsOf(text.slice(0, -1))) {
    const sum = (digit + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return (11 - product) % 10 === Number(text.at(-1));
}

/** Verhoeff's dihedral check (1969), the last digit being the check digit: Aadhaar, Nigeria's NIN. */
export function verhoeff(text: string): boolean {
  let check = 0;
  for (const [index, digit] of digitsOf(text).reverse().entries()) check = DIHEDRAL[check]![permuted(index % 8, digit)]!;
  return check === 0;
}
const DIHEDRAL = Array.from({ length: 10 }, (_, a) => Array.from({ length: 10 }, (_, b) => (a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - 5 - b + 10) % 5) : (a - b + 5) % 5)));
const ROUND = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
function permuted(times: number, digit: number): number {
  let value = digit;
  for (let round = 0; round < times; round += 1) value = ROUND[value]!;
  return value;
}

/** A weighted sum that has to leave `rest` after division by `modulus`. */
export function weightedSum(text: string, weights: readonly number[], modulus: number, rest = 0): boolean {
  return weighted(text, weights) % modulus === rest;
}

/** The weighted sum of the digits before the last, as a check digit found by `digit`. */
export function checkDigit(text: string, weights: readonly number[], digit: (sum: number) => number): boolean {
  return digit(weighted(text, weights)) === Number(text[weights.length]);
}

/** Passports and identity cards by ICAO Doc 9303: weights 7, 3, 1; letters from 10; the last character is the check digit. */
export function icao(text: string): boolean {
  let sum = 0;
  for (const [index, character] of [...text.slice(0, -1)].entries()) sum += parseInt(character, 36) * [7, 3, 1][index % 3]!;
  return sum % 10 === Number(text.at(-1));
}

/** Whether the digits can be a day: `order` such as 'ymd' with two digits each. */
export function isDay(text: string, order: 'ymd' | 'dmy'): boolean {
  const month = Number(text.slice(2, 4));
  const day = Number(order === 'ymd' ? text.slice(4, 6) : text.slice(0, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
