/** Which conversation the page shows, followed by its address: single-page apps change it without loading anything. */
import { conversationOf } from '../site.ts';
import type { Site } from '../sites/index.ts';

export type Move =
  | { readonly type: 'none' }
  /** A new chat gets its address with the first answer: the same conversation, now with a name. */
  | { readonly type: 'named'; readonly conversation: string }
  /** Another conversation, or a new one. */
  | { readonly type: 'elsewhere' };

export class Navigation {
  /** Null: a chat that has no address (yet). */
  conversation: string | null;
  private readonly document: Document;
  private readonly site: Site;
  private href: string;

  constructor(document: Document, site: Site) {
    this.document = document;
    this.site = site;
    const location = this.address();
    this.href = location.href;
    this.conversation = conversationOf(site, location);
  }

  /** Whether the page has gone somewhere since the last look. */
  look(): Move {
    const location = this.address();
    if (location.href === this.href) return { type: 'none' };
    this.href = location.href;
    const before = this.conversation;
    const now = conversationOf(this.site, location);
    if (now === before) return { type: 'none' };
    this.conversation = now;
    return before === null && now !== null ? { type: 'named', conversation: now } : { type: 'elsewhere' };
  }

  private address(): Location {
    return this.document.defaultView?.location ?? this.document.location;
  }
}
