/**
 * Notices that something changed, and where. One MutationObserver on the narrowest root that lasts; its callback only
 * takes notes, all work happens later in short turns.
 */
import type { Site } from './sites/index.ts';
import { firstMatches } from './selectors.ts';

/** Above this many notes it is cheaper to look at everything once than at each. */
const MANY = 1000;

export interface Changes {
  /** Nodes whose content changed; meaningless when `everything`. */
  readonly targets: ReadonlySet<Node>;
  readonly everything: boolean;
  /** Elements came or went, so answers may have too. */
  readonly structure: boolean;
}

export class PageWatcher {
  private readonly document: Document;
  private readonly site: Site;
  private readonly onChange: () => void;
  private readonly observer: MutationObserver;
  private root: Node | null = null;
  private targets = new Set<Node>();
  private everything = false;
  private structure = false;

  constructor(document: Document, site: Site, onChange: () => void) {
    this.document = document;
    this.site = site;
    this.onChange = onChange;
    this.observer = new MutationObserver((records) => {
      this.note(records);
      this.onChange();
    });
    this.ensureRoot();
  }

  /** Observes the root of today: pages replace it when they navigate. True when it is a new one. */
  ensureRoot(): boolean {
    const root = firstMatches(this.document, this.site.optional.root)[0] ?? this.document.body;
    if (root === this.root) return false;
    this.observer.disconnect();
    this.root = root;
    const { attributes } = this.site.streaming;
    this.observer.observe(root, {
      childList: true,
      characterData: true,
      subtree: true,
      ...(attributes.length > 0 ? { attributeFilter: [...attributes] } : {}),
    });
    this.everything = true;
    this.structure = true;
    return true;
  }

  /** What changed since the last call. */
  take(): Changes {
    this.note(this.observer.takeRecords());
    const changes = { targets: this.targets, everything: this.everything, structure: this.structure };
    this.targets = new Set();
    this.everything = false;
    this.structure = false;
    return changes;
  }

  stop(): void {
    this.observer.disconnect();
    this.targets.clear();
  }

  private note(records: readonly MutationRecord[]): void {
    for (const record of records) {
      // A changed attribute is a signal, not content: it only wakes us up.
      if (record.type === 'attributes') continue;
      if (record.type === 'childList') this.structure = true;
      if (!this.everything) this.targets.add(record.target);
    }
    if (records.length > MANY || this.targets.size > MANY) {
      this.everything = true;
      this.targets.clear();
    }
  }
}
