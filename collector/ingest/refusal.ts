/** Reasons why something is not taken, in the words of the interface. */
import { type Problem } from '../../feedback/schema/index.ts';

export interface Refusal {
  ok: false;
  problem: Problem;
  detail: string;
}

export const refuse = (problem: Problem, detail: string): Refusal => ({ ok: false, problem, detail });

const DAY_MS = 86_400_000;
/** Clocks are wrong, but not by more than this. */
const MOST_AHEAD_MS = DAY_MS;
/** Older items belong to consents that have run out, and their ids to partitions that are closed. */
const MOST_BEHIND_MS = 400 * DAY_MS;

/** The millisecond that a UUIDv7 begins with (RFC 9562 §5.7). */
export const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

/** Refuses what claims to be from the far future, or from long ago. */
export function checkTime(what: string, time: number, now: Date): Refusal | null {
  if (time > now.getTime() + MOST_AHEAD_MS) return refuse('invalid', `${what} is more than a day in the future. Set the clock.`);
  if (time < now.getTime() - MOST_BEHIND_MS) return refuse('invalid', `${what} is more than 400 days ago.`);
  return null;
}
