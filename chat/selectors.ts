/** Small helpers on selectors that every part of reading a page shares. */

/** The first selector in the list that matches anything under `root`, with its matches, outermost only and in document order. */
export function firstMatches(root: ParentNode, selectors: readonly string[]): readonly Element[] {
  for (const selector of selectors) {
    const found = root.querySelectorAll(selector);
    if (found.length > 0) return outermost(found);
  }
  return [];
}

/** Whether any of the selectors matches under `root`. */
export function anyMatch(root: ParentNode, selectors: readonly string[]): boolean {
  return selectors.length > 0 && root.querySelector(selectors.join(',')) !== null;
}

/** Drops elements that lie inside an earlier one. The list must be in document order, as `querySelectorAll` gives it. */
export function outermost(elements: Iterable<Element>): readonly Element[] {
  const kept: Element[] = [];
  for (const element of elements) {
    const last = kept.at(-1);
    if (last === undefined || !last.contains(element)) kept.push(element);
  }
  return kept;
}
