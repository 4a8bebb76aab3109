/** votes.yaml: what reviewers think of a pack's rules, and what a vote weighs. */
import { z } from 'zod';

/** What one person's vote weighs. An organisation counts once, with its weightiest vote: numbers of accounts buy nothing. */
export const VOTE_WEIGHTS = { committee: 50, 'committee-organisation': 6, organisation: 4, guest: 1, locked: 0 } as const;
export type VoterRole = keyof typeof VOTE_WEIGHTS;

export const vote = z.strictObject({
  rule: z.string(),
  vote: z.enum(['accept', 'object']),
  role: z.enum(Object.keys(VOTE_WEIGHTS) as [VoterRole, ...VoterRole[]]),
  organisation: z.string().trim().min(1).max(120),
  /** Name or pseudonym, as the person wants to be known. */
  by: z.string().trim().min(1).max(120),
  on: z.iso.date(),
  /** They say of themselves that they belong to the place or the group that the rule is about. */
  local: z.boolean().default(false),
  why: z.string().trim().min(1).max(600).optional(),
});
export const votes = z.array(vote);
export type Vote = z.infer<typeof vote>;
