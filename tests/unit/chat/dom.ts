/** Loads our invented chat pages into the test's own document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SITES, type Site } from '../../../chat/sites/index.ts';
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
