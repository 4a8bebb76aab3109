/**
 * How a rule's level follows from votes: the draft levels of CLDR's vetting (unicode.org/cldr, "Survey Tool process"),
 * with OpenStreetMap's rule that an objection by a local weighs more than a count. Votes stand in `packs/<id>/votes.yaml`.
 */
import { VOTE_WEIGHTS, type Vote } from '../schema/votes.ts';
import { REVIEW_LEVELS, type ReviewLevel } from '../schema/words.ts';

/** Votes needed for "approved": more where a locale has many reviewers. */
export const APPROVAL = { established: 8, other: 4 } as const;

export interface Ballot {
  /** Organisation → what it votes for, with which weight. */
  readonly organisations: ReadonlyMap<string, { readonly value: string; readonly weight: number }>;
  readonly established: boolean;
  readonly oldLevel: ReviewLevel;
}
export interface Outcome {
  readonly winner: string;
  readonly level: ReviewLevel;
  /** Weight for the winner, weight for the next best, organisations for the winner. */
  readonly weight: number;
  readonly next: number;
  readonly organisationsFor: number;
}

/**
 * The winning value and the level it has earned. A tie goes to the value that sorts first.
 * @throws RangeError without votes
 */
export function countVotes({ organisations, established, oldLevel }: Ballot): Outcome {
  const byValue = Map.groupBy(organisations.values(), ({ value }) => value);
  const ranked = [...byValue].map(([value, ballots]) => ({ value, weight: ballots.reduce((sum, { weight }) => sum + weight, 0), organisationsFor: ballots.filter(({ weight }) => weight > 0).length }))
    .sort((a, b) => b.weight - a.weight || (a.value < b.value ? -1 : 1));
  const [winner, second] = ranked;
  if (winner === undefined) throw new RangeError('Nobody has voted.');
  return { winner: winner.value, level: levelOf(winner.weight, second?.weight ?? 0, winner.organisationsFor, established, oldLevel), weight: winner.weight, next: second?.weight ?? 0, organisationsFor: winner.organisationsFor };
}

function levelOf(weight: number, next: number, organisations: number, established: boolean, oldLevel: ReviewLevel): ReviewLevel {
  const beats = weight > next;
  if (beats && weight >= (established ? APPROVAL.established : APPROVAL.other)) return 'approved';
  if (beats && ((weight >= 4 && rank(oldLevel) < rank('contributed')) || (weight >= 2 && organisations >= 2))) return 'contributed';
  if (weight >= next && weight >= 2) return 'provisional';
  return 'draft';
}

const rank = (level: ReviewLevel) => REVIEW_LEVELS.indexOf(level);

/** What may be said of a rule after its votes, and why. */
export interface Standing {
  readonly level: ReviewLevel;
  readonly reason: 'no-votes' | 'counted' | 'kept-old-level' | 'objection-of-a-local' | 'rejected' | 'unsourced';
  readonly outcome: Outcome | null;
}

/**
 * @param cast votes on this rule
 * @param oldLevel level so far: votes never lower it silently
 * @param sourced false when the rule rests on general knowledge only: such a rule stays a draft, whoever likes it
 */
export function standingOf(cast: readonly Vote[], { oldLevel, established, sourced }: { readonly oldLevel: ReviewLevel; readonly established: boolean; readonly sourced: boolean }): Standing {
  if (cast.length === 0) return { level: 'draft', reason: 'no-votes', outcome: null };
  const organisations = new Map<string, { value: string; weight: number }>();
  for (const { organisation, vote: value, role } of cast) {
    const weight = VOTE_WEIGHTS[role];
    if (weight >= (organisations.get(organisation)?.weight ?? -1)) organisations.set(organisation, { value, weight });
  }
  const outcome = countVotes({ organisations, established, oldLevel });
  if (cast.some(({ vote: value, local, role }) => value === 'object' && local && role !== 'locked')) return { level: 'draft', reason: 'objection-of-a-local', outcome };
  if (outcome.winner === 'object') return { level: 'draft', reason: 'rejected', outcome };
  if (!sourced) return { level: 'draft', reason: 'unsourced', outcome };
  if (rank(oldLevel) > rank(outcome.level)) return { level: oldLevel, reason: 'kept-old-level', outcome };
  return { level: outcome.level, reason: 'counted', outcome };
}
