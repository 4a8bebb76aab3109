/** What a collector promises to those who take part, kept on the embedded PostgreSQL and on a server that it does not run. */
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { setDriveState } from '../../../collector/store/drives.ts';
import { deletionKey, publicId } from '../../../feedback/log/keys.ts';
import { verifyReceipt } from '../../../feedback/log/receipt.ts';
import { verifyWithdrawals } from '../../../feedback/log/withdrawals.ts';
import { consentReply, type SubmissionOutcome } from '../../../feedback/schema/index.ts';
import { onBothDatabases } from './both-databases.ts';
import { DRIVE, removeFolder, testCollector } from './harness.ts';
import { newSecret, person, receiptOf, type Person } from './samples.ts';

const DAY_MS = 86_400_000;
const problemOf = (outcome: SubmissionOutcome | undefined) => (outcome?.outcome === 'refused' ? outcome.problem : outcome?.outcome);

onBothDatabases((its, logged) => {
  describe('consent', () => {
    it('is taken once, with a receipt to keep', async () => {
      const someone = person(DRIVE, await its().notice());
      const first = await its().send('POST', '/v1/consents', someone.consent);
      expect(first.status).toBe(201);
      const reply = consentReply.parse(first.json);
      expect(reply.state).toBe('ConsentGiven');
      expect(reply.receipt).toMatchObject({
        'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt',
        'dpv:hasRecordOfActivity': { 'dct:identifier': someone.consent.id, 'dpv:hasProcess': [{ 'dct:title': 'evaluate' }, { 'dct:title': 'publish-labels' }], 'dpv:hasConsentStatus': [{ '@type': ['dpv:ConsentGiven', 'dpv:ExpressedConsent'] }] },
      });
      const again = await its().send('POST', '/v1/consents', someone.consent);
      expect([again.status, again.json]).toEqual([200, first.json]);
      const other = await its().send('POST', '/v1/consents', { ...someone.consent, purposes: ['train'] });
      expect([other.status, other.json.type]).toEqual([409, 'urn:attune:problem:mismatch']);
    });

    it('shows every field that ISO/IEC TS 27560 demands, and the notice by its hash', async () => {
      const notice = await its().notice(DRIVE, 'de');
      const someone = person(DRIVE, notice);
      const { receipt } = (await its().send('POST', '/v1/consents', someone.consent)).json;
      const record = receipt['dpv:hasRecordOfActivity'];
      for (const field of ['dct:identifier', 'dct:conformsTo', 'dct:created', 'dct:publisher']) expect(receipt[field], field).toBeTruthy();
      for (const field of ['dct:conformsTo', 'dct:identifier', 'dpv:hasDataSubject', 'dpv:hasDataController', 'dpv:hasJurisdiction', 'dpv:hasProcess', 'dpv:hasConsentControl', 'dpv:hasRight', 'dpv:hasNotice', 'dpv:hasConsentStatus']) expect(record[field], field).toBeTruthy();
      for (const process of record['dpv:hasProcess']) for (const field of ['dpv:hasPurpose', 'dpv:hasPersonalData', 'dpv:hasRecipient', 'dpv:hasStorageCondition']) expect(process[field], field).toBeTruthy();
      const shown = await its().send('GET', new URL(record['dpv:hasNotice'][0]['@id']).pathname);
      expect(shown.text).toBe(notice.text);
    });

    it.each<[string, (someone: Person) => unknown, number, string]>([
      ['another notice', ({ consent }) => ({ ...consent, notice: { ...consent.notice, sha256: '0'.repeat(64) } }), 403, 'consent-not-valid'],
      ['the notice in another language than it says', ({ consent }) => ({ ...consent, notice: { ...consent.notice, language: 'de' } }), 403, 'consent-not-valid'],
      ['no purpose that anything may be kept for', ({ consent }) => ({ ...consent, purposes: ['publish-text'] }), 400, 'invalid'],
      ['no age', ({ consent }) => ({ ...consent, ageConfirmed: false }), 400, 'invalid'],
      ['a field too many', ({ consent }) => ({ ...consent, email: 'a@example.org' }), 400, 'invalid'],
      ['an unknown drive', ({ consent }) => ({ ...consent, drive: 'nowhere' }), 400, 'invalid'],
      ['an id from the far future', ({ consent }) => ({ ...consent, id: uuidv7({ msecs: Date.now() + 3 * DAY_MS }) }), 400, 'invalid'],
      ['a consent to replace that is unknown', ({ consent }) => ({ ...consent, replaces: uuidv7() }), 403, 'consent-missing'],
    ])('is refused with %s', async (_, change, status, problem) => {
      const reply = await its().send('POST', '/v1/consents', change(person(DRIVE, await its().notice())));
      expect([reply.status, reply.json.type, reply.headers.get('content-type')]).toEqual([status, `urn:attune:problem:${problem}`, 'application/problem+json; charset=utf-8']);
    });

    it('is followed by the next one of the same person only', async () => {
      const someone = await its().agree();
      const renewed = await its().agree({ same: someone, purposes: ['evaluate', 'train'], replaces: someone.consent.id });
      expect(problemOf((await its().submit(its().sample(someone)))[0])).toBe('consent-not-valid');
      expect(problemOf((await its().submit(its().sample(renewed)))[0])).toBe('accepted');
      const thief = person(DRIVE, await its().notice(), { same: { participant: someone.participant, secret: newSecret() } });
      expect((await its().send('POST', '/v1/consents', thief.consent)).status).toBe(409);
    });
  });

  describe('submission', () => {
    it('is accepted with a receipt that anybody can check', async () => {
      const someone = await its().agree();
      const { submission } = its().sample(someone);
      const receipt = receiptOf((await its().submit({ submission }))[0]);
      const { logKey } = await its().drive();
      const checkpoint = verifyReceipt(submission, receipt, logKey);
      expect(checkpoint).toMatchObject({ ok: true });
      const size = checkpoint.ok ? checkpoint.checkpoint.size : 0;
      const proof = (await its().send('GET', `/v1/log/${DRIVE}/proof?leaf=${receipt.leafIndex}&size=${size}`)).json;
      expect(verifyReceipt(submission, receipt, logKey, proof)).toMatchObject({ ok: true });
      expect(verifyReceipt({ ...submission, createdOn: '2020-01-01' }, receipt, logKey, proof)).toEqual({ ok: false, problems: ['leaf-differs'] });
      const row = await its().db.selectFrom('submission').selectAll().where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(row.record).toEqual(submission);
      expect(row.blocked).toBeNull();
    });

    it('is replayed when sent again, and refused when it is another', async () => {
      const { submission } = its().sample(await its().agree());
      const first = receiptOf((await its().submit({ submission }))[0]);
      const [again] = await its().submit({ submission });
      expect(again).toMatchObject({ outcome: 'replayed', receipt: { ...first, checkpoint: expect.any(String) } });
      expect(await its().submit({ submission: { ...submission, excerpt: null, feedback: { ...submission.feedback, comment: 'other', finding: { ...(submission.feedback as any).finding, span: null } } } })).toMatchObject([{ outcome: 'refused', status: 409, problem: 'mismatch' }]);
      const { count } = await its().db.selectFrom('submission').select(sql<number>`count(*)`.as('count')).where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(count).toBe(1);
    });

    it('is replayed also after its consent has ended: what was taken stays taken', async () => {
      const someone = await its().agree();
      const { submission } = its().sample(someone);
      await its().submit({ submission });
      await its().agree({ same: someone, replaces: someone.consent.id });
      expect(problemOf((await its().submit({ submission }))[0])).toBe('replayed');
    });

    it('needs a valid consent of its own participant', async () => {
      const someone = await its().agree();
      const other = await its().agree();
      const stranger = person(DRIVE, await its().notice());
      const stolen = its().sample({ ...someone, consent: other.consent });
      expect((await its().submit(its().sample(stranger), stolen)).map(problemOf)).toEqual(['consent-missing', 'consent-missing']);
    });

    it('is refused when the consent has run out', async () => {
      const someone = await its().agree();
      const now = its().clock.now;
      its().clock.now = new Date(now.getTime() + 1096 * DAY_MS);
      try {
        const late = its().sample(someone, { id: uuidv7({ msecs: its().clock.now.getTime() }), createdOn: its().clock.now.toISOString().slice(0, 10) });
        expect(problemOf((await its().submit(late))[0])).toBe('consent-not-valid');
      } finally {
        its().clock.now = now;
      }
    });

    it('never fails its neighbours', async () => {
      const someone = await its().agree();
      const good = [its().sample(someone), its().sample(someone)];
      const { submission } = good[0]!;
      const outcomes = await its().submit(
        good[0]!,
        { submission: { nonsense: true } },
        { submission: { ...its().sample(someone).submission, extra: 1 } },
        its().sample(someone, { drive: 'nowhere' }),
        its().sample(someone, { id: uuidv7({ msecs: Date.now() + 3 * DAY_MS }) }),
        its().sample(someone, { id: uuidv7({ msecs: Date.now() - 500 * DAY_MS }) }),
        its().sample(someone, { createdOn: '2999-01-01' }),
        { submission: null },
        { submission: { ...its().sample(someone).submission, excerpt: { text: 'a\u0000b', language: 'en', redactions: [] } } },
        good[0]!,
        { submission: { ...submission, createdOn: '2026-01-02' } },
        good[1]!,
      );
      expect(outcomes.map(problemOf)).toEqual(['accepted', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'replayed', 'mismatch', 'accepted']);
      expect(outcomes.map(({ id }) => id)[11]).toBe(good[1]!.submission.id);
    });

    it('is stored as text, whatever it says', async () => {
      const hostile = `'); DROP TABLE submission; -- <script>alert(1)</script> {{7*7}} \${jndi:x} " \\ \u202E \u{1F600} % _ NULL`;
      const { submission } = its().sample(await its().agree(), { excerpt: { text: hostile, language: 'en', redactions: [] }, feedback: { type: 'answer', helpful: 1, harmless: 5, honest: 'cannot-judge', comment: hostile } });
      receiptOf((await its().submit({ submission }))[0]);
      const row = await its().db.selectFrom('submission').select('record').where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(row.record).toEqual(submission);
    });

    it('with personal data that the browser missed is stored and kept from publication', async () => {
      const someone = await its().agree({ purposes: ['evaluate', 'publish-labels', 'publish-text'] });
      const { submission } = its().sample(someone, { excerpt: { text: 'Write to maria.sample@example.org about it.', language: 'en', redactions: [] }, feedback: { type: 'answer', helpful: 3, harmless: 3, honest: 3, comment: null } });
      receiptOf((await its().submit({ submission }))[0]);
      const row = await its().db.selectFrom('submission').select('blocked').where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(row.blocked).toBe('excerpt: email');
    });

    it('is not taken by a closed drive, which still takes withdrawals', async () => {
      const someone = await its().agree();
      const { submission, secret } = its().sample(someone);
      await its().submit({ submission });
      await setDriveState(its().db, DRIVE, 'closed');
      try {
        expect(problemOf((await its().submit(its().sample(someone)))[0])).toBe('drive-closed');
        expect((await its().send('POST', '/v1/consents', person(DRIVE, await its().notice()).consent)).status).toBe(403);
        expect((await its().withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret })).status).toBe(200);
      } finally {
        await setDriveState(its().db, DRIVE, 'open');
      }
    });

    it('comes in great numbers at once, each once', async () => {
      const people = await Promise.all(Array.from({ length: 4 }, () => its().agree()));
      const items = Array.from({ length: 400 }, (_, index) => its().sample(people[index % 4]!));
      // Every item is sent by two clients at once.
      const batches = [...Array.from({ length: 40 }, (_, index) => items.slice(index * 10, index * 10 + 10)), ...Array.from({ length: 40 }, (_, index) => items.slice(index * 10, index * 10 + 10))];
      const outcomes = (await Promise.all(batches.map((batch) => its().submit(...batch)))).flat();
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(400);
      expect(outcomes.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(400);
      const indexes = new Set(outcomes.map((outcome) => receiptOf(outcome).leafIndex));
      expect(indexes.size).toBe(400);
    });
  });

  describe('withdrawal', () => {
    it('of one item deletes the row and its nonce, and publishes an id', async () => {
      const { submission, secret } = its().sample(await its().agree());
      await its().submit({ submission });
      const before = (await its().list()).split('\n').length;
      const done = await its().withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret });
      expect([done.status, done.json]).toEqual([200, { withdrawn: [submission.id], consent: 'unchanged' }]);
      expect(await its().db.selectFrom('submission').select('id').where('id', '=', submission.id).execute()).toEqual([]);
      const list = await its().list();
      expect(list.split('\n').length).toBe(before + 1);
      const check = verifyWithdrawals(list, DRIVE, (await its().drive()).logKey);
      expect(check.ok && check.entries.at(-1)).toMatchObject({ id: publicId(submission.id), on: its().clock.now.toISOString().slice(0, 10) });
      expect(list).not.toContain(submission.id);
      // Again: the same answer, nothing new; and the item can never come back.
      expect((await its().withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret })).json).toEqual(done.json);
      expect(await its().list()).toBe(list);
      expect(await its().submit({ submission })).toMatchObject([{ outcome: 'refused', status: 410, problem: 'withdrawn' }]);
    });

    it('needs the secret, and does not tell whether the item exists', async () => {
      const { submission } = its().sample(await its().agree());
      await its().submit({ submission });
      const wrong = await its().withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret: newSecret() });
      const absent = await its().withdraw({ what: 'submission', drive: DRIVE, id: uuidv7(), secret: newSecret() });
      expect([wrong.status, wrong.text]).toEqual([404, absent.text]);
      expect((await its().withdraw({ what: 'everything', drive: DRIVE, participant: submission.participant, secret: newSecret() })).text).toBe(absent.text);
      expect(problemOf((await its().submit({ submission }))[0])).toBe('replayed');
    });

    it('of everything ends the consent and leaves only its proof', async () => {
      const someone = await its().agree({ purposes: ['evaluate', 'demographics'] });
      const items = Array.from({ length: 5 }, () => its().sample(someone));
      await its().submit(...items);
      const answers = { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: { ageBand: '30-44', gender: 'woman', locale: 'de-DE', familiarity: 'native' } };
      expect((await its().send('PUT', '/v1/demographics', answers)).status).toBe(204);
      const done = await its().withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret });
      expect(done.json).toEqual({ withdrawn: items.map(({ submission }) => submission.id).sort(), consent: 'ConsentWithdrawn' });
      for (const table of ['submission', 'demographics'] as const) expect(await its().db.selectFrom(table).selectAll().where('participant', '=', someone.participant).execute(), table).toEqual([]);
      const consent = await its().db.selectFrom('consent').selectAll().where('consent_id', '=', someone.consent.id).executeTakeFirstOrThrow();
      expect([consent.state, consent.request]).toEqual(['ConsentWithdrawn', null]);
      expect((await its().submit(its().sample(someone), items[0]!)).map(problemOf)).toEqual(['consent-not-valid', 'withdrawn']);
      expect((await its().withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret })).json).toEqual({ withdrawn: [], consent: 'ConsentWithdrawn' });
      // Whoever agrees anew is welcome anew.
      expect(problemOf((await its().submit(its().sample(await its().agree({ same: someone }))))[0])).toBe('accepted');
    });

    it('leaves nothing behind when submissions arrive at the same moment', async () => {
      for (let round = 0; round < 5; round++) {
        const someone = await its().agree();
        const sending = Array.from({ length: 10 }, () => its().submit(its().sample(someone), its().sample(someone)));
        const withdrawing = its().withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret });
        await Promise.all([...sending, withdrawing]);
        expect(await its().db.selectFrom('submission').select('id').where('participant', '=', someone.participant).execute()).toEqual([]);
      }
    });
  });

  describe('demographics', () => {
    const answers = { ageBand: '18-29', gender: 'prefer-not-to-say', locale: 'fr-FR', familiarity: 'lived' } as const;

    it('are kept under a consent that allows them, and go with it', async () => {
      const someone = await its().agree({ purposes: ['evaluate', 'demographics'] });
      const request = { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: answers };
      expect((await its().send('PUT', '/v1/demographics', request)).status).toBe(204);
      expect((await its().send('PUT', '/v1/demographics', { ...request, demographics: { ...answers, familiarity: 'native' } })).status).toBe(204);
      expect(await its().db.selectFrom('demographics').select('answers').where('participant', '=', someone.participant).execute()).toEqual([{ answers: { ...answers, familiarity: 'native' } }]);
      expect((await its().send('PUT', '/v1/demographics', { ...request, secret: newSecret() })).status).toBe(403);
      await its().agree({ same: someone, purposes: ['evaluate'], replaces: someone.consent.id });
      expect(await its().db.selectFrom('demographics').select('answers').where('participant', '=', someone.participant).execute()).toEqual([]);
    });

    it('are refused without that purpose', async () => {
      const someone = await its().agree({ purposes: ['evaluate'] });
      const reply = await its().send('PUT', '/v1/demographics', { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: answers });
      expect([reply.status, reply.json.type]).toEqual([403, 'urn:attune:problem:purpose-not-allowed']);
    });
  });

  it('logs what happened and nothing about whom or what', async () => {
    const someone = await its().agree();
    const { submission, secret } = its().sample(someone);
    await its().submit({ submission });
    await its().withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret });
    await its().send('POST', '/v1/consents', { participant: someone.participant, secret: someone.secret });
    const log = logged.join('');
    expect(log).toMatch(/"route":"\/v1\/submissions","status":"200"/);
    for (const secretThing of [someone.participant, someone.secret, someone.consent.id, submission.id, secret, submission.excerpt!.text, submission.feedback.comment!, '127.0.0.1', 'user-agent']) expect(log.split('\n').filter((line) => !line.includes('Server listening')).join('\n')).not.toContain(secretThing);
    expect(deletionKey(secret, submission.id)).toBe(submission.deletionKey);
  });
});

it('counts what one participant sends in a day', async () => {
  const collector = await testCollector({ settings: { limits: { requestsPerMinute: 0, submissionsPerDay: 3 } } });
  try {
    const someone = await collector.agree();
    const items = Array.from({ length: 5 }, () => collector.sample(someone));
    expect((await collector.submit(...items)).map(problemOf)).toEqual(['accepted', 'accepted', 'accepted', 'too-many', 'too-many']);
    expect((await collector.submit(...items)).map(problemOf)).toEqual(['replayed', 'replayed', 'replayed', 'too-many', 'too-many']);
    collector.clock.now = new Date(collector.clock.now.getTime() + DAY_MS);
    expect((await collector.submit(...items)).map(problemOf)).toEqual(['replayed', 'replayed', 'replayed', 'accepted', 'accepted']);
  } finally {
    await collector.stop();
    removeFolder(collector.data);
  }
});
