/** A review with an anchor for each of its findings, so that it can be shown on a text that changed a little. Pure. */
import type { Finding, Review, Span } from '../../review/types.ts';
import { makeAnchor, resolveAnchor, type Anchor } from '../anchors.ts';

export interface AnchoredReview {
  readonly review: Review;
  readonly anchors: ReadonlyMap<Finding, Anchor>;
}

/** Anchors a review in the text it was made of. */
export function anchorReview(review: Review, text: string, hash: string): AnchoredReview {
  const anchors = new Map<Finding, Anchor>();
  for (const finding of review.findings) {
    const made = makeAnchor(text, finding, hash);
    if (made) anchors.set(finding, made);
  }
  return { review, anchors };
}

/** Where a finding is in the text of now; null when its words are gone or nothing tells which they are. */
export function spanOf(finding: Finding, { anchors }: AnchoredReview, text: string, hash: string): Span | null {
  const anchor = anchors.get(finding);
  const resolution = anchor && resolveAnchor(anchor, text, hash);
  return resolution?.type === 'found' ? resolution.span : null;
}
