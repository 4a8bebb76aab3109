/** The answers on the page: one entry for each response node, in the order of the page, each with a key of its own. */
import type { Changes } from '../page-watcher.ts';
import { firstMatches } from '../selectors.ts';
import type { Site } from '../sites/index.ts';
import { messageIdOf } from './answer-signs.ts';
import { newEntry, type Entry } from './entry.ts';

/** Answers this near to the viewport count as visible. */
const NEAR_VIEWPORT = '200px';

export class AnswerList {
  private readonly document: Document;
  private readonly site: Site;
  private readonly visibility: IntersectionObserver | null;
  private byElement = new Map<Element, Entry>();
  private readonly byKey = new Map<string, Entry>();
  private inOrder: readonly Entry[] = [];
  private serial = 0;

  constructor(document: Document, site: Site) {
    this.document = document;
    this.site = site;
    this.visibility =
      typeof IntersectionObserver === 'undefined'
        ? null
        : new IntersectionObserver((seen) => this.noteVisible(seen), { rootMargin: NEAR_VIEWPORT });
  }

  /** In the order of the page. */
  get entries(): readonly Entry[] {
    return this.inOrder;
  }

  has(entry: Entry): boolean {
    return this.byElement.has(entry.element);
  }

  /** Brings the entries in line with the responses on the page. */
  collect(now: number): { readonly removed: readonly Entry[]; readonly changed: boolean } {
    const before = this.inOrder;
    const byElement = new Map<Element, Entry>();
    const order: Entry[] = [];
    firstMatches(this.document, this.site.required.response).forEach((element, position) => {
      const entry = this.byElement.get(element) ?? this.add(element, now);
      entry.position = position;
      byElement.set(element, entry);
      order.push(entry);
    });
    const removed = before.filter(({ element }) => !byElement.has(element));
    this.byElement = byElement;
    this.inOrder = order;
    // Those that went give their keys back first: an answer that was mounted anew keeps its key.
    for (const entry of removed) this.remove(entry);
    for (const entry of order) if (entry.key === '') this.name(entry);
    return { removed, changed: order.length !== before.length || order.some((entry, i) => entry !== before[i]) };
  }

  /**
   * An answer's key: the site's own id where it has one; else the text, which also survives being unmounted; else the
   * order of appearance. Two answers never have the same. True when the key is a new one.
   */
  name(entry: Entry): boolean {
    const own = messageIdOf(entry.element, this.site) ?? (entry.text === null ? `#${entry.serial}` : `=${entry.text.hash}`);
    const wanted = `${this.site.id}:${own}`;
    const holder = this.byKey.get(wanted);
    const key = holder === undefined || holder === entry ? wanted : `${wanted}~${entry.serial}`;
    if (key === entry.key) return false;
    this.dropKey(entry);
    this.byKey.set(key, entry);
    entry.key = key;
    entry.view = null;
    return true;
  }

  /** Counts what changed at the answers it changed. */
  note(changes: Changes): void {
    if (changes.everything) for (const entry of this.inOrder) entry.version += 1;
    else for (const node of changes.targets) this.noteChange(node);
  }

  stop(): void {
    this.visibility?.disconnect();
    this.byElement.clear();
    this.byKey.clear();
    this.inOrder = [];
  }

  private add(element: Element, now: number): Entry {
    this.visibility?.observe(element);
    // Without an observer nothing can be known: then all are as good as visible.
    return newEntry(element, (this.serial += 1), this.visibility === null, now);
  }

  private remove(entry: Entry): void {
    this.visibility?.unobserve(entry.element);
    this.dropKey(entry);
  }

  private dropKey(entry: Entry): void {
    if (this.byKey.get(entry.key) === entry) this.byKey.delete(entry.key);
  }

  private noteChange(node: Node): void {
    for (let each: Node | null = node; each !== null; each = each.parentNode) {
      const entry = this.byElement.get(each as Element);
      if (entry) {
        entry.version += 1;
        return;
      }
    }
  }

  private noteVisible(seen: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of seen) {
      const entry = this.byElement.get(target);
      if (entry) entry.visible = isIntersecting;
    }
  }
}
