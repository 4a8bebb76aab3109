/** A collector in memory that keeps the contract's promises, with a network that loses requests and answers. For unit tests only. */
import { getPublicKey, sign } from '@noble/ed25519';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { CollectorClient, Reply } from '../../../feedback/client/client.ts';
import { deletionKey, leafData } from '../../../feedback/log/keys.ts';
import { append, EMPTY_FRONTIER, leafHash, root } from '../../../feedback/log/merkle.ts';
import { formatCheckpoint, formatLogKey, signNote, type NoteSigner } from '../../../feedback/log/note.ts';
import type * as z from 'zod';
import type { Receipt, SubmissionOutcome, withdrawalReply } from '../../../feedback/schema/api.ts';
import type { ConsentRequest } from '../../../feedback/schema/consent.ts';
import { submission as submissionSchema, type Submission } from '../../../feedback/schema/submission.ts';

/** What happens to one request on its way. */
export type Weather = 'fine' | 'request-lost' | 'answer-lost' | 'busy';

export class StandIn {
  readonly consents = new Map<string, ConsentRequest>();
  readonly rows = new Map<string, { readonly record: string; readonly receipt: Receipt }>();
  readonly withdrawn = new Set<string>();
  readonly demographics = new Map<string, unknown>();
  /** Ids in the order in which they were taken; twice would be a fault. */
  readonly taken: string[] = [];
  readonly batches: number[] = [];
  requests = 0;
  mostADay = Infinity;
  refuseConsent = false;
  weather: () => Weather = () => 'fine';
  readonly #key: NoteSigner;
  #log = EMPTY_FRONTIER;

  constructor(drive = 'open', seed = 7) {
    const secretKey = new Uint8Array(32).fill(seed);
    this.#key = { name: `stand-in.example/${drive}`, publicKey: getPublicKey(secretKey), sign: (message) => sign(message, secretKey) };
  }

  get logKey(): string {
    return formatLogKey(this.#key);
  }

  client(): CollectorClient {
    const ok = <T>(value: T): Reply<T> => ({ type: 'ok', value });
    const no = (problem: 'consent-missing' | 'consent-not-valid' | 'unknown', status: number): Reply<never> => ({ type: 'refused', status, problem, detail: problem });
    return {
      readDrive: () => Promise.reject(new Error('not used')),
      readNotice: () => Promise.reject(new Error('not used')),
      readProof: () => Promise.reject(new Error('not used')),
      giveConsent: (request) =>
        this.#travel(() => {
          if (this.refuseConsent) return no('consent-not-valid', 403);
          this.consents.set(request.id, request);
          return ok({ receipt: { '@type': 'dpv:ConsentReceipt' as const }, state: 'ConsentGiven' });
        }),
      submit: (records) =>
        this.#travel(() => {
          this.batches.push(records.length);
          return ok(records.map((record) => this.#take(record)));
        }),
      putDemographics: (request) =>
        this.#travel(() => {
          this.demographics.set(request.participant, request.demographics);
          return ok(null);
        }),
      withdraw: (request) =>
        this.#travel((): Reply<z.infer<typeof withdrawalReply>> => {
          if (request.what === 'submission') {
            const row = this.rows.get(request.id);
            if (!row && !this.withdrawn.has(request.id)) return no('unknown', 404);
            if (row && (JSON.parse(row.record) as Submission).deletionKey !== deletionKey(request.secret, request.id)) return no('unknown', 404);
            this.rows.delete(request.id);
            this.withdrawn.add(request.id);
            return ok({ withdrawn: [request.id], consent: 'unchanged' });
          }
          const own = [...this.consents.values()].filter(({ participant, deletionKey: key }) => participant === request.participant && key === deletionKey(request.secret, participant));
          if (own.length === 0) return no('unknown', 404);
          const ids = [...this.rows].filter(([, { record }]) => (JSON.parse(record) as Submission).participant === request.participant).map(([id]) => id);
          for (const id of ids) {
            this.rows.delete(id);
            this.withdrawn.add(id);
          }
          for (const { id } of own) this.consents.delete(id);
          return ok({ withdrawn: ids, consent: 'ConsentWithdrawn' });
        }),
    };
  }

  async #travel<T>(work: () => Reply<T>): Promise<Reply<T>> {
    const weather = this.weather();
    const later: Reply<T> = { type: 'later', reason: weather, afterMs: null };
    await Promise.resolve();
    if (weather === 'request-lost' || weather === 'busy') return later;
    this.requests += 1;
    const reply = work();
    return weather === 'answer-lost' ? later : reply;
  }

  #take(record: string): SubmissionOutcome {
    const submission = submissionSchema.parse(JSON.parse(record));
    const { id } = submission;
    const before = this.rows.get(id);
    const refused = (status: number, problem: 'mismatch' | 'withdrawn' | 'consent-missing' | 'too-many'): SubmissionOutcome => ({ outcome: 'refused', id, status, problem, detail: problem });
    if (this.withdrawn.has(id)) return refused(410, 'withdrawn');
    if (before) return before.record === record ? { outcome: 'replayed', id, receipt: before.receipt } : refused(409, 'mismatch');
    if (!this.consents.has(submission.consent)) return refused(403, 'consent-missing');
    if (this.taken.length >= this.mostADay) return refused(429, 'too-many');
    const nonce = btoa(String.fromCharCode(...new Uint8Array(32).fill(this.taken.length + 1))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const leaf = leafHash(leafData(nonce, submission));
    const leafIndex = this.#log.size;
    this.#log = append(this.#log, [leaf]);
    const checkpoint = signNote(formatCheckpoint({ origin: this.#key.name, size: this.#log.size, root: root(this.#log) }), this.#key);
    const receipt: Receipt = { id, drive: submission.drive, acceptedAt: new Date(0).toISOString(), nonce, leafIndex, leafHash: bytesToHex(leaf), checkpoint };
    this.rows.set(id, { record, receipt });
    this.taken.push(id);
    return { outcome: 'accepted', id, receipt };
  }
}
