/** Consent: what a person allowed, when, under which notice. One record a participant and drive; later events refer to it. */
import { z } from 'zod';
import { driveId, languageTag, localeTag, semver, sha256Hex } from './primitives.ts';
import { AGE_BANDS, FAMILIARITIES, GENDERS, PURPOSES, STORING_PURPOSES } from './taxonomy.ts';

export const CONSENT_SCHEMA = 'attune.consent/1';

/** DPV 2.3's states of consent (https://w3id.org/dpv#ConsentStatus). Only the first two allow processing. */
export const VALID_CONSENT_STATES = ['ConsentGiven', 'RenewedConsentGiven'] as const;
export const CONSENT_STATES = [...VALID_CONSENT_STATES, 'ConsentRequested', 'ConsentRequestDeferred', 'ConsentRefused', 'ConsentWithdrawn', 'ConsentExpired', 'ConsentRevoked', 'ConsentInvalidated', 'ConsentUnknown'] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

export const purposes = z
  .array(z.enum(PURPOSES))
  .refine((list) => new Set(list).size === list.length, 'each purpose once')
  .refine((list) => STORING_PURPOSES.some((purpose) => list.includes(purpose)), 'evaluate or train must be allowed: without one of them nothing may be kept');

/** What the extension sends when somebody agrees, and again when they change their ticks (a new id, `replaces` the old one). */
export const consentRequest = z.strictObject({
  schema: z.literal(CONSENT_SCHEMA),
  id: z.uuidv7(),
  /** Random per installation and drive; names nobody. */
  participant: z.uuidv4(),
  drive: driveId,
  /** The exact notice that was shown: its hash, so that nobody can claim another text later. */
  notice: z.strictObject({ version: semver, language: languageTag, sha256: sha256Hex }),
  purposes,
  /** The age gate was passed: at least the age that the notice names. */
  ageConfirmed: z.literal(true),
  /** Minute precision is what a proof of consent needs. */
  givenAt: z.iso.datetime(),
  replaces: z.uuidv7().optional(),
  /** `deletionKey(secret, participant)`: allows "withdraw everything" without an account. */
  deletionKey: sha256Hex,
});
export type ConsentRequest = z.infer<typeof consentRequest>;

/** Optional, coarse, kept in a table of their own. Only accepted under a consent with the purpose `demographics`. */
export const demographics = z.strictObject({
  ageBand: z.enum(AGE_BANDS),
  gender: z.enum(GENDERS),
  locale: localeTag,
  familiarity: z.enum(FAMILIARITIES),
});
export type Demographics = z.infer<typeof demographics>;
