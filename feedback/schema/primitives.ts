/** Checked strings that the shared schemas are made of. */
import { z } from 'zod';

/** Locale with a region, as packs are named: `de-DE`. */
export const localeTag = z.string().regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}$/, 'a locale such as de-DE');
export const languageTag = z.string().regex(/^(und|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/, 'a language such as de or zh-Hant');
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits (SHA-256)');
/** 32 random bytes in base64url without padding: what only the client holds. */
export const secret = z.string().regex(/^[\w-]{43}$/, '32 bytes in base64url');
/** Names of drives are also names of partitions and files, so they are plain. */
export const driveId = z.string().regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, 'small letters, digits and hyphens');
export const semver = z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as 1.0.0');
/** A day, no finer: the time of day is nobody's business. */
export const day = z.iso.date();

/**
 * Text that a person or a chatbot wrote. Control characters other than tab and line feed, and lone surrogates, are refused:
 * PostgreSQL cannot store U+0000, and none of them is anything that a reader saw.
 */
export const plainText = (most: number) =>
  z
    .string()
    .max(most)
     
    .refine((text) => !/[\u0000-\u0008\u000B-\u001F\u007F]/.test(text) && text.isWellFormed(), 'no control characters, no broken characters');
