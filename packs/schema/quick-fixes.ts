/**
 * Quick fixes: a signed list of rules to switch off before the next release of a pack. It can do nothing else: no rule can
 * be added or changed by it, so the worst that a stolen key can do is silence.
 */
import { verifyAsync } from '@noble/ed25519';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Pack } from './pack.ts';

export const QUICK_FIX_SCHEMA = 'attune.quick-fixes/1';

const fix = z.strictObject({
  rule: z.string(),
  /** Only these versions of the pack: a mended rule is not switched off. Empty: all. */
  packVersions: z.array(z.string()).default([]),
  why: z.string().min(1).max(400),
  on: z.iso.date(),
});
const content = z.strictObject({
  schema: z.literal(QUICK_FIX_SCHEMA),
  /** Grows with every list; an older one never replaces a newer one. */
  serial: z.int().min(0),
  off: z.array(fix).max(500),
});
export const signedQuickFixes = z.strictObject({ ...content.shape, signature: z.string() });
export type QuickFixes = z.infer<typeof content>;
export type SignedQuickFixes = z.infer<typeof signedQuickFixes>;

/** The bytes that are signed: canonical JSON (RFC 8785) of everything but the signature. */
export function quickFixBytes(fixes: QuickFixes): Uint8Array {
  const { schema, serial, off } = fixes;
  return new TextEncoder().encode(canonicalize({ schema, serial, off }));
}

export type QuickFixResult = { readonly ok: true; readonly fixes: QuickFixes } | { readonly ok: false; readonly reason: 'malformed' | 'wrong-signature' | 'older' };

/**
 * @param publicKey Ed25519, 32 bytes
 * @param newest serial that is in force already
 */
export async function readQuickFixes(data: unknown, publicKey: Uint8Array, newest = -1): Promise<QuickFixResult> {
  const parsed = signedQuickFixes.safeParse(data);
  if (!parsed.success) return { ok: false, reason: 'malformed' };
  const { signature, ...fixes } = parsed.data;
  const right = await verifyAsync(bytesOf(signature), quickFixBytes(fixes), publicKey).catch(() => false);
  if (!right) return { ok: false, reason: 'wrong-signature' };
  return fixes.serial < newest ? { ok: false, reason: 'older' } : { ok: true, fixes };
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(64);
  }
}

/** The pack without the rules that are off; the same object when none is. */
export function withoutSwitchedOff(pack: Pack, { off }: QuickFixes): Pack {
  const gone = new Set(off.filter(({ packVersions }) => packVersions.length === 0 || packVersions.includes(pack.version)).map(({ rule }) => rule));
  return pack.rules.some(({ id }) => gone.has(id)) ? { ...pack, rules: pack.rules.filter(({ id }) => !gone.has(id)) } : pack;
}
