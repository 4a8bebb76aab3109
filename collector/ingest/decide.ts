/** Whether a submission is taken: pure, from what the transaction has read. */
import { publicId } from '../../feedback/log/keys.ts';
import { STORING_PURPOSES, type Purpose, VALID_CONSENT_STATES, type ConsentState, type Submission } from '../../feedback/schema/index.ts';
import { type Prepared } from './prepare.ts';
import { checkTime, refuse, type Refusal, timeOf } from './refusal.ts';

export interface KnownConsent {
  participant: string;
  state: ConsentState;
  purposes: readonly Purpose[];
  expiresAt: Date;
}

/** What was stored when a submission was accepted: all of its receipt but the checkpoint. */
export interface Accepted {
  bodyHash: string;
  nonce: string;
  leafIndex: number;
  leafHash: string;
  acceptedAt: Date;
}

/** What is known when the drive is locked. `accepted` and `sentToday` grow as items of the same batch are taken. */
export interface Known {
  driveState: 'open' | 'closed';
  accepted: Map<string, Accepted>;
  withdrawn: ReadonlySet<string>;
  consents: ReadonlyMap<string, KnownConsent>;
  sentToday: Map<string, number>;
  /** Most submissions of a participant in a day; null for no limit. */
  quota: number | null;
}

export type Decision = { ok: true; kind: 'accept' } | { ok: true; kind: 'replay'; accepted: Accepted } | Refusal;

/** In this order: what was taken stays taken, what was withdrawn stays withdrawn, and only then what is allowed today. */
export function decide({ submission, bodyHash }: Prepared, known: Known, now: Date): Decision {
  if (known.withdrawn.has(publicId(submission.id))) return refuse('withdrawn', 'This submission was withdrawn; it is not taken again.');
  const before = known.accepted.get(submission.id);
  if (before !== undefined) return before.bodyHash === bodyHash ? { ok: true, kind: 'replay', accepted: before } : refuse('mismatch', 'Another submission was accepted under this id.');
  const untimely = checkTime('The id', timeOf(submission.id), now) ?? checkTime('createdOn', Date.parse(submission.createdOn), now);
  if (untimely !== null) return untimely;
  if (known.driveState === 'closed') return refuse('drive-closed', 'This drive is closed and takes no more submissions.');
  const unconsented = checkConsent(submission, known.consents.get(submission.consent), now);
  if (unconsented !== null) return unconsented;
  if (known.quota !== null && (known.sentToday.get(submission.participant) ?? 0) >= known.quota) return refuse('too-many', `No more than ${known.quota} submissions a day are taken from one participant. Send the rest tomorrow.`);
  return { ok: true, kind: 'accept' };
}

function checkConsent(submission: Submission, consent: KnownConsent | undefined, now: Date): Refusal | null {
  if (consent?.participant !== submission.participant) return refuse('consent-missing', 'There is no such consent of this participant. Send the consent first.');
  if (!(VALID_CONSENT_STATES as readonly string[]).includes(consent.state)) return refuse('consent-not-valid', `The consent is no longer valid (${consent.state}).`);
  if (consent.expiresAt <= now) return refuse('consent-not-valid', 'The consent has run out (ConsentExpired).');
  if (!STORING_PURPOSES.some((purpose) => consent.purposes.includes(purpose))) return refuse('purpose-not-allowed', 'The consent allows neither evaluation nor training, so nothing may be kept.');
  return null;
}
