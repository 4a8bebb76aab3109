/** Tables for a terminal, with the wide characters of Chinese, Japanese and Korean counted as two columns. */

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** East Asian wide and full-width ranges, and emoji: what terminals draw over two columns. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|.\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}])/u;

/** Directions are isolated, so that an Arabic cell does not turn its neighbours round; controls would move the cursor. */
const CONTROLS = /[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

export function width(text: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

function clean(text: string): string {
  return text.toWellFormed().replace(CONTROLS, ' ').replace(/\s+/g, ' ').trim();
}

/** Breaks a text into lines of at most `columns`, at spaces where there are any. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let room = columns;
  const end = () => {
    lines.push(line.trimEnd());
    line = '';
    room = columns;
  };
  for (const word of clean(text).match(/\S+\s?/g) ?? []) {
    if (width(word.trimEnd()) > room && line !== '') end();
    for (const { segment } of segmenter.segment(word)) {
      const size = width(segment);
      if (size > room && segment.trim() === '') continue;
      if (size > room) end();
      line += segment;
      room -= size;
    }
  }
  if (line.trim() !== '' || lines.length === 0) end();
  return lines;
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

export interface Column {
  readonly title: string;
  readonly width: number;
}

export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => pad(cell, columns[index]?.width ?? 0))
      .join('  ')
      .trimEnd();
  const blocks = rows.map((row) => {
    const wrapped = columns.map((column, index) => wrap(row[index] ?? '', column.width));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) => line(wrapped.map((lines) => lines[at] ?? '')));
  });
  return [line(columns.map(({ title }) => title)), line(columns.map(({ width: size }) => '─'.repeat(size))), ...blocks.flat()].join('\n');
}
