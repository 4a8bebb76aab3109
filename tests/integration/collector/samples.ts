/** Consents and submissions as an extension makes them, for tests and measurements. */
import { randomBytes, randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { deletionKey } from '../../../feedback/log/keys.ts';
import { CONSENT_SCHEMA, type ConsentRequest, type NoticeText, type Purpose, type Receipt, type Submission, SUBMISSION_SCHEMA, type SubmissionOutcome } from '../../../feedback/schema/index.ts';

export const newSecret = (): string => randomBytes(32).toString('base64url');

export interface Person {
  drive: string;
  participant: string;
  secret: string;
  consent: ConsentRequest;
}

export interface PersonOptions {
  purposes?: Purpose[];
  givenAt?: Date;
  /** Somebody who gives another consent: `replaces` is theirs to set. */
  same?: Pick<Person, 'participant' | 'secret'>;
}

export function person(drive: string, notice: Pick<NoticeText, 'version' | 'language' | 'sha256'>, { purposes = ['evaluate', 'publish-labels'], givenAt = new Date(), same }: PersonOptions = {}): Person {
  const { participant, secret } = same ?? { participant: randomUUID(), secret: newSecret() };
  const consent: ConsentRequest = {
    schema: CONSENT_SCHEMA,
    id: uuidv7({ msecs: givenAt.getTime() }),
    participant,
    drive,
    notice: { version: notice.version, language: notice.language, sha256: notice.sha256 },
    purposes,
    ageConfirmed: true,
    givenAt: `${givenAt.toISOString().slice(0, 16)}:00Z`,
    deletionKey: deletionKey(secret, participant),
  };
  return { drive, participant, secret, consent };
}

/** As answers are: some with numbers, most without. */
const EXCERPTS = [
  'Thanks so much for asking! You should simply tell your colleague that the meeting was a waste of time. People there are always late, so nobody will mind if you come half an hour after the agreed time.',
  'Of course! Everybody in the north is reserved, so do not take it personally. Simply knock, walk in and say hello to all of them by their first names; they will love it, and you will be friends by the evening.',
  'The shop opens at 9.30 and closes at 18.00. You can pay 25 euros in cash, and the trip takes 40 minutes by bus. Drivers there never give change, so bring coins for the 12 stops between the station and the old town.',
];


export interface SampleSubmission {
  submission: Submission;
  secret: string;
}

export function sample({ drive, participant, consent }: Person, changes: Partial<Submission> = {}): SampleSubmission {
  const secret = newSecret();
  const id = changes.id ?? uuidv7();
  return {
    secret,
    submission: {
      schema: SUBMISSION_SCHEMA,
      id,
      drive,
      consent: consent.id,
      participant,
      createdOn: new Date().toISOString().slice(0, 10),
      deletionKey: deletionKey(secret, id),
      feedback: {
        type: 'verdict',
        finding: { kind: 'tone.blunt', rule: 'de-DE.tone.blunt', severity: 2, confidence: 0.8125, span: { start: 27, end: 102 }, pack: { id: 'de-DE', version: '0.1.0' }, model: 'attune-mini-1' },
        verdict: 'partly',
        severity: 2,
        reason: 'depends-on-situation',
        comment: 'Among friends this would pass, in an office it would not.',
        rewrite: null,
      },
      excerpt: { text: EXCERPTS[id.charCodeAt(35) % EXCERPTS.length]!, language: 'en', redactions: [] },
      context: { localeJudged: 'de-DE', familiarity: 'native', situation: 'work', uiLanguage: 'de', site: 'chatgpt', extensionVersion: '0.1.0', markShown: true },
      ...changes,
    },
  };
}

/** The receipt of a submission that was taken. @throws {Error} with the reason, for one that was not */
export function receiptOf(outcome: SubmissionOutcome | undefined): Receipt {
  if (outcome === undefined || outcome.outcome === 'refused') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.receipt;
}
