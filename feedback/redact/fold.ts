const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D\u30FC](?=\d)/g;
const SPACES = /[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g;
const FULL_WIDTH = /[\uFF01-\uFF5E]/g;
const DIGITS = /[\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0A66-\u0A6F\u0AE6-\u0AEF\u0BE6-\u0BEF\u0C66-\u0C6F\u0CE6-\u0CEF\u0D66-\u0D6F\u0E50-\u0E59\u0ED0-\u0ED9\u1040-\u1049]/g;

/**
 * The text with digits of any script, full-width forms, dashes before digits and odd spaces written plainly, unit by unit:
 * every offset means the same place in both.
 */
export function fold(text: string): string {
  return text
    .replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replace(DIGITS, (character) => String(digitValue(character.charCodeAt(0))))
    .replace(DASHES, '-')
    .replace(SPACES, ' ');
}

/** The scripts of India, U+0966 to U+0D6F, begin their ten digits at …6, the others at …0. */
function digitValue(unit: number): number {
  return (unit & 0xf) - (unit >= 0x966 && unit <= 0xd6f ? 6 : 0);
}
