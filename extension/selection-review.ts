/** Reviews what the reader has selected, once, on request, and shows it like an answer of a chat. */
import { HighlightPainter, highlightApi, type HighlightApi } from '../chat/highlights.ts';
import type { ReadAnswer } from '../chat/reader.ts';
import { readSelection } from '../chat/selection.ts';
import type { AnswerView, Mark } from '../chat/session.ts';
import { familyOf, type Family, type Finding, type Review } from '../review/types.ts';
import type { InferenceClient } from './inference-client.ts';
import { message, uiLanguage } from './i18n.ts';
import type { MarkUi } from './mark-ui.ts';
import { audienceFor, isWanted, type Settings } from './storage.ts';

export const SELECTION_KEY = 'attune:selection';

interface Options {
  readonly client: InferenceClient;
  readonly ui: () => MarkUi;
  readonly settings: () => Settings;
  readonly signal: AbortSignal;
  /** Called with the selection as an answer; null when there is nothing (any more) to show. */
  readonly onChange: (view: AnswerView | null) => void;
}

export class SelectionReview {
  readonly #options: Options;
  readonly #painter: HighlightPainter | null;
  #running: AbortController | null = null;
  #shown: { readonly element: Element; readonly answer: ReadAnswer; readonly review: Review } | null = null;
  #marks: readonly Mark[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#painter = ownPainter();
    options.signal.addEventListener('abort', () => this.#painter?.clear(), { once: true });
  }

  async run(): Promise<void> {
    const { client, ui, settings, signal, onChange } = this.#options;
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    const read = readSelection(document);
    if (read.type === 'none') {
      ui().notice(message('page.selectionEmpty'), { problem: true });
      return;
    }
    const audience = audienceFor(settings(), null);
    if (!audience) {
      ui().notice(message('popup.noAudience'), { problem: true });
      return;
    }
    const element = enclosingElement();
    ui().notice(message('page.selectionReviewing'));
    try {
      const review = await client.review(
        { answer: read.answer.toAnswer(), audience, uiLanguage: uiLanguage(), sensitivity: settings().sensitivity },
        { visible: true, signal: AbortSignal.any([signal, running.signal]) },
      );
      this.#shown = { element, answer: read.answer, review };
      this.refresh();
      const [first] = this.#marks;
      if (first) {
        getSelection()?.removeAllRanges();
        ui().clearNotice();
        ui().show(first, null);
      } else {
        ui().notice(silence(review));
      }
    } catch (error) {
      if (running.signal.aborted || signal.aborted) return;
      onChange(null);
      ui().notice(message('page.failed', { reason: error instanceof Error ? error.message : String(error) }), { problem: true });
    }
  }

  /** Shows what is still wanted of the last review. */
  refresh(): void {
    const shown = this.#shown;
    if (!shown) return;
    const settings = this.#options.settings();
    this.#marks = shown.review.findings.flatMap((finding: Finding) => {
      const range = isWanted(settings, finding) ? shown.answer.toRange(finding) : null;
      return range ? [{ finding, range, answerKey: SELECTION_KEY }] : [];
    });
    const ranges = new Map<Family, Range[]>();
    for (const { finding, range } of this.#marks) {
      const family = familyOf(finding.kind);
      ranges.set(family, [...(ranges.get(family) ?? []), range]);
    }
    this.#painter?.paint(ranges);
    this.#options.onChange({
      key: SELECTION_KEY,
      element: shown.element,
      state: { type: 'reviewed', review: shown.review },
      marks: this.#marks,
      dropped: 0,
      answer: shown.answer,
    });
  }

  marksAt(x: number, y: number): readonly Mark[] {
    return this.#marks.filter(({ range }) => [...range.getClientRects()].some((rect) => x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom));
  }

  setActive(mark: Mark | null): void {
    this.#painter?.paintActive(mark && mark.answerKey === SELECTION_KEY ? mark.range : null);
  }

  scrollTo(mark: Mark): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    mark.range.startContainer.parentElement?.scrollIntoView({ block: 'center', behavior: still ? 'auto' : 'smooth' });
  }
}

function enclosingElement(): Element {
  const node = getSelection()?.getRangeAt(0).commonAncestorContainer;
  return node instanceof Element ? node : (node?.parentElement ?? document.body);
}

/** Why there is nothing to see; "nothing to mark" is only said when the text was really read. */
function silence(review: Review): string {
  switch (review.silence) {
    case 'unknown-language':
      return message('page.selectionUnknownLanguage');
    case 'unknown-audience':
      return message('page.selectionUnknownAudience');
    default:
      return message('page.selectionNone');
  }
}

/**
 * Highlights of our own names (`attune-selection-tone`, …): the registry belongs to the page, and on a chat page the session's
 * painter replaces everything under its names with every change of an answer.
 */
function ownPainter(): HighlightPainter | null {
  const found = highlightApi();
  if (found.type === 'none') return null;
  const { api } = found;
  const own = (name: string): string => name.replace(/^attune-/, 'attune-selection-');
  const renamed: HighlightApi = {
    create: () => api.create(),
    get: (name) => api.get(own(name)),
    set: (name, highlight) => api.set(own(name), highlight),
    delete: (name) => api.delete(own(name)),
  };
  return new HighlightPainter(renamed);
}
