/** Python's regular expressions in JavaScript, where the same pattern would mean something else for letters outside ASCII. */

/** What Python's `\w` matches: letters and numbers, but no combining marks. */
const WORD = String.raw`\p{L}\p{N}_`;
/** JavaScript's `\s` also holds U+FEFF; Python's also the information separators and U+0085. */
const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const BOUNDARY = `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`;
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;

/**
 * Translates the subset of Python's `re` that our patterns use: classes, groups, look-around, `\w \W \s \d \b`, `.`, `$`.
 * @throws when a pattern holds something that has no known translation
 */
export function fromPython(pattern: string, flags = ''): RegExp {
  let translated = '';
  let inClass = false;
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '\\') translated += escaped(characters[++at] ?? '', inClass, pattern);
    else if (inClass) {
      if (character === ']') inClass = false;
      translated += character === '[' ? '\\[' : character;
    } else if (character === '[') {
      if (characters[at + 1] === ']' || (characters[at + 1] === '^' && characters[at + 2] === ']')) throw unknown(']', pattern);
      inClass = true;
      translated += character;
    } else if (character === '.') translated += '[^\\n]';
    else if (character === '$') translated += '(?=\\n?$)';
    else if (character === '(' && characters[at + 1] === '?' && !/^(?::|=|!|<=|<!)/.test(characters.slice(at + 2, at + 4).join(''))) throw unknown('(?', pattern);
    else translated += character;
  }
  return new RegExp(translated, `${flags}u`);
}

function escaped(letter: string, inClass: boolean, pattern: string): string {
  if (letter === 'w') return inClass ? WORD : `[${WORD}]`;
  if (letter === 's') return inClass ? SPACE : `[${SPACE}]`;
  if (letter === 'd') return String.raw`\p{Nd}`;
  if (!inClass && letter === 'W') return `[^${WORD}]`;
  if (!inClass && letter === 'b') return BOUNDARY;
  if (SYNTAX.test(letter) || (inClass && letter === '-')) return `\\${letter}`;
  if (letter === '' || /[\p{L}\p{N}]/u.test(letter)) throw unknown(`\\${letter}`, pattern);
  return letter;
}

const unknown = (what: string, pattern: string) => new Error(`"${what}" in ${JSON.stringify(pattern)} has no translation: write it another way, or extend models/evaluation/python-pattern.ts.`);
