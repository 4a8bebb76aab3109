/** Where a badge goes: beside the answer's upper end corner, within what the page shows of the answer. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 8;

/**
 * The badge's place in the viewport, or null when the answer is out of view. Outside the answer's end edge if there is room, else across its
 * upper corner. While the answer's beginning is scrolled away, the badge stays at the top of the visible part.
 */
export function badgePosition(answer: Box, clip: Box, badge: Size, direction: 'ltr' | 'rtl'): { x: number; y: number } | null {
  const top = Math.max(answer.top, clip.top + GAP);
  const lowest = Math.min(answer.bottom, clip.bottom) - badge.height;
  if (top > lowest || answer.right <= clip.left || answer.left >= clip.right) return null;
  const outside = direction === 'ltr' ? answer.right + GAP : answer.left - GAP - badge.width;
  const fits = outside >= clip.left && outside + badge.width <= clip.right - GAP / 2;
  if (fits) return { x: outside, y: top };
  const inside = direction === 'ltr' ? Math.min(answer.right, clip.right) - badge.width : Math.max(answer.left, clip.left);
  // Half above the first line, so that it covers as little of the text as possible.
  const y = Math.max(clip.top, answer.top - badge.height / 2);
  return { x: inside, y: answer.top >= clip.top ? y : top };
}

/** What is left of the viewport after the page's own scroll containers have cut it. */
export function visibleBox(scrollers: readonly Element[], viewport: Box): Box {
  return scrollers.reduce<Box>((box, element) => {
    const rect = element.getBoundingClientRect();
    return { left: Math.max(box.left, rect.left), top: Math.max(box.top, rect.top), right: Math.min(box.right, rect.right), bottom: Math.min(box.bottom, rect.bottom) };
  }, viewport);
}

/** The ancestors that scroll or clip. Computed once per answer: reading styles is the expensive part. */
export function scrollersOf(element: Element): Element[] {
  const found: Element[] = [];
  for (let node: Element | null = parentOf(element); node && node !== node.ownerDocument.documentElement; node = parentOf(node)) {
    const { overflowX, overflowY } = getComputedStyle(node);
    if (/auto|scroll|hidden|clip/.test(overflowX + overflowY) && node !== node.ownerDocument.body) found.push(node);
  }
  return found;
}

function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
