/** What a site shows at an answer besides its text: that it is being written, that it is complete, its id. */
import { anyMatch } from '../selectors.ts';
import type { Site } from '../sites/index.ts';

/** The answer's own mark says that it is being written. */
export function isWriting(element: Element, site: Site): boolean {
  const { onNode } = site.streaming;
  if (onNode.length === 0) return false;
  const selector = onNode.join(',');
  return element.matches(selector) || element.querySelector(selector) !== null;
}

/** The site's own sign that the answer is complete; it can stand beside the answer, in the turn around it. */
export function isDone(element: Element, site: Site): boolean {
  const { done, turn } = site.optional;
  if (done.length === 0) return false;
  const whole = turn.length === 0 ? element : (element.closest(turn.join(',')) ?? element);
  return element.matches(done.join(',')) || anyMatch(whole, done);
}

/** The site's own id of an answer; null where it has none. */
export function messageIdOf(element: Element, site: Site): string | null {
  const { messageId } = site.optional;
  if (messageId === null) return null;
  const holder = element.closest(messageId.selector) ?? element.querySelector(messageId.selector);
  return holder?.getAttribute(messageId.attribute) || null;
}
