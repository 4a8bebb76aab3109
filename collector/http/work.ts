/** Proof of work for anonymous writers (altcha): a price on each request, paid once, whichever collector is asked. */
import { type Challenge, createChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';
import { type Settings } from '../config/settings.ts';
import { type CollectorKey } from '../log/key.ts';
import { type Database } from '../store/tables.ts';
import { repeatable } from '../store/transaction.ts';

const ALGORITHM = 'PBKDF2/SHA-256';
const LIFE_MS = 10 * 60_000;
const LONGEST_HEADER = 4000;

/** Only what we made ourselves; the signature says that we did. */
const payloadSchema = z.object({
  challenge: z.object({
    parameters: z.object({ algorithm: z.literal(ALGORITHM), nonce: z.string().regex(/^[0-9a-f]{32}$/), salt: z.string().regex(/^[0-9a-f]{32}$/), cost: z.int().min(1), keyLength: z.literal(32), keyPrefix: z.string().regex(/^[0-9a-f]{1,8}$/), expiresAt: z.int() }),
    signature: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  solution: z.object({ counter: z.int().min(0).max(0xffffffff), derivedKey: z.string().regex(/^[0-9a-f]{64}$/) }),
});

export type WorkCheck = { ok: true } | { ok: false; detail: string };

export interface Work {
  /** Null where no work is asked for. */
  challenge: () => Promise<Challenge | null>;
  /** @param header base64 of the JSON `{challenge, solution}` */
  check: (header: unknown) => Promise<WorkCheck>;
}

const AGAIN = 'Fetch a new task from /v1/challenge.';
const refused = (detail: string): WorkCheck => ({ ok: false, detail });

export function makeWork(work: Settings['work'], key: CollectorKey, db: Database, now: () => Date): Work {
  if (work === 'off') return { challenge: async () => null, check: async () => ({ ok: true }) };
  const hmacSignatureSecret = key.derive('proof-of-work');
  return {
    challenge: () => createChallenge({ algorithm: ALGORITHM, cost: work.cost, keyPrefix: work.prefix, deriveKey, hmacSignatureSecret, expiresAt: new Date(now().getTime() + LIFE_MS) }),
    check: async (header) => {
      if (typeof header !== 'string' || header.length > LONGEST_HEADER) return refused('The header x-attune-work must carry the solution of a task from /v1/challenge.');
      const payload = parse(header);
      if (payload === null) return refused(`The proof of work cannot be read. ${AGAIN}`);
      const { challenge, solution } = payload;
      // The same order of keys as was signed is made by the library.
      const { verified, expired } = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret });
      if (expired) return refused(`The task has run out. ${AGAIN}`);
      if (!verified) return refused(`The proof of work is wrong. ${AGAIN}`);
      const { numInsertedOrUpdatedRows } = await repeatable(() =>
        db
          .insertInto('used_work')
          .values({ work_id: challenge.parameters.nonce, expires_at: new Date(challenge.parameters.expiresAt * 1000) })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst(),
      );
      return numInsertedOrUpdatedRows === 1n ? { ok: true } : refused(`This proof of work was used before. ${AGAIN}`);
    },
  };
}

function parse(header: string): z.infer<typeof payloadSchema> | null {
  try {
    return payloadSchema.safeParse(JSON.parse(Buffer.from(header, 'base64').toString('utf8'))).data ?? null;
  } catch {
    return null;
  }
}
