/** Taking a consent: one is valid for a participant and drive at a time, and a new one ends those before it. */
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { canonicalBytes } from '../../feedback/log/keys.ts';
import { type ConsentRequest, type ConsentState, VALID_CONSENT_STATES } from '../../feedback/schema/index.ts';
import { checkTime, refuse, type Refusal, timeOf } from '../ingest/refusal.ts';
import { lockLog } from '../log/append.ts';
import { type Database, type DriveSettings, type Queries, type Tables } from '../store/tables.ts';
import { transaction } from '../store/transaction.ts';

const DAY_MS = 86_400_000;

export type ConsentRow = Tables['consent'];
export type ConsentOutcome = { ok: true; kind: 'created' | 'replayed'; consent: ConsentRow; events: { state: ConsentState; at: Date }[]; settings: DriveSettings } | Refusal;

/** Stores a consent; the same request again gives the same answer. */
export function giveConsent(db: Database, request: ConsentRequest, now: Date): Promise<ConsentOutcome> {
  const requestHash = createHash('sha256').update(canonicalBytes(request)).digest('hex');
  return transaction(db, async (trx): Promise<ConsentOutcome> => {
    const log = await lockLog(trx, request.drive);
    if (log === null) return refuse('invalid', 'There is no such drive here.');
    const before = await trx.selectFrom('consent').selectAll().where('drive_id', '=', request.drive).where('consent_id', '=', request.id).executeTakeFirst();
    if (before !== undefined) {
      if (before.request_hash !== requestHash) return refuse('mismatch', 'Another consent was given under this id.');
      return { ok: true, kind: 'replayed', consent: before, events: await eventsOf(trx, before), settings: log.settings };
    }
    const refused = checkTime('The id', timeOf(request.id), now) ?? checkTime('givenAt', Date.parse(request.givenAt), now) ?? (await checkRequest(trx, request, log.settings, log.state));
    if (refused !== null) return refused;

    const earlier = await trx.selectFrom('consent').select(['consent_id', 'state', 'deletion_key']).where('drive_id', '=', request.drive).where('participant', '=', request.participant).execute();
    if (earlier.some(({ deletion_key }) => deletion_key !== request.deletionKey)) return refuse('mismatch', 'This participant gave a consent with another deletion key. Only the one who holds that secret can give the next.');
    if (request.replaces !== undefined && !earlier.some(({ consent_id }) => consent_id === request.replaces)) return refuse('consent-missing', 'The consent that this one replaces is not known for this participant.');

    for (const { consent_id, state } of earlier) {
      if (isValid(state)) await endConsent(trx, request.drive, consent_id, 'ConsentWithdrawn', now);
    }
    const state: ConsentState = request.replaces === undefined ? 'ConsentGiven' : 'RenewedConsentGiven';
    const given = new Date(Math.min(Date.parse(request.givenAt), now.getTime()));
    const consent: ConsentRow = {
      drive_id: request.drive,
      consent_id: request.id,
      participant: request.participant,
      state,
      purposes: request.purposes,
      notice_sha256: request.notice.sha256,
      request,
      request_hash: requestHash,
      deletion_key: request.deletionKey,
      given_at: given,
      expires_at: new Date(given.getTime() + log.settings.retentionDays * DAY_MS),
      ended_at: null,
    };
    if (consent.expires_at <= now) return refuse('consent-not-valid', 'This consent was given longer ago than the drive keeps anything.');
    await trx.insertInto('consent').values({ ...consent, request: JSON.stringify(request) as unknown as ConsentRequest }).execute();
    await addEvent(trx, request.drive, request.id, state, now);
    // Taking back the tick takes back the answers.
    if (!request.purposes.includes('demographics')) await trx.deleteFrom('demographics').where('drive_id', '=', request.drive).where('participant', '=', request.participant).execute();
    return { ok: true, kind: 'created', consent, events: [{ state, at: now }], settings: log.settings };
  });
}

export const isValid = (state: ConsentState): boolean => (VALID_CONSENT_STATES as readonly string[]).includes(state);

async function checkRequest(trx: Queries, request: ConsentRequest, settings: DriveSettings, driveState: 'open' | 'closed'): Promise<Refusal | null> {
  if (driveState === 'closed') return refuse('drive-closed', 'This drive is closed and takes no more consents.');
  const extra = request.purposes.filter((purpose) => !settings.purposes.includes(purpose));
  if (extra.length > 0) return refuse('purpose-not-allowed', `This drive does not ask for: ${extra.join(', ')}.`);
  const { sha256, language, version } = request.notice;
  const notice = await trx.selectFrom('notice').select(['language', 'version', 'is_current']).where('drive_id', '=', request.drive).where('sha256', '=', sha256).executeTakeFirst();
  if (notice === undefined || notice.language !== language || notice.version !== version) return refuse('consent-not-valid', 'The notice that was shown is not one that this drive publishes. Fetch the notice and ask again.');
  if (!notice.is_current) return refuse('consent-not-valid', 'The notice has changed since. Fetch the new one and ask again.');
  return null;
}

/** Ends a consent for good: its request goes, its hash, purposes and events stay as proof. */
export async function endConsent(trx: Queries, drive: string, id: string, state: ConsentState, now: Date): Promise<void> {
  await trx.updateTable('consent').set({ state, ended_at: now, request: null }).where('drive_id', '=', drive).where('consent_id', '=', id).execute();
  await addEvent(trx, drive, id, state, now);
}

async function addEvent(trx: Queries, drive: string, id: string, state: ConsentState, at: Date): Promise<void> {
  await trx.insertInto('consent_event').values({ drive_id: drive, consent_id: id, event_id: uuidv7(), state, at }).execute();
}

const eventsOf = (trx: Queries, { drive_id, consent_id }: ConsentRow) => trx.selectFrom('consent_event').select(['state', 'at']).where('drive_id', '=', drive_id).where('consent_id', '=', consent_id).orderBy('event_id').execute();
