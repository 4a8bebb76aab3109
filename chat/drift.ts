/**
 * Notices that a site has changed so much that nothing can be read. Pure. Says so once for each conversation, and only
 * after the page had time: a false alarm teaches people to ignore alarms.
 */

export type DriftReason =
  /** There is a conversation, but no node that would be an answer. */
  | { readonly type: 'no-response'; readonly seen: 'user-turn' | 'composer' }
  /** There are answers, and none of them has a text root we know. */
  | { readonly type: 'no-content'; readonly responses: number };

export interface PageHealth {
  readonly now: number;
  readonly conversation: string | null;
  readonly responses: number;
  /** Finished responses without a text root. */
  readonly withoutContent: number;
  readonly hasUserTurn: boolean;
  readonly hasComposer: boolean;
  /** Assistant turns without any text, such as images: their lack of an answer is right. */
  readonly hasWordlessTurn: boolean;
  readonly isWriting: boolean;
}

/** How long a page may look broken: answers load late, and the first words of an answer take their time. */
export const DRIFT_AFTER_MS = 10_000;

export class DriftWatch {
  private since: number | null = null;
  private conversation: string | null = null;
  private reported: string | null = null;

  /** One look at the page; a reason when it has looked wrong for long enough and was not yet reported. */
  look(health: PageHealth): DriftReason | null {
    if (health.conversation !== this.conversation) {
      this.conversation = health.conversation;
      this.since = null;
    }
    const reason = suspicion(health);
    if (reason === null || health.isWriting) {
      this.since = null;
      return null;
    }
    this.since ??= health.now;
    const about = `${health.conversation ?? ''} ${reason.type}`;
    if (health.now - this.since < DRIFT_AFTER_MS || this.reported === about) return null;
    this.reported = about;
    return reason;
  }
}

function suspicion(health: PageHealth): DriftReason | null {
  if (health.responses > 0) return health.withoutContent === health.responses ? { type: 'no-content', responses: health.responses } : null;
  if (health.hasWordlessTurn) return null;
  if (health.hasUserTurn) return { type: 'no-response', seen: 'user-turn' };
  // A composer alone is a new chat, unless the address names a conversation.
  return health.hasComposer && health.conversation !== null ? { type: 'no-response', seen: 'composer' } : null;
}
