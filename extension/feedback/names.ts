import * as z from 'zod/mini';
import { defineSetting } from '../setting.ts';

/** Names that are replaced before every preview. They stay in this browser; only pages of the extension read them. */
export const ownNames = defineSetting<readonly string[]>({ key: 'local:names', version: 1, schema: z.readonly(z.array(z.string().check(z.maxLength(100))).check(z.maxLength(50))), fallback: [] });

/** One name in each line. */
export function parseNames(text: string): string[] {
  return [...new Set(text.split('\n').map((line) => line.trim().slice(0, 100)))].filter((name) => name !== '').slice(0, 50);
}
