/** Rows as files: JSON lines (the canonical form), Parquet and CSV. The same rows give the same bytes. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Field, FieldType } from './fields.ts';

type AnyRow = Readonly<Record<string, unknown>>;

export function jsonLines<Row extends object>(rows: readonly Row[], fields: readonly Field<Row>[]): string {
  return rows.map((row) => `${JSON.stringify(Object.fromEntries(fields.map(({ name }) => [name, row[name]])))}\n`).join('');
}

const PARQUET_TYPES = { text: 'STRING', integer: 'INT32', number: 'DOUBLE', boolean: 'BOOLEAN' } as const satisfies Record<FieldType, string>;

export function parquet<Row extends object>(rows: readonly Row[], fields: readonly Field<Row>[]): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: fields.map(({ name, type, nullable }) => ({ name, type: PARQUET_TYPES[type], nullable, data: rows.map((row) => (row as AnyRow)[name]) })),
  });
  return new Uint8Array(buffer);
}

/** RFC 4180, without free text. */
export function csv<Row extends object>(rows: readonly Row[], fields: readonly Field<Row>[]): string {
  const columns = fields.filter(({ free }) => free !== true);
  const line = (cells: readonly unknown[]) => `${cells.map(csvCell).join(',')}\r\n`;
  return line(columns.map(({ name }) => name)) + rows.map((row) => line(columns.map(({ name }) => row[name]))).join('');
}

/**
 * A cell that no spreadsheet takes for a formula: texts that begin with = + - @ or a control character get an apostrophe
 * (OWASP, "CSV Injection"). Numbers stay numbers.
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
