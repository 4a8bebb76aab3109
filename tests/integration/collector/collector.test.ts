/** The collector's promises, kept on the embedded PostgreSQL and on a server that it does not run. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examineLog } from '../../../collector/log/check.ts';
import { openKey } from '../../../collector/log/key.ts';
import { expireConsents, forgetWork, purge } from '../../../collector/jobs/maintenance.ts';
import { setDriveState } from '../../../collector/store/drives.ts';
import { releaseRows } from '../../../collector/store/release-source.ts';
import { deletionKey, leafData, publicId } from '../../../feedback/log/keys.ts';
import { leafHash, verifyConsistency } from '../../../feedback/log/merkle.ts';
import { fromBase64 } from '../../../feedback/log/note.ts';
import { openCheckpoint, verifyReceipt } from '../../../feedback/log/receipt.ts';
import { verifyWithdrawals } from '../../../feedback/log/withdrawals.ts';
import { consentReply, type Receipt, type Submission, type SubmissionOutcome } from '../../../feedback/schema/index.ts';
import { DRIVE, plainServer, removeFolder, testCollector, type TestCollector } from './harness.ts';
import { newSecret, person, type Person } from './samples.ts';

const DAY_MS = 86_400_000;
const receiptOf = (outcome: SubmissionOutcome | undefined): Receipt => {
  if (outcome === undefined || outcome.outcome === 'refused') throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.receipt;
};
const problemOf = (outcome: SubmissionOutcome | undefined) => (outcome?.outcome === 'refused' ? outcome.problem : outcome?.outcome);

let server: Awaited<ReturnType<typeof plainServer>>;
beforeAll(async () => {
  server = await plainServer();
});
afterAll(() => server.stop());

describe.each([
  ['the embedded PostgreSQL', () => Promise.resolve(undefined)],
  ['a PostgreSQL server named by its address', () => server.newDatabase()],
])('on %s', (_, newDatabase) => {
  let it_: TestCollector;
  let databaseUrl: string | undefined;
  const logged: string[] = [];
  beforeAll(async () => {
    databaseUrl = await newDatabase();
    it_ = await testCollector({ databaseUrl, logger: { level: 'trace', stream: { write: (line: string) => logged.push(line) } } });
  });
  afterAll(async () => {
    await it_.stop();
    removeFolder(it_.data);
  });

  describe('consent', () => {
    it('is taken once, with a receipt to keep', async () => {
      const someone = person(DRIVE, await it_.notice());
      const first = await it_.send('POST', '/v1/consents', someone.consent);
      expect(first.status).toBe(201);
      const reply = consentReply.parse(first.json);
      expect(reply.state).toBe('ConsentGiven');
      expect(reply.receipt).toMatchObject({
        'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt',
        'dpv:hasRecordOfActivity': { 'dct:identifier': someone.consent.id, 'dpv:hasProcess': [{ 'dct:title': 'evaluate' }, { 'dct:title': 'publish-labels' }], 'dpv:hasConsentStatus': [{ '@type': ['dpv:ConsentGiven', 'dpv:ExpressedConsent'] }] },
      });
      const again = await it_.send('POST', '/v1/consents', someone.consent);
      expect([again.status, again.json]).toEqual([200, first.json]);
      const other = await it_.send('POST', '/v1/consents', { ...someone.consent, purposes: ['train'] });
      expect([other.status, other.json.type]).toEqual([409, 'urn:attune:problem:mismatch']);
    });

    it('shows every field that ISO/IEC TS 27560 demands, and the notice by its hash', async () => {
      const notice = await it_.notice(DRIVE, 'de');
      const someone = person(DRIVE, notice);
      const { receipt } = (await it_.send('POST', '/v1/consents', someone.consent)).json;
      const record = receipt['dpv:hasRecordOfActivity'];
      for (const field of ['dct:identifier', 'dct:conformsTo', 'dct:created', 'dct:publisher']) expect(receipt[field], field).toBeTruthy();
      for (const field of ['dct:conformsTo', 'dct:identifier', 'dpv:hasDataSubject', 'dpv:hasDataController', 'dpv:hasJurisdiction', 'dpv:hasProcess', 'dpv:hasConsentControl', 'dpv:hasRight', 'dpv:hasNotice', 'dpv:hasConsentStatus']) expect(record[field], field).toBeTruthy();
      for (const process of record['dpv:hasProcess']) for (const field of ['dpv:hasPurpose', 'dpv:hasPersonalData', 'dpv:hasRecipient', 'dpv:hasStorageCondition']) expect(process[field], field).toBeTruthy();
      const shown = await it_.send('GET', new URL(record['dpv:hasNotice'][0]['@id']).pathname);
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
      const reply = await it_.send('POST', '/v1/consents', change(person(DRIVE, await it_.notice())));
      expect([reply.status, reply.json.type, reply.headers.get('content-type')]).toEqual([status, `urn:attune:problem:${problem}`, 'application/problem+json; charset=utf-8']);
    });

    it('is followed by the next one of the same person only', async () => {
      const someone = await it_.agree();
      const renewed = await it_.agree({ same: someone, purposes: ['evaluate', 'train'], replaces: someone.consent.id });
      expect(problemOf((await it_.submit(it_.sample(someone)))[0])).toBe('consent-not-valid');
      expect(problemOf((await it_.submit(it_.sample(renewed)))[0])).toBe('accepted');
      const thief = person(DRIVE, await it_.notice(), { same: { participant: someone.participant, secret: newSecret() } });
      expect((await it_.send('POST', '/v1/consents', thief.consent)).status).toBe(409);
    });
  });

  describe('submission', () => {
    it('is accepted with a receipt that anybody can check', async () => {
      const someone = await it_.agree();
      const { submission } = it_.sample(someone);
      const receipt = receiptOf((await it_.submit({ submission }))[0]);
      const { logKey } = await it_.drive();
      const checkpoint = verifyReceipt(submission, receipt, logKey);
      expect(checkpoint).toMatchObject({ ok: true });
      const size = checkpoint.ok ? checkpoint.checkpoint.size : 0;
      const proof = (await it_.send('GET', `/v1/log/${DRIVE}/proof?leaf=${receipt.leafIndex}&size=${size}`)).json;
      expect(verifyReceipt(submission, receipt, logKey, proof)).toMatchObject({ ok: true });
      expect(verifyReceipt({ ...submission, createdOn: '2020-01-01' }, receipt, logKey, proof)).toEqual({ ok: false, problems: ['leaf-differs'] });
      const row = await it_.db.selectFrom('submission').selectAll().where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(row.record).toEqual(submission);
      expect(row.blocked).toBeNull();
    });

    it('is replayed when sent again, and refused when it is another', async () => {
      const { submission } = it_.sample(await it_.agree());
      const first = receiptOf((await it_.submit({ submission }))[0]);
      const [again] = await it_.submit({ submission });
      expect(again).toMatchObject({ outcome: 'replayed', receipt: { ...first, checkpoint: expect.any(String) } });
      expect(await it_.submit({ submission: { ...submission, excerpt: null, feedback: { ...submission.feedback, comment: 'other', finding: { ...(submission.feedback as any).finding, span: null } } } })).toMatchObject([{ outcome: 'refused', status: 409, problem: 'mismatch' }]);
      const { count } = await it_.db.selectFrom('submission').select(sql<number>`count(*)`.as('count')).where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(count).toBe(1);
    });

    it('is replayed also after its consent has ended: what was taken stays taken', async () => {
      const someone = await it_.agree();
      const { submission } = it_.sample(someone);
      await it_.submit({ submission });
      await it_.agree({ same: someone, replaces: someone.consent.id });
      expect(problemOf((await it_.submit({ submission }))[0])).toBe('replayed');
    });

    it('needs a valid consent of its own participant', async () => {
      const someone = await it_.agree();
      const other = await it_.agree();
      const stranger = person(DRIVE, await it_.notice());
      const stolen = it_.sample({ ...someone, consent: other.consent });
      expect((await it_.submit(it_.sample(stranger), stolen)).map(problemOf)).toEqual(['consent-missing', 'consent-missing']);
    });

    it('is refused when the consent has run out', async () => {
      const someone = await it_.agree();
      const now = it_.clock.now;
      it_.clock.now = new Date(now.getTime() + 1096 * DAY_MS);
      try {
        const late = it_.sample(someone, { id: uuidv7({ msecs: it_.clock.now.getTime() }), createdOn: it_.clock.now.toISOString().slice(0, 10) });
        expect(problemOf((await it_.submit(late))[0])).toBe('consent-not-valid');
      } finally {
        it_.clock.now = now;
      }
    });

    it('never fails its neighbours', async () => {
      const someone = await it_.agree();
      const good = [it_.sample(someone), it_.sample(someone)];
      const { submission } = good[0]!;
      const outcomes = await it_.submit(
        good[0]!,
        { submission: { nonsense: true } },
        { submission: { ...it_.sample(someone).submission, extra: 1 } },
        it_.sample(someone, { drive: 'nowhere' }),
        it_.sample(someone, { id: uuidv7({ msecs: Date.now() + 3 * DAY_MS }) }),
        it_.sample(someone, { id: uuidv7({ msecs: Date.now() - 500 * DAY_MS }) }),
        it_.sample(someone, { createdOn: '2999-01-01' }),
        { submission: null },
        { submission: { ...it_.sample(someone).submission, excerpt: { text: 'a\u0000b', language: 'en', redactions: [] } } },
        good[0]!,
        { submission: { ...submission, createdOn: '2026-01-02' } },
        good[1]!,
      );
      expect(outcomes.map(problemOf)).toEqual(['accepted', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'invalid', 'replayed', 'mismatch', 'accepted']);
      expect(outcomes.map(({ id }) => id)[11]).toBe(good[1]!.submission.id);
    });

    it('is stored as text, whatever it says', async () => {
      const hostile = `'); DROP TABLE submission; -- <script>alert(1)</script> {{7*7}} \${jndi:x} " \\ \u202E \u{1F600} % _ NULL`;
      const { submission } = it_.sample(await it_.agree(), { excerpt: { text: hostile, language: 'en', redactions: [] }, feedback: { type: 'answer', helpful: 1, harmless: 5, honest: 'cannot-judge', comment: hostile } });
      receiptOf((await it_.submit({ submission }))[0]);
      const row = await it_.db.selectFrom('submission').select('record').where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(row.record).toEqual(submission);
    });

    it('with personal data that the browser missed is stored and kept from publication', async () => {
      const someone = await it_.agree({ purposes: ['evaluate', 'publish-labels', 'publish-text'] });
      const { submission } = it_.sample(someone, { excerpt: { text: 'Write to maria.sample@example.org about it.', language: 'en', redactions: [] }, feedback: { type: 'answer', helpful: 3, harmless: 3, honest: 3, comment: null } });
      receiptOf((await it_.submit({ submission }))[0]);
      const row = await it_.db.selectFrom('submission').select('blocked').where('id', '=', submission.id).executeTakeFirstOrThrow();
      expect(row.blocked).toBe('excerpt: email');
    });

    it('is not taken by a closed drive, which still takes withdrawals', async () => {
      const someone = await it_.agree();
      const { submission, secret } = it_.sample(someone);
      await it_.submit({ submission });
      await setDriveState(it_.db, DRIVE, 'closed');
      try {
        expect(problemOf((await it_.submit(it_.sample(someone)))[0])).toBe('drive-closed');
        expect((await it_.send('POST', '/v1/consents', person(DRIVE, await it_.notice()).consent)).status).toBe(403);
        expect((await it_.withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret })).status).toBe(200);
      } finally {
        await setDriveState(it_.db, DRIVE, 'open');
      }
    });

    it('comes in great numbers at once, each once', async () => {
      const people = await Promise.all(Array.from({ length: 4 }, () => it_.agree()));
      const items = Array.from({ length: 400 }, (_, index) => it_.sample(people[index % 4]!));
      // Every item is sent by two clients at once.
      const batches = [...Array.from({ length: 40 }, (_, index) => items.slice(index * 10, index * 10 + 10)), ...Array.from({ length: 40 }, (_, index) => items.slice(index * 10, index * 10 + 10))];
      const outcomes = (await Promise.all(batches.map((batch) => it_.submit(...batch)))).flat();
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(400);
      expect(outcomes.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(400);
      const indexes = new Set(outcomes.map((outcome) => receiptOf(outcome).leafIndex));
      expect(indexes.size).toBe(400);
    });
  });

  describe('withdrawal', () => {
    it('of one item deletes the row and its nonce, and publishes an id', async () => {
      const { submission, secret } = it_.sample(await it_.agree());
      await it_.submit({ submission });
      const before = (await it_.list()).split('\n').length;
      const done = await it_.withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret });
      expect([done.status, done.json]).toEqual([200, { withdrawn: [submission.id], consent: 'unchanged' }]);
      expect(await it_.db.selectFrom('submission').select('id').where('id', '=', submission.id).execute()).toEqual([]);
      const list = await it_.list();
      expect(list.split('\n').length).toBe(before + 1);
      const check = verifyWithdrawals(list, DRIVE, (await it_.drive()).logKey);
      expect(check.ok && check.entries.at(-1)).toMatchObject({ id: publicId(submission.id), on: it_.clock.now.toISOString().slice(0, 10) });
      expect(list).not.toContain(submission.id);
      // Again: the same answer, nothing new; and the item can never come back.
      expect((await it_.withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret })).json).toEqual(done.json);
      expect(await it_.list()).toBe(list);
      expect(await it_.submit({ submission })).toMatchObject([{ outcome: 'refused', status: 410, problem: 'withdrawn' }]);
    });

    it('needs the secret, and does not tell whether the item exists', async () => {
      const { submission } = it_.sample(await it_.agree());
      await it_.submit({ submission });
      const wrong = await it_.withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret: newSecret() });
      const absent = await it_.withdraw({ what: 'submission', drive: DRIVE, id: uuidv7(), secret: newSecret() });
      expect([wrong.status, wrong.text]).toEqual([404, absent.text]);
      expect((await it_.withdraw({ what: 'everything', drive: DRIVE, participant: submission.participant, secret: newSecret() })).text).toBe(absent.text);
      expect(problemOf((await it_.submit({ submission }))[0])).toBe('replayed');
    });

    it('of everything ends the consent and leaves only its proof', async () => {
      const someone = await it_.agree({ purposes: ['evaluate', 'demographics'] });
      const items = Array.from({ length: 5 }, () => it_.sample(someone));
      await it_.submit(...items);
      const answers = { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: { ageBand: '30-44', gender: 'woman', locale: 'de-DE', familiarity: 'native' } };
      expect((await it_.send('PUT', '/v1/demographics', answers)).status).toBe(204);
      const done = await it_.withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret });
      expect(done.json).toEqual({ withdrawn: items.map(({ submission }) => submission.id).sort(), consent: 'ConsentWithdrawn' });
      for (const table of ['submission', 'demographics'] as const) expect(await it_.db.selectFrom(table).selectAll().where('participant', '=', someone.participant).execute(), table).toEqual([]);
      const consent = await it_.db.selectFrom('consent').selectAll().where('consent_id', '=', someone.consent.id).executeTakeFirstOrThrow();
      expect([consent.state, consent.request]).toEqual(['ConsentWithdrawn', null]);
      expect((await it_.submit(it_.sample(someone), items[0]!)).map(problemOf)).toEqual(['consent-not-valid', 'withdrawn']);
      expect((await it_.withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret })).json).toEqual({ withdrawn: [], consent: 'ConsentWithdrawn' });
      // Whoever agrees anew is welcome anew.
      expect(problemOf((await it_.submit(it_.sample(await it_.agree({ same: someone }))))[0])).toBe('accepted');
    });

    it('leaves nothing behind when submissions arrive at the same moment', async () => {
      for (let round = 0; round < 5; round++) {
        const someone = await it_.agree();
        const sending = Array.from({ length: 10 }, () => it_.submit(it_.sample(someone), it_.sample(someone)));
        const withdrawing = it_.withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret });
        await Promise.all([...sending, withdrawing]);
        expect(await it_.db.selectFrom('submission').select('id').where('participant', '=', someone.participant).execute()).toEqual([]);
      }
    });
  });

  describe('demographics', () => {
    const answers = { ageBand: '18-29', gender: 'prefer-not-to-say', locale: 'fr-FR', familiarity: 'lived' } as const;

    it('are kept under a consent that allows them, and go with it', async () => {
      const someone = await it_.agree({ purposes: ['evaluate', 'demographics'] });
      const request = { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: answers };
      expect((await it_.send('PUT', '/v1/demographics', request)).status).toBe(204);
      expect((await it_.send('PUT', '/v1/demographics', { ...request, demographics: { ...answers, familiarity: 'native' } })).status).toBe(204);
      expect(await it_.db.selectFrom('demographics').select('answers').where('participant', '=', someone.participant).execute()).toEqual([{ answers: { ...answers, familiarity: 'native' } }]);
      expect((await it_.send('PUT', '/v1/demographics', { ...request, secret: newSecret() })).status).toBe(403);
      await it_.agree({ same: someone, purposes: ['evaluate'], replaces: someone.consent.id });
      expect(await it_.db.selectFrom('demographics').select('answers').where('participant', '=', someone.participant).execute()).toEqual([]);
    });

    it('are refused without that purpose', async () => {
      const someone = await it_.agree({ purposes: ['evaluate'] });
      const reply = await it_.send('PUT', '/v1/demographics', { drive: DRIVE, participant: someone.participant, consent: someone.consent.id, secret: someone.secret, demographics: answers });
      expect([reply.status, reply.json.type]).toEqual([403, 'urn:attune:problem:purpose-not-allowed']);
    });
  });

  describe('log', () => {
    it('grows without ever changing what it said, and proves it', async () => {
      const someone = await it_.agree();
      const { logKey } = await it_.drive();
      const open = (note: string) => {
        const opened = openCheckpoint(note, logKey, DRIVE);
        if (!opened.ok) throw new Error(opened.problem);
        return opened.checkpoint;
      };
      let last = open((await it_.send('GET', `/v1/log/${DRIVE}/checkpoint`)).text);
      const all: { submission: Submission; receipt: Receipt }[] = [];
      for (const count of [1, 3, 50, 50, 50, 50, 50, 41]) {
        const items = Array.from({ length: count }, () => it_.sample(someone));
        const outcomes = await it_.submit(...items);
        items.forEach(({ submission }, index) => all.push({ submission, receipt: receiptOf(outcomes[index]) }));
        const next = open((await it_.send('GET', `/v1/log/${DRIVE}/checkpoint`)).text);
        expect(next.size).toBe(last.size + count);
        if (last.size > 0) {
          const { hashes } = (await it_.send('GET', `/v1/log/${DRIVE}/consistency?from=${last.size}&to=${next.size}`)).json;
          expect(verifyConsistency(last.size, next.size, last.root, next.root, hashes.map(fromBase64))).toEqual({ ok: true });
        }
        last = next;
      }
      // Every fifth receipt at the newest size and at the size that it was given for.
      for (const { submission, receipt } of all.filter((_, index) => index % 5 === 0)) {
        for (const note of [receipt.checkpoint, (await it_.send('GET', `/v1/log/${DRIVE}/checkpoint`)).text]) {
          const proof = (await it_.send('GET', `/v1/log/${DRIVE}/proof?leaf=${receipt.leafIndex}&size=${open(note).size}`)).json;
          expect(verifyReceipt(submission, { ...receipt, checkpoint: note }, logKey, proof)).toMatchObject({ ok: true });
        }
      }
    });

    it.each(['proof?leaf=0&size=999999', 'proof?leaf=5&size=5', 'proof?leaf=-1&size=5', 'proof?leaf=0', 'proof?leaf=0&size=1e3x', 'consistency?from=0&to=1', 'consistency?from=2&to=1', 'consistency?from=1&to=99999999999999999999'])('refuses %s', async (query) => {
      const reply = await it_.send('GET', `/v1/log/${DRIVE}/${query}`);
      expect([reply.status, reply.json.type]).toEqual([400, 'urn:attune:problem:invalid']);
    });

    it('that somebody has changed is found out', async () => {
      const someone = await it_.agree();
      const { submission } = it_.sample(someone);
      const receipt = receiptOf((await it_.submit({ submission }))[0]);
      const gone = it_.sample(someone);
      await it_.submit(gone);
      await it_.withdraw({ what: 'submission', drive: DRIVE, id: gone.submission.id, secret: gone.secret });
      const key = openKey(it_.data, {});
      const faults = () => examineLog(it_.db, DRIVE, key);
      expect(await faults()).toEqual([]);

      const { record } = await it_.db.selectFrom('submission').select('record').where('id', '=', submission.id).executeTakeFirstOrThrow();
      await sql`UPDATE submission SET record = jsonb_set(record, '{context,localeJudged}', '"fr-FR"') WHERE id = ${submission.id}`.execute(it_.db);
      expect(await faults()).toEqual([`submission ${submission.id} is not what was logged`]);
      // A forger who knows the code makes the row fit; the log still knows better.
      const { nonce } = await it_.db.selectFrom('submission').select('nonce').where('id', '=', submission.id).executeTakeFirstOrThrow();
      const forged = bytesToHex(leafHash(leafData(nonce, { ...submission, context: { ...submission.context, localeJudged: 'fr-FR' } })));
      await it_.db.updateTable('submission').set({ leaf_hash: forged }).where('id', '=', submission.id).execute();
      expect(await faults()).toEqual([`leaf ${receipt.leafIndex} in the log is not that of submission ${submission.id}`]);
      await it_.db.updateTable('submission').set({ record: JSON.stringify(record) as never, leaf_hash: receipt.leafHash }).where('id', '=', submission.id).execute();
      expect(await faults()).toEqual([]);

      const run = await it_.db.selectFrom('log_leaf').selectAll().orderBy('first_index', 'desc').limit(1).executeTakeFirstOrThrow();
      const changed = Buffer.from(run.hashes);
      changed[0]! ^= 1;
      await it_.db.updateTable('log_leaf').set({ hashes: changed }).where('first_index', '=', run.first_index).execute();
      expect(await faults()).toEqual(['the stored leaves do not give the root that was signed']);
      await it_.db.updateTable('log_leaf').set({ hashes: run.hashes }).where('first_index', '=', run.first_index).execute();

      const entry = await it_.db.selectFrom('withdrawal').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow();
      await it_.db.updateTable('withdrawal').set({ line: entry.line.replace(/"id":"./, '"id":"x') }).where('seq', '=', entry.seq).execute();
      expect((await faults()).join()).toMatch(/withdrawals list: wrong-signature/);
      await it_.db.deleteFrom('withdrawal').where('seq', '=', entry.seq).execute();
      expect((await faults()).join()).toMatch(/withdrawals were counted/);
      await it_.db.insertInto('withdrawal').values(entry).execute();
      expect(await faults()).toEqual([]);
    });
  });

  describe('releases', () => {
    it('get what may be used, under what is allowed now', async () => {
      const start = new Date();
      const wide = await it_.agree({ purposes: ['evaluate', 'train', 'publish-text', 'demographics'] });
      await it_.send('PUT', '/v1/demographics', { drive: DRIVE, participant: wide.participant, consent: wide.consent.id, secret: wide.secret, demographics: { ageBand: '60+', gender: 'man', locale: 'de-DE', familiarity: 'native' } });
      const gone = await it_.agree();
      const [first, second, third] = [it_.sample(wide), it_.sample(wide), it_.sample(gone)];
      await it_.submit(first, second, third);
      const rows = async () => {
        const all = [];
        for await (const row of releaseRows(it_.db, DRIVE)) if (row.acceptedAt >= new Date(Math.min(start.getTime(), it_.clock.now.getTime())) && [wide, gone].some(({ participant }) => participant === row.record.participant)) all.push(row);
        return all;
      };
      expect((await rows()).map(({ purposes, demographics }) => ({ purposes, age: demographics?.ageBand }))).toEqual([
        { purposes: ['evaluate', 'train', 'publish-text', 'demographics'], age: '60+' },
        { purposes: ['evaluate', 'train', 'publish-text', 'demographics'], age: '60+' },
        { purposes: ['evaluate', 'publish-labels'], age: undefined },
      ]);
      // Taking purposes back takes them back for what was sent before; adding one adds nothing to it.
      await it_.agree({ same: wide, purposes: ['evaluate', 'publish-labels'], replaces: wide.consent.id });
      await it_.withdraw({ what: 'everything', drive: DRIVE, participant: gone.participant, secret: gone.secret });
      expect((await rows()).map(({ record, purposes, demographics }) => [record.id, purposes, demographics])).toEqual([
        [first.submission.id, ['evaluate'], null],
        [second.submission.id, ['evaluate'], null],
      ]);
    });
  });

  describe('time', () => {
    it('ends consents, deletes old rows and forgets used tasks', async () => {
      const now = it_.clock.now;
      it_.clock.now = new Date(now.getTime() - 390 * DAY_MS);
      await it_.db.updateTable('drive').set({ settings: sql`jsonb_set(settings, '{retentionDays}', '380')` }).execute();
      try {
        const someone = await it_.agree();
        const old = it_.sample(someone, { id: uuidv7({ msecs: it_.clock.now.getTime() }), createdOn: it_.clock.now.toISOString().slice(0, 10) });
        receiptOf((await it_.submit(old))[0]);
        it_.clock.now = now;
        await it_.db.insertInto('used_work').values({ work_id: randomUUID(), expires_at: new Date(now.getTime() - 1000) }).execute();
        expect(await expireConsents(it_.db, now)).toBe(1);
        expect(await purge(it_.db, now)).toBe(1);
        expect(await forgetWork(it_.db, now)).toBe(1);
        expect(await it_.db.selectFrom('submission').select('id').where('id', '=', old.submission.id).execute()).toEqual([]);
        expect((await it_.db.selectFrom('consent').select('state').where('consent_id', '=', someone.consent.id).executeTakeFirstOrThrow()).state).toBe('ConsentExpired');
        // Nothing to do a second time; the log is as it was.
        expect([await expireConsents(it_.db, now), await purge(it_.db, now), await forgetWork(it_.db, now)]).toEqual([0, 0, 0]);
        expect(await examineLog(it_.db, DRIVE, openKey(it_.data, {}))).toEqual([]);
      } finally {
        it_.clock.now = now;
        await it_.db.updateTable('drive').set({ settings: sql`jsonb_set(settings, '{retentionDays}', '1095')` }).execute();
      }
    });
  });

  it('logs what happened and nothing about whom or what', async () => {
    const someone = await it_.agree();
    const { submission, secret } = it_.sample(someone);
    await it_.submit({ submission });
    await it_.withdraw({ what: 'submission', drive: DRIVE, id: submission.id, secret });
    await it_.send('POST', '/v1/consents', { participant: someone.participant, secret: someone.secret });
    const log = logged.join('');
    expect(log).toMatch(/"route":"\/v1\/submissions","status":"200"/);
    for (const secretThing of [someone.participant, someone.secret, someone.consent.id, submission.id, secret, submission.excerpt!.text, submission.feedback.comment!, '127.0.0.1', 'user-agent']) expect(log.split('\n').filter((line) => !line.includes('Server listening')).join('\n')).not.toContain(secretThing);
    expect(deletionKey(secret, submission.id)).toBe(submission.deletionKey);
  });

  describe('two collectors on one database', () => {
    it('share the log, the idempotency and the used proofs of work', async () => {
      const work = { cost: 1, prefix: '0' };
      const first = await testCollector({ databaseUrl: it_.collector.databaseUrl, data: it_.data, settings: { work, limits: { requestsPerMinute: 0 } } });
      const second = await testCollector({ databaseUrl: it_.collector.databaseUrl, data: it_.data, settings: { work, limits: { requestsPerMinute: 0 } } });
      try {
        const solved = async () => {
          const challenge = (await first.send('GET', '/v1/challenge')).json;
          const solution = await solveChallenge({ challenge, deriveKey });
          return { challenge, header: Buffer.from(JSON.stringify({ challenge, solution })).toString('base64') };
        };
        const someone = await it_.agree();
        const { submission } = it_.sample(someone);
        const post = (at: TestCollector, header: string | undefined, body: unknown = { submissions: [submission] }) => at.send('POST', '/v1/submissions', body, header === undefined ? {} : { 'x-attune-work': header });
        expect((await post(first, undefined)).status).toBe(428);
        const { header, challenge } = await solved();
        const [one, two] = await Promise.all([post(first, header), post(second, header)]);
        expect([one.status, two.status].sort()).toEqual([200, 428]);
        expect((await post(second, (await solved()).header)).json.outcomes[0].outcome).toBe('replayed');
        for (const forged of ['nonsense', Buffer.from('{}').toString('base64'), Buffer.from(JSON.stringify({ challenge, solution: { counter: 1, derivedKey: '0'.repeat(64) } })).toString('base64'), Buffer.from(JSON.stringify({ challenge: { ...challenge, parameters: { ...challenge.parameters, keyPrefix: '0', cost: 1, expiresAt: Number(challenge.parameters.expiresAt) + 9999 } }, solution: await solveChallenge({ challenge, deriveKey }) })).toString('base64'), 'A'.repeat(5000)])
          expect((await post(first, forged)).status).toBe(428);
        // Withdrawing stays as easy as it is.
        expect((await first.withdraw({ what: 'everything', drive: DRIVE, participant: someone.participant, secret: someone.secret })).status).toBe(200);

        const people = await Promise.all([it_.agree(), it_.agree()]);
        const items = Array.from({ length: 200 }, (_, index) => it_.sample(people[index % 2]!));
        const sent = await Promise.all(Array.from({ length: 20 }, async (_, index) => post(index % 2 === 0 ? first : second, (await solved()).header, { submissions: items.slice(index * 10, index * 10 + 10).map(({ submission }) => submission) })));
        const receipts = sent.flatMap(({ json }) => json.outcomes as SubmissionOutcome[]).map(receiptOf);
        expect(new Set(receipts.map(({ leafIndex }) => leafIndex)).size).toBe(200);
        expect(await examineLog(it_.db, DRIVE, openKey(it_.data, {}))).toEqual([]);
      } finally {
        await first.stop();
        await second.stop();
      }
    });
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

