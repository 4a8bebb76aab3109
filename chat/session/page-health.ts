/** What the drift watch wants to know about a page, read from it. */
import type { PageHealth } from '../drift.ts';
import { firstMatches } from '../selectors.ts';
import type { Site } from '../sites/index.ts';
import type { Entry } from './entry.ts';

/** What the session knows without asking the page. */
export interface KnownHealth extends Pick<PageHealth, 'now' | 'conversation' | 'isWriting'> {
  readonly entries: readonly Entry[];
}

/** The page is searched only where no answer was found; anywhere else it would be a search on every look for nothing. */
export function pageHealth(document: Document, site: Site, { entries, ...known }: KnownHealth): PageHealth {
  const isEmpty = entries.length === 0;
  return {
    ...known,
    responses: entries.length,
    withoutContent: entries.filter(({ state }) => state.type === 'skipped' && state.reason === 'no-content').length,
    hasUserTurn: isEmpty && firstMatches(document, site.optional.user).length > 0,
    hasComposer: isEmpty && firstMatches(document, site.optional.composer).length > 0,
    hasWordlessTurn: isEmpty && hasWordlessTurn(document, site),
  };
}

/** Image turns have a wrapper and no answer: nothing is wrong with such a page. */
function hasWordlessTurn(document: Document, site: Site): boolean {
  return firstMatches(document, site.optional.turn).some((turn) => turn.querySelector('img, canvas, video, iframe') !== null);
}
