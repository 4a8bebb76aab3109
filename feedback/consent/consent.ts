/** Agreeing: from ticks to a consent and to what binds this installation to a drive. */
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { deletionKey } from '../log/keys.ts';
import { renderNotice } from '../notice/notice.ts';
import { membershipKey } from '../outbox/outbox.ts';
import type { Membership } from '../outbox/types.ts';
import { CONSENT_SCHEMA, consentRequest, type ConsentRequest } from '../schema/consent.ts';
import type { DriveInfo } from '../schema/api.ts';
import { PURPOSES, STORING_PURPOSES, type Purpose } from '../schema/taxonomy.ts';

/** Why the ticks are no consent yet. */
export type ConsentProblem = 'age-not-confirmed' | 'no-storing-purpose';

export interface Ticks {
  readonly purposes: ReadonlySet<Purpose>;
  readonly ageConfirmed: boolean;
}

export function consentProblem({ purposes, ageConfirmed }: Ticks): ConsentProblem | null {
  if (!STORING_PURPOSES.some((purpose) => purposes.has(purpose))) return 'no-storing-purpose';
  return ageConfirmed ? null : 'age-not-confirmed';
}

/** 32 random bytes in base64url. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

interface Agreement {
  readonly collector: string;
  readonly info: DriveInfo;
  /** The language in which the notice was shown. */
  readonly language: string;
  readonly ticks: Ticks;
  /** The membership so far, when the ticks change or the notice has; its secret and participant stay. */
  readonly before: Membership | null;
  readonly now: Date;
}

/**
 * The consent that the ticks mean, with a participant and secret made on the way.
 * @throws {z.ZodError} for ticks that {@link consentProblem} complains about
 */
export function agree({ collector, info, language, ticks, before, now }: Agreement): Membership {
  const participant = before?.participant ?? uuidv4();
  const secret = before?.secret ?? newSecret();
  const { version, language: shown, sha256 } = renderNotice(info, language);
  const replaces = before && before.consent.status.type === 'given' ? { replaces: before.consent.request.id } : {};
  const request: ConsentRequest = consentRequest.parse({
    schema: CONSENT_SCHEMA,
    id: uuidv7(),
    participant,
    drive: info.id,
    notice: { version, language: shown, sha256 },
    purposes: PURPOSES.filter((purpose) => ticks.purposes.has(purpose) && info.purposes.includes(purpose)),
    ageConfirmed: ticks.ageConfirmed,
    givenAt: `${now.toISOString().slice(0, 16)}:00Z`,
    ...replaces,
    deletionKey: deletionKey(secret, participant),
  });
  return {
    key: membershipKey(collector, info.id),
    collector,
    info,
    // First seen, first believed: a collector cannot change its log's key unnoticed.
    logKey: before?.logKey ?? info.logKey,
    participant,
    secret,
    consent: { request, status: { type: 'queued' } },
    demographics: before?.demographics ?? null,
  };
}

/** Whether feedback may be given now, or what stands before it. */
export type ConsentNeed = 'none' | 'first' | 'notice-changed' | 'refused';

/**
 * Somebody agreed to one exact notice. When the drive's facts or its words have changed since, they are asked again.
 * The language alone asks nobody again.
 */
export function consentNeed(membership: Membership | null, info: DriveInfo): ConsentNeed {
  if (membership === null) return 'first';
  const { request, status } = membership.consent;
  if (status.type === 'refused') return 'refused';
  return renderNotice(info, request.notice.language).sha256 === request.notice.sha256 ? 'none' : 'notice-changed';
}
