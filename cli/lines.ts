/** JSON lines in, JSON lines out: one bad line never stops the others (design §8). */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { type z } from 'zod';

export const EXIT = { ok: 0, findings: 1, badInput: 2 } as const;

/** A fault that the person at the keyboard can mend. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Writes one JSON line; resolves when the receiver has taken it, so that a slow pipe bounds memory. */
export async function writeLine(value: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Lines by line feed alone: `readline` also cuts at U+2028, which may stand within a JSON string. */
export async function* linesOf(stream: Readable): AsyncGenerator<string, undefined> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop()!;
    for (const part of parts) yield part.replace(/\r$/, '');
  }
  if (rest !== '') yield rest;
  return undefined;
}

/**
 * Runs `handle` for each line of a file or of standard input and writes what it returns (nothing for `undefined`).
 * @returns whether any line was malformed; for each of those `{"id","error"}` was written.
 */
export async function eachLine<T>(file: string | undefined, schema: z.ZodType<T>, handle: (input: T) => Promise<unknown>): Promise<{ malformed: number }> {
  const stream = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  const failed = new Promise<never>((_, reject) => stream.once('error', (error: Error) => reject(new UsageError(`${file ?? 'standard input'} cannot be read: ${error.message}`))));
  failed.catch(() => undefined);
  let malformed = 0;
  let number = 0;
  const lines = linesOf(stream);
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) return { malformed };
    number++;
    if (next.value.trim() === '') continue;
    const id = idOf(next.value) ?? `line ${number}`;
    try {
      const parsed = schema.safeParse(JSON.parse(next.value));
      if (parsed.success) {
        const result = await handle(parsed.data);
        if (result !== undefined) await writeLine(result);
        continue;
      }
      await writeLine({ id, error: parsed.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)).join('; ') });
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof UsageError)) throw error;
      await writeLine({ id, error: error instanceof SyntaxError ? `The line is not JSON: ${error.message}` : error.message });
    }
    malformed++;
  }
}

function idOf(line: string): string | number | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'id' in value && (typeof value.id === 'string' || typeof value.id === 'number')) return value.id;
  } catch {
    // Not JSON: the line number serves.
  }
  return undefined;
}
