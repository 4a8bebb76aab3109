import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeAnchor, resolveAnchor } from '../../../chat/anchors.ts';

const at = (text: string, quote: string, from = 0): { start: number; end: number } => {
  const start = text.indexOf(quote, from);
  return { start, end: start + quote.length };
};

describe('anchors', () => {
  const text = 'You should always tip. In Japan you should not tip. You should always ask.';

  it('finds its place in the same text, also when the quote is there twice', () => {
    const span = at(text, 'You should always', 30);
    expect(resolveAnchor(makeAnchor(text, span)!, text)).toEqual({ type: 'found', span });
  });

  it('moves along when text is added before', () => {
    const span = at(text, 'not tip');
    const later = `Well. ${text}`;
    expect(resolveAnchor(makeAnchor(text, span)!, later)).toEqual({ type: 'found', span: at(later, 'not tip') });
  });

  it('tells copies apart by what stands around them', () => {
    const span = at(text, 'You should always', 30);
    const later = `Well. ${text}`;
    expect(resolveAnchor(makeAnchor(text, span)!, later)).toEqual({ type: 'found', span: { start: span.start + 6, end: span.end + 6 } });
  });

  it('is dropped when nothing tells copies apart', () => {
    const before = 'yes. no. yes.';
    const anchor = makeAnchor(before, at(before, 'no'))!;
    expect(resolveAnchor(anchor, '-no- and -no-')).toEqual({ type: 'dropped', reason: 'ambiguous' });
  });

  it('is dropped when its words changed', () => {
    expect(resolveAnchor(makeAnchor(text, at(text, 'not tip'))!, text.replace('not tip', 'never tip'))).toEqual({
      type: 'dropped',
      reason: 'touched',
    });
  });

  it('does not take a short word elsewhere for its own', () => {
    const anchor = makeAnchor('Bitte senden Sie es.', at('Bitte senden Sie es.', 'Sie'))!;
    expect(resolveAnchor(anchor, '(Sie) ist da')).toEqual({ type: 'dropped', reason: 'touched' });
  });

  it('refuses spans outside the text', () => {
    expect(makeAnchor('abc', { start: 2, end: 5 })).toBeNull();
    expect(makeAnchor('abc', { start: 2, end: 2 })).toBeNull();
  });

  const words = fc
    .array(fc.constantFrom('du ', 'Sie ', '日本。', '😀', 'the ', 'أهلا '), { minLength: 1, maxLength: 30 })
    .map((list) => list.join(''));

  it('always finds itself in an unchanged text', () => {
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (body, a, b) => {
        const start = a % body.length;
        const end = start + 1 + (b % (body.length - start));
        expect(resolveAnchor(makeAnchor(body, { start, end })!, body)).toEqual({ type: 'found', span: { start, end } });
      }),
    );
  });

  it('whatever is edited elsewhere, it finds its own words or nothing', () => {
    fc.assert(
      fc.property(words, words, words, words, (before, quote, after, edit) => {
        const body = before + quote + after;
        const anchor = makeAnchor(body, { start: before.length, end: before.length + quote.length })!;
        const edited = `${edit}${body}`;
        const result = resolveAnchor(anchor, edited);
        if (result.type === 'found') {
          expect(edited.slice(result.span.start, result.span.end)).toBe(quote);
          // With its full context around it, it is the right copy.
          expect(edited.slice(0, result.span.start).endsWith(anchor.prefix)).toBe(true);
        } else expect(result.reason).toBe('ambiguous');
      }),
    );
  });

  it('never points at words that are not its own', () => {
    fc.assert(
      fc.property(words, words, fc.nat(), fc.nat(), (body, other, a, b) => {
        const start = a % body.length;
        const end = start + 1 + (b % (body.length - start));
        const result = resolveAnchor(makeAnchor(body, { start, end })!, other);
        if (result.type === 'found') expect(other.slice(result.span.start, result.span.end)).toBe(body.slice(start, end));
      }),
    );
  });
});
