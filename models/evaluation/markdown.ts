/** Pieces of Markdown that report and model card share. */
import type { Figure, Measured } from './types.ts';

/** Three places after the point, no zero before it. */
export const short = (value: number | null) => (value === null ? '–' : value.toFixed(3).replace(/^0\./, '.'));

/** A figure with its 95 % interval. */
export function withInterval({ value, low, high }: Figure): string {
  if (value === null) return '–';
  return low === null || high === null ? short(value) : `${short(value)} [${short(low)}, ${short(high)}]`;
}

/** Whether a figure reaches its bar, in a word; empty without a bar. */
export function barMet({ value, bar }: Figure, better: Measured['better']): string {
  if (bar === null || value === null) return '';
  const met = better === 'higher' ? value >= bar : value <= bar;
  return met ? 'met' : 'not met';
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [row(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');
}
