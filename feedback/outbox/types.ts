import type { ReceiptProblem } from '../log/receipt.ts';
import type { Demographics } from '../client/client.ts';
import type { DriveInfo, Problem, Receipt, WithdrawalRequest } from '../schema/index.ts';
import type { ConsentRequest } from '../schema/consent.ts';
import type { Submission } from '../schema/submission.ts';

/** Whether a receipt proves what it says. */
export type ReceiptCheck = { readonly ok: true } | { readonly ok: false; readonly problems: readonly ReceiptProblem[] };

/** What became of one piece of feedback. `queued → sending → delivered | refused`, and from anywhere `→ withdrawing → withdrawn`. */
export type ItemState =
  | { readonly type: 'queued'; readonly attempts: number }
  | { readonly type: 'sending'; readonly attempts: number }
  | { readonly type: 'delivered'; readonly at: number; readonly receipt: Receipt; readonly check: ReceiptCheck }
  | { readonly type: 'refused'; readonly at: number; readonly problem: Problem | 'unknown' | 'other'; readonly detail: string }
  | { readonly type: 'withdrawing'; readonly at: number; readonly receipt: Receipt | null }
  | { readonly type: 'withdrawn'; readonly at: number };

export interface Item {
  readonly id: string;
  readonly collector: string;
  readonly drive: string;
  readonly consent: string;
  readonly createdAt: number;
  /** The record in canonical JSON: what the preview showed is what is sent. Null once withdrawn. */
  readonly record: string | null;
  readonly state: ItemState;
}

export type ConsentStatus =
  | { readonly type: 'queued' }
  | { readonly type: 'given'; readonly at: number; readonly receipt: unknown }
  | { readonly type: 'refused'; readonly at: number; readonly problem: Problem | 'unknown' | 'other'; readonly detail: string };

/** What binds this installation to one drive. The secret never leaves it but to withdraw. */
export interface Membership {
  /** `<collector> <drive>` */
  readonly key: string;
  readonly collector: string;
  readonly info: DriveInfo;
  /** The log's key as it was first seen; receipts by another are not believed. */
  readonly logKey: string;
  readonly participant: string;
  readonly secret: string;
  readonly consent: { readonly request: ConsentRequest; readonly status: ConsentStatus };
  readonly demographics: Demographics['demographics'] | null;
}

/** What has to be sent, in this order. Done jobs are gone; their results stand in items and memberships. */
export type Job = {
  readonly seq?: number;
  /** Whom it is for: an Attune that was built for another community sends nothing of it there. */
  readonly collector: string;
} & (
  | { readonly kind: 'consent'; readonly membership: string; readonly request: ConsentRequest }
  | { readonly kind: 'demographics'; readonly request: Demographics }
  | { readonly kind: 'submission'; readonly id: string; readonly consent: string }
  | { readonly kind: 'withdrawal'; readonly request: WithdrawalRequest }
);

/** Why nothing is being sent at the moment, or that nothing is left. */
export type Waiting = { readonly attempts: number; readonly until: number; readonly reason: string };

export interface OutboxView {
  readonly memberships: readonly Membership[];
  /** Newest first. */
  readonly items: readonly Item[];
  readonly paused: boolean;
  readonly waiting: Waiting | null;
  /** Jobs left, withdrawals included. */
  readonly pending: number;
}

export type { Submission };
