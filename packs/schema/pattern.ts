/**
 * The one pattern language of all packs. It is small on purpose: a linguist can read it, and no pattern can be slow.
 *
 *   plain text      matches itself, upper or lower case, at word borders, any white space for a space
 *   *               the rest of a word (or nothing):      lieb*      → lieb, liebe, liebsten
 *   (a|b|c)         one of these:                          (call|dial) 911
 *   [x], [x|y]      x (or y) or nothing:                   Labo[u]r Day
 *   ...             up to five words in between:           such a ... question
 *   {name}          a list of the language pack, or {number}
 *   ^  $            at the start / the end of the passage, whatever punctuation or emoji surrounds it
 *   \x              the sign x itself
 */

export type PatternNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'rest' }
  | { readonly type: 'gap' }
  | { readonly type: 'start' }
  | { readonly type: 'end' }
  | { readonly type: 'list'; readonly name: string }
  | { readonly type: 'choice'; readonly options: readonly PatternSequence[] }
  | { readonly type: 'optional'; readonly body: PatternSequence };
export type PatternSequence = readonly PatternNode[];

export class PatternError extends Error {
  override name = 'PatternError';
}

/** Longest pattern that is accepted, in UTF-16 units: packs are data from strangers. */
const MAX_PATTERN_LENGTH = 400;
const MAX_DEPTH = 6;

/**
 * Reads a pattern into its tree.
 * @throws {PatternError} with the position and what to write instead.
 */
export function parsePattern(source: string): PatternSequence {
  if (source.trim() === '') throw new PatternError('The pattern is empty: write at least one word.');
  if (source.length > MAX_PATTERN_LENGTH) {
    throw new PatternError(`The pattern is longer than ${MAX_PATTERN_LENGTH} signs: split it into several.`);
  }
  let at = 0;
  const fail = (what: string): never => {
    throw new PatternError(`${what} (at sign ${at + 1} of "${source}")`);
  };

  function sequence(closers: string, depth: number): PatternNode[] {
    if (depth > MAX_DEPTH) fail('Brackets are nested too deeply');
    const nodes: PatternNode[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') nodes.push({ type: 'text', text });
      text = '';
    };
    while (at < source.length) {
      const sign = source[at]!;
      if (closers.includes(sign)) break;
      at++;
      switch (sign) {
        case '\\': {
          if (at >= source.length) fail('A backslash needs a sign behind it');
          text += source[at++]!;
          break;
        }
        case '*':
          flush();
          nodes.push({ type: 'rest' });
          break;
        case '.':
          if (source.startsWith('..', at)) {
            at += 2;
            flush();
            nodes.push({ type: 'gap' });
          } else text += sign;
          break;
        case '^':
          if (nodes.length > 0 || text !== '') fail('^ belongs at the start; write \\^ for the sign itself');
          nodes.push({ type: 'start' });
          break;
        case '$':
          // "$40" is money; only a last $ means the end of the passage.
          if (at === source.length) {
            flush();
            nodes.push({ type: 'end' });
          } else text += sign;
          break;
        case '{': {
          const close = source.indexOf('}', at);
          if (close < 0) fail('{ has no }');
          const name = source.slice(at, close);
          if (!/^[a-z][a-z0-9-]*$/.test(name)) fail(`"${name}" is no list name: use small letters, digits and hyphens`);
          at = close + 1;
          flush();
          nodes.push({ type: 'list', name });
          break;
        }
        case '(':
        case '[': {
          flush();
          const close = sign === '(' ? ')' : ']';
          const options: PatternSequence[] = [];
          for (;;) {
            options.push(sequence(`|${close}`, depth + 1));
            if (at >= source.length) fail(`${sign} has no ${close}`);
            if (source[at++] === close) break;
          }
          if (options.some((option) => option.length === 0)) fail(`${sign}${close} has an empty option; use [ ] for "or nothing"`);
          const choice: PatternNode = { type: 'choice', options };
          nodes.push(sign === '(' ? choice : { type: 'optional', body: options.length === 1 ? options[0]! : [choice] });
          break;
        }
        case ')':
        case ']':
        case '|':
        case '}':
          at--;
          fail(`${sign} has no opening bracket; write \\${sign} for the sign itself`);
          break;
        default:
          text += sign;
      }
    }
    flush();
    return nodes;
  }

  const tree = sequence('', 0);
  if (!tree.some(carriesText)) throw new PatternError(`"${source}" would match anywhere: it needs at least one word of its own.`);
  return tree;
}

/** Whether a node contributes text of its own, so that the pattern cannot match just anything. */
function carriesText(node: PatternNode): boolean {
  switch (node.type) {
    case 'text':
      return node.text.trim() !== '';
    case 'list':
      return true;
    case 'choice':
      return node.options.every((option) => option.some(carriesText));
    case 'optional':
    case 'rest':
    case 'gap':
    case 'start':
    case 'end':
      return false;
  }
}

/** Names of the lists a pattern refers to. */
export function listsIn(sequence: PatternSequence): string[] {
  return sequence.flatMap((node) => {
    switch (node.type) {
      case 'list':
        return [node.name];
      case 'choice':
        return node.options.flatMap(listsIn);
      case 'optional':
        return listsIn(node.body);
      default:
        return [];
    }
  });
}

/** Lists that every language has. */
export const BUILT_IN_LISTS = ['number'] as const;
