/**
 * Marks on the page through the CSS Custom Highlight API: the page's DOM is not touched. One registry entry for each
 * family of findings and one for the mark that is open. Every painting replaces all ranges, because a Range whose node was
 * removed collapses silently and would stay in the registry for ever.
 */
import { FAMILIES, type Family } from '../review/types.ts';

export const ACTIVE = 'attune-active';

/** The name in the registry and in highlights.css. */
export function highlightName(family: Family): string {
  return `attune-${family}`;
}

/** What we need of `Highlight`. */
export interface HighlightLike {
  priority: number;
  readonly size: number;
  add(range: AbstractRange): unknown;
  clear(): void;
}

/** What we need of `CSS.highlights`, and the way to make an entry; injected in tests. */
export interface HighlightApi {
  set(name: string, highlight: HighlightLike): unknown;
  get(name: string): HighlightLike | undefined;
  delete(name: string): boolean;
  create(): HighlightLike;
}

/** The browser's registry, or why there is none. The probe writes and reads back: some engines have the names only. */
export function highlightApi():
  { readonly type: 'api'; readonly api: HighlightApi } | { readonly type: 'none'; readonly reason: 'unsupported' | 'not-writable' } {
  if (typeof CSS === 'undefined' || !('highlights' in CSS) || typeof Highlight === 'undefined')
    return { type: 'none', reason: 'unsupported' };
  const registry = CSS.highlights;
  const api: HighlightApi = {
    set: (name, highlight) => registry.set(name, highlight as Highlight),
    get: (name) => registry.get(name),
    delete: (name) => registry.delete(name),
    create: () => new Highlight(),
  };
  const probe = 'attune-probe';
  try {
    api.set(probe, api.create());
    const works = api.get(probe) !== undefined;
    api.delete(probe);
    return works ? { type: 'api', api } : { type: 'none', reason: 'not-writable' };
  } catch {
    return { type: 'none', reason: 'not-writable' };
  }
}

/** Paints ranges by family. Ranges are replaced as a whole at each painting. */
export class HighlightPainter {
  private readonly api: HighlightApi;

  constructor(api: HighlightApi) {
    this.api = api;
  }

  /** Shows exactly these ranges. */
  paint(ranges: ReadonlyMap<Family, readonly Range[]>): void {
    FAMILIES.forEach((family, order) => this.replace(highlightName(family), ranges.get(family) ?? [], order));
  }

  /** Shows one mark as open, or none. */
  paintActive(range: Range | null): void {
    this.replace(ACTIVE, range ? [range] : [], FAMILIES.length);
  }

  /** Takes everything of ours out of the registry. */
  clear(): void {
    for (const family of FAMILIES) this.api.delete(highlightName(family));
    this.api.delete(ACTIVE);
  }

  private replace(name: string, ranges: readonly Range[], priority: number): void {
    const live = ranges.filter((range) => !range.collapsed && range.startContainer.isConnected);
    const existing = this.api.get(name);
    if (live.length === 0) {
      existing?.clear();
      if (existing) this.api.delete(name);
      return;
    }
    const highlight = existing ?? this.api.create();
    highlight.clear();
    highlight.priority = priority;
    for (const range of live) highlight.add(range);
    if (!existing) this.api.set(name, highlight);
  }
}
