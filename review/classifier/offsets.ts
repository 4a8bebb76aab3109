/**
 * From pieces back to offsets. The tokenizer (models/training/attune_training/tokenizer.py) replaces one UTF-16 unit by
 * one UTF-16 unit and prepends one "▁", so lengths of pieces add up to offsets of the passage.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

const BYTE = /^<0x([0-9A-F]{2})>$/;

/** UTF-16 units that a piece covers. A byte piece covers those of its character when it leads it, else none. */
function unitsOf(piece: string): number {
  const byte = BYTE.exec(piece);
  if (!byte) return piece.length;
  const value = Number.parseInt(byte[1]!, 16);
  if (value >= 0xf0) return 2;
  return value >= 0x80 && value < 0xc0 ? 0 : 1;
}

/**
 * Ranges of `pieces` (without the `<s>` and `</s>` around them) in the passage. A leading "▁" is not part of the range,
 * so that a highlight does not begin with a blank; continuation bytes get the empty range at the end of their character.
 */
export function pieceRanges(pieces: readonly string[]): Range[] {
  const ranges: Range[] = [];
  let at = -1;
  for (const piece of pieces) {
    const end = at + unitsOf(piece);
    const start = piece.startsWith('▁') ? at + 1 : at;
    ranges.push({ start: Math.max(0, start), end: Math.max(0, end) });
    at = end;
  }
  return ranges;
}
