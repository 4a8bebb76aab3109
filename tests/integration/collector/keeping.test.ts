/** What a collector keeps: a log that shows every change, what releases may take from it, what time ends, and one truth for two collectors. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { examineLog } from '../../../collector/log/check.ts';
import { openKey } from '../../../collector/log/key.ts';
import { expireConsents, forgetWork, purge } from '../../../collector/jobs/maintenance.ts';
import { releaseRows } from '../../../collector/store/release-source.ts';
import { leafData } from '../../../feedback/log/keys.ts';
import { leafHash, verifyConsistency } from '../../../feedback/log/merkle.ts';
import { fromBase64 } from '../../../feedback/log/note.ts';
import { openCheckpoint, verifyReceipt } from '../../../feedback/log/receipt.ts';
import type { Receipt, Submission, SubmissionOutcome } from '../../../feedback/schema/index.ts';
import { onBothDatabases } from './both-databases.ts';
import { DRIVE, testCollector, type TestCollector } from './harness.ts';
import { receiptOf } from './samples.ts';

const DAY_MS = 86_400_000;

onBothDatabases((its) => {
  describe('log', () => {
    it('grows without ever changing what it said, and proves it', async () => {
      const someone = await its().agree();
      const { logKey } = await its().drive();
      const open = (note: string) => {
        const opened = openCheckpoint(note, logKey, DRIVE);
        if (!opened.ok) throw new Error(opened.problem);
        return opened.checkpoint;
      };
      let last = open((await its().send('GET', `/v1/log/${DRIVE}/checkpoint`)).text);
      const all: { submission: Submission; receipt: Receipt }[] = [];
      for (const count of [1, 3, 50, 50, 50, 50, 50, 41]) {
        const items = Array.from({ length: count }, () => its().sample(someone));
        const outcomes = await its().submit(...items);
        items.forEach(({ submission }, index) => all.push({ submission, receipt: receiptOf(outcomes[index]) }));
        const next = open((await its().send('GET', `/v1/log/${DRIVE}/checkpoint`)).text);
        expect(next.size).toBe(last.size + count);
        if (last.size > 0) {
          const { hashes } = (await its().send('GET', `/v1/log/${DRIVE}/consistency?from=${last.size}&to=${next.size}`)).json;
          expect(verifyConsistency(last.size, next.size, last.root, next.root, hashes.map(fromBase64))).toEqual({ ok: true });
        }
        last = next;
      }
      // Every fifth receipt at the newest size and at the size that it was given for.
      for (const { submission, receipt } of all.filter((_, index) => index % 5 === 0)) {
        for (const note of [receipt.checkpoint, (await its().send('GET', `/v1/log/${DRIVE}/checkpoint`)).text]) {
          const proof = (await its().send('GET', `/v1/log/${DRIVE}/proof?leaf=${receipt.leafIndex}&size=${open(note).size}`)).json;
          expect(verifyReceipt(submission, { ...receipt, checkpoint: note }, logKey, proof)).toMatchObject({ ok: true });
        }
      }
    });

    it.each(['proof?leaf=0&size=999999', 'proof?leaf=5&size=5', 'proof?leaf=-1&size=5', 'proof?leaf=0', 'proof?leaf=0&size=1e3x', 'consistency?from=0&to=1', 'consistency?from=2&to=1', 'consistency?from=1&to=99999999999999999999'])('refuses %s', async (query) => {
      const reply = await its().send('GET', `/v1/log/${DRIVE}/${query}`);
      expect([reply.status, reply.json.type]).toEqual([400, 'urn:attune:problem:invalid']);
    });

    it('that somebody has changed is found out', async () => {
      const someone = await its().agree();
      const { submission } = its().sample(someone);
      const receipt = receiptOf((await its().submit({ submission }))[0]);
      const gone = its().sample(someone);
      await its().submit(gone);
      await its().withdraw({ what: 'submission', drive: DRIVE, id: gone.submission.id, secret: gone.secret });
      const key = openKey(its().data, {});
      const faults = () => examineLog(its().db, DRIVE, key);
      expect(await faults()).toEqual([]);

      const { record } = await its().db.selectFrom('submission').select('record').where('id', '=', submission.id).executeTakeFirstOrThrow();
      await sql`UPDATE submission SET record = jsonb_set(record, '{context,localeJudged}', '"fr-FR"') WHERE id = ${submission.id}`.execute(its().db);
      expect(await faults()).toEqual([`submission ${submission.id} is not what was logged`]);
      // A forger who knows the code makes the row fit; the log still knows better.
      const { nonce } = await its().db.selectFrom('submission').select('nonce').where('id', '=', submission.id).executeTakeFirstOrThrow();
      const forged = bytesToHex(leafHash(leafData(nonce, { ...submission, context: { ...submission.context, localeJudged: 'fr-FR' } })));
      await its().db.updateTable('submission').set({ leaf_hash: forged }).where('id', '=', submission.id).execute();
      expect(await faults()).toEqual([`leaf ${receipt.leafIndex} in the log is not that of submission ${submission.id}`]);
      await its().db.updateTable('submission').set({ record: JSON.stringify(record) as never, leaf_hash: receipt.leafHash }).where('id', '=', submission.id).execute();
      expect(await faults()).toEqual([]);

      const run = await its().db.selectFrom('log_leaf').selectAll().orderBy('first_index', 'desc').limit(1).executeTakeFirstOrThrow();
      const changed = Buffer.from(run.hashes);
      changed[0]! ^= 1;
      await its().db.updateTable('log_leaf').set({ hashes: changed }).where('first_index', '=', run.first_index).execute();
      expect(await faults()).toEqual(['the stored leaves do not give the root that was signed']);
      await its().db.updateTable('log_leaf').set({ hashes: run.hashes }).where('first_index', '=', run.first_index).execute();

      const entry = await its().db.selectFrom('withdrawal').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow();
      await its().db.updateTable('withdrawal').set({ line: entry.line.replace(/"id":"./, '"id":"x') }).where('seq', '=', entry.seq).execute();
      expect((await faults()).join()).toMatch(/withdrawals list: wrong-signature/);
      await its().db.deleteFrom('withdrawal').where('seq', '=', entry.seq).execute();
      expect((await faults()).join()).toMatch(/withdrawals were counted/);
      await its().db.insertInto('withdrawal').values(entry).execute();
      expect(await faults()).toEqual([]);
    });
  });

  describe('releases', () => {
    it('get what may be used, under what is allowed now', async () => {
      const start = new Date();
      const wide = await its().agree({ purposes: ['evaluate', 'train', 'publish-text', 'demographics'] });
      await its().send('PUT', '/v1/demographics', { drive: DRIVE, participant: wide.participant, consent: wide.consent.id, secret: wide.secret, demographics: { ageBand: '60+', gender: 'man', locale: 'de-DE', familiarity: 'native' } });
      const gone = await its().agree();
      const [first, second, third] = [its().sample(wide), its().sample(wide), its().sample(gone)];
      await its().submit(first, second, third);
      const rows = async () => {
        const all = [];
        for await (const row of releaseRows(its().db, DRIVE)) if (row.acceptedAt >= new Date(Math.min(start.getTime(), its().clock.now.getTime())) && [wide, gone].some(({ participant }) => participant === row.record.participant)) all.push(row);
        return all;
      };
      expect((await rows()).map(({ purposes, demographics }) => ({ purposes, age: demographics?.ageBand }))).toEqual([
        { purposes: ['evaluate', 'train', 'publish-text', 'demographics'], age: '60+' },
        { purposes: ['evaluate', 'train', 'publish-text', 'demographics'], age: '60+' },
        { purposes: ['evaluate', 'publish-labels'], age: undefined },
      ]);
      // Taking purposes back takes them back for what was sent before; adding one adds nothing to it.
      await its().agree({ same: wide, purposes: ['evaluate', 'publish-labels'], replaces: wide.consent.id });
      await its().withdraw({ what: 'everything', drive: DRIVE, participant: gone.participant, secret: gone.secret });
      expect((await rows()).map(({ record, purposes, demographics }) => [record.id, purposes, demographics])).toEqual([
        [first.submission.id, ['evaluate'], null],
        [second.submission.id, ['evaluate'], null],
      ]);
    });
  });

  describe('time', () => {
    it('ends consents, deletes old rows and forgets used tasks', async () => {
      const now = its().clock.now;
      its().clock.now = new Date(now.getTime() - 390 * DAY_MS);
      await its().db.updateTable('drive').set({ settings: sql`jsonb_set(settings, '{retentionDays}', '380')` }).execute();
      try {
        const someone = await its().agree();
        const old = its().sample(someone, { id: uuidv7({ msecs: its().clock.now.getTime() }), createdOn: its().clock.now.toISOString().slice(0, 10) });
        receiptOf((await its().submit(old))[0]);
        its().clock.now = now;
        await its().db.insertInto('used_work').values({ work_id: randomUUID(), expires_at: new Date(now.getTime() - 1000) }).execute();
        expect(await expireConsents(its().db, now)).toBe(1);
        expect(await purge(its().db, now)).toBe(1);
        expect(await forgetWork(its().db, now)).toBe(1);
        expect(await its().db.selectFrom('submission').select('id').where('id', '=', old.submission.id).execute()).toEqual([]);
        expect((await its().db.selectFrom('consent').select('state').where('consent_id', '=', someone.consent.id).executeTakeFirstOrThrow()).state).toBe('ConsentExpired');
        // Nothing to do a second time; the log is as it was.
        expect([await expireConsents(its().db, now), await purge(its().db, now), await forgetWork(its().db, now)]).toEqual([0, 0, 0]);
        expect(await examineLog(its().db, DRIVE, openKey(its().data, {}))).toEqual([]);
      } finally {
        its().clock.now = now;
        await its().db.updateTable('drive').set({ settings: sql`jsonb_set(settings, '{retentionDays}', '1095')` }).execute();
      }
    });
  });

  describe('two collectors on one database', () => {
    it('share the log, the idempotency and the used proofs of work', async () => {
      const work = { cost: 1, prefix: '0' };
      const first = await testCollector({ databaseUrl: its().collector.databaseUrl, data: its().data, settings: { work, limits: { requestsPerMinute: 0 } } });
      const second = await testCollector({ databaseUrl: its().collector.databaseUrl, data: its().data, settings: { work, limits: { requestsPerMinute: 0 } } });
      try {
        const solved = async () => {
          const challenge = (await first.send('GET', '/v1/challenge')).json;
          const solution = await solveChallenge({ challenge, deriveKey });
          return { challenge, header: Buffer.from(JSON.stringify({ challenge, solution })).toString('base64') };
        };
        const someone = await its().agree();
        const { submission } = its().sample(someone);
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

        const people = await Promise.all([its().agree(), its().agree()]);
        const items = Array.from({ length: 200 }, (_, index) => its().sample(people[index % 2]!));
        const sent = await Promise.all(Array.from({ length: 20 }, async (_, index) => post(index % 2 === 0 ? first : second, (await solved()).header, { submissions: items.slice(index * 10, index * 10 + 10).map(({ submission }) => submission) })));
        const receipts = sent.flatMap(({ json }) => json.outcomes as SubmissionOutcome[]).map(receiptOf);
        expect(new Set(receipts.map(({ leafIndex }) => leafIndex)).size).toBe(200);
        expect(await examineLog(its().db, DRIVE, openKey(its().data, {}))).toEqual([]);
      } finally {
        await first.stop();
        await second.stop();
      }
    });
  });
});
