/** Our invented chat pages in the test's own document, and stand-ins for what that document lacks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SITES, type Site } from '../../../chat/sites/index.ts';
import type { HighlightApi, HighlightLike } from '../../../chat/highlights.ts';
import { firstMatches } from '../../../chat/selectors.ts';

export function site(id: string): Site {
  const found = SITES.find((each) => each.id === id);
  if (!found) throw new Error(`no site ${id}`);
  return found;
}

export function load(html: string): Document {
  document.documentElement.innerHTML = html.replace(/^[\s\S]*?<html[^>]*>/u, '').replace(/<\/html>\s*$/u, '');
  return document;
}

export function loadFixture(id: string): readonly Element[] {
  load(readFileSync(join(import.meta.dirname, '../../fixtures/chat', `${id}.html`), 'utf8'));
  return firstMatches(document, site(id).required.response);
}

/** A registry of highlights that only remembers. */
export function fakeHighlights(): HighlightApi & {
  readonly registry: Map<string, HighlightLike & { readonly ranges: Set<AbstractRange> }>;
} {
  const registry = new Map<string, HighlightLike & { readonly ranges: Set<AbstractRange> }>();
  return {
    registry,
    set: (name, highlight) => registry.set(name, highlight as never),
    get: (name) => registry.get(name),
    delete: (name) => registry.delete(name),
    create: () => {
      const ranges = new Set<AbstractRange>();
      return {
        ranges,
        priority: 0,
        get size() {
          return ranges.size;
        },
        add: (range) => ranges.add(range),
        clear: () => ranges.clear(),
      } as HighlightLike;
    },
  };
}
