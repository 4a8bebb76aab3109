/**
 * Reviews that were made, by conversation and text: long chats unmount the answers that are out of sight, and those that
 * come back need no second review. Never across conversations, because each can be for somebody else. Pure.
 */
import { Lru } from '../lru.ts';
import type { AnchoredReview } from './anchored-review.ts';

/** Enough for a very long chat. */
const CACHE_SIZE = 500;

export class ReviewCache {
  private readonly reviews = new Lru<AnchoredReview>(CACHE_SIZE);

  get isEmpty(): boolean {
    return this.reviews.size === 0;
  }

  get(conversation: string | null, hash: string): AnchoredReview | undefined {
    return this.reviews.get(keyOf(conversation, hash));
  }

  set(conversation: string | null, hash: string, review: AnchoredReview): void {
    this.reviews.set(keyOf(conversation, hash), review);
  }

  /** A conversation without a name got one: what is known about it holds under the name too. */
  nameConversation(conversation: string): void {
    const nameless = keyOf(null, '');
    for (const key of this.reviews.keys()) {
      const review = key.startsWith(nameless) ? this.reviews.get(key) : undefined;
      if (review) this.set(conversation, key.slice(nameless.length), review);
    }
  }

  clear(): void {
    this.reviews.clear();
  }
}

function keyOf(conversation: string | null, hash: string): string {
  return `${conversation ?? ''}|${hash}`;
}
