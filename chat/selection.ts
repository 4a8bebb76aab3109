/** Reads what the reader has selected, on any page: the way to review where no site data helps. */
import type { BlockKind } from '../review/types.ts';
import { meaningOf, strongerKind } from './markup.ts';
import { ReadAnswer } from './reader.ts';
import { TextWalker } from './text-walker.ts';

export type SelectionResult =
  { readonly type: 'answer'; readonly answer: ReadAnswer } | { readonly type: 'none'; readonly reason: SelectionProblem };

/** `in-form-field`, `in-editor`: that is the reader's own writing, which Attune does not review. */
export type SelectionProblem = 'nothing-selected' | 'in-form-field' | 'in-editor' | 'only-white-space';

const none = (reason: SelectionProblem): SelectionResult => ({ type: 'none', reason });

/** Reads the selection of a document. */
export function readSelection(document: Document): SelectionResult {
  const focused = document.activeElement;
  if (focused && isField(focused) && hasSelectedText(focused)) return none('in-form-field');
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return none('nothing-selected');
  // Only Firefox has several ranges at once (cells, Ctrl+drag); the first is the one the reader began with.
  const range = selection.getRangeAt(0);
  const root = enclosing(range);
  if (!root) return none('nothing-selected');
  if (root.closest('textarea, input')) return none('in-form-field');
  if (root.closest('[contenteditable]:not([contenteditable="false"])')) return none('in-editor');
  const walker = new TextWalker({ roots: [root], strip: new Set(), clip: range, isVisible, ...surroundings(root) });
  walker.run();
  const walked = walker.result();
  return walked.text.trim() === '' ? none('only-white-space') : { type: 'answer', answer: new ReadAnswer(walked) };
}

function enclosing(range: Range): Element | null {
  const node = range.commonAncestorContainer;
  return node.nodeType === 1 ? (node as Element) : node.parentElement;
}

function isField(element: Element): element is HTMLTextAreaElement | HTMLInputElement {
  return element.localName === 'textarea' || element.localName === 'input';
}

function hasSelectedText(field: HTMLTextAreaElement | HTMLInputElement): boolean {
  // Null for kinds of input that have no text selection.
  return (field.selectionStart ?? 0) < (field.selectionEnd ?? 0);
}

/** Once, on request, on a page we know nothing about: here the browser may be asked. */
function isVisible(element: Element): boolean {
  return typeof element.checkVisibility !== 'function' || element.checkVisibility({ visibilityProperty: true });
}

/** A selection in the middle of a list or of code is still list or code. */
function surroundings(root: Element): { readonly kind: BlockKind; readonly masked: boolean } {
  let kind: BlockKind = 'paragraph';
  let masked = false;
  for (let each: Element | null = root.parentElement; each !== null; each = each.parentElement) {
    const meaning = meaningOf(each, new Set());
    if (meaning.type === 'block' && meaning.kind !== null) kind = strongerKind(kind, meaning.kind);
    if (meaning.type === 'mask') masked = true;
  }
  return { kind, masked };
}
