/** Solving the collector's proof of work (altcha): a price on each request instead of an account. */
import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

const ALGORITHM = 'PBKDF2/SHA-256';
/** More than a collector may ask: neither a long computation in one step, nor one that never ends. */
const DEAREST_STEP = 200_000;
const LONGEST_MS = 60_000;

/**
 * The value of the header `x-attune-work`: base64 of `{challenge, solution}`. The arithmetic is WebCrypto's, outside the
 * calling thread.
 * @throws {Error} when the task is of another kind, too dear, or not solved in a minute
 */
export async function solveWork(challenge: Challenge, signal: AbortSignal): Promise<string> {
  const { algorithm, cost } = challenge.parameters;
  if (algorithm !== ALGORITHM || !(cost > 0 && cost <= DEAREST_STEP)) throw new Error(`The collector asks for work of another kind (${algorithm}, ${cost}).`);
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const solution = await solveChallenge({ challenge, deriveKey, controller, timeout: LONGEST_MS });
    if (solution === null) throw new Error('The proof of work could not be solved in time.');
    return btoa(JSON.stringify({ challenge, solution: { counter: solution.counter, derivedKey: solution.derivedKey } }));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
