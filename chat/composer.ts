/**
 * Puts a follow-up prompt into the chat's own input, behind what the reader has typed. It never sends, and nothing here
 * presses Enter: a line end in a rich editor can be taken for one, so there it becomes a space.
 */
import { firstMatches } from './selectors.ts';
import type { Site } from './sites/index.ts';

export type InsertResult = { readonly type: 'inserted' } | { readonly type: 'unavailable'; readonly reason: InsertProblem };
export type InsertProblem = 'no-composer-known' | 'no-composer' | 'disabled' | 'refused';

const INSERTED: InsertResult = { type: 'inserted' };
const unavailable = (reason: InsertProblem): InsertResult => ({ type: 'unavailable', reason });

/** Appends `text` to the composer. */
export function insertPrompt(site: Site, document: Document, text: string): InsertResult {
  if (site.optional.composer.length === 0) return unavailable('no-composer-known');
  const found = firstMatches(document, site.optional.composer)[0];
  if (!found) return unavailable('no-composer');
  const element = editorIn(found);
  if (element === null) return unavailable('no-composer');
  if (isField(element)) return intoField(element, text);
  return intoEditor(element, document, text);
}

type Field = HTMLTextAreaElement | HTMLInputElement;

/** The selector may name the editor, or a box around it. */
function editorIn(element: Element): HTMLElement | null {
  const isEditor = (each: Element): boolean => isField(each) || (each.getAttribute('contenteditable') ?? 'false') !== 'false';
  if (isEditor(element)) return element as HTMLElement;
  return element.querySelector<HTMLElement>('textarea, [contenteditable]:not([contenteditable="false"])');
}

function isField(element: Element): element is Field {
  return element.localName === 'textarea' || element.localName === 'input';
}

function intoField(field: Field, text: string): InsertResult {
  if (field.disabled || field.readOnly) return unavailable('disabled');
  const typed = field.value.trimEnd();
  const value = typed === '' ? text : `${typed}${field.localName === 'textarea' ? '\n\n' : ' '}${text}`;
  // Frameworks watch the instance's own `value`; the prototype's setter passes them by, and the event tells them.
  field.focus();
  if (!Reflect.set(Object.getPrototypeOf(field) as object, 'value', value, field)) return unavailable('refused');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
  field.setSelectionRange(value.length, value.length);
  return field.value === value ? INSERTED : unavailable('refused');
}

function intoEditor(editor: HTMLElement, document: Document, text: string): InsertResult {
  if (editor.getAttribute('aria-disabled') === 'true') return unavailable('disabled');
  const line = text.replace(/\s*\n+\s*/gu, ' ').trim();
  const typed = visibleText(editor);
  const addition = typed === '' ? line : ` ${line}`;
  editor.focus();
  caretToEnd(editor, document);
  const arrived = (): boolean => squeeze(visibleText(editor)).endsWith(squeeze(line));
  // Lexical takes in what is typed only after it has seen the caret move, which is too late for us; it pastes at once.
  if (editor.hasAttribute('data-lexical-editor') && paste(editor, addition)) return INSERTED;
  type(document, addition);
  if (arrived()) return INSERTED;
  return paste(editor, addition) || arrived() ? INSERTED : unavailable('refused');
}

/** Deprecated and without a successor: the one way in that rich editors take for typing. */
function type(document: Document, text: string): void {
  /* eslint-disable @typescript-eslint/no-deprecated */
  if (typeof document.execCommand === 'function') document.execCommand('insertText', false, text);
  /* eslint-enable @typescript-eslint/no-deprecated */
}

/** Offers the text as a paste; true when the editor took it. Some draw it a moment later. */
function paste(editor: HTMLElement, text: string): boolean {
  if (typeof DataTransfer === 'undefined' || typeof ClipboardEvent === 'undefined') return false;
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  return !editor.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData }));
}

/** What is typed, without the editor's own placeholder. */
function visibleText(editor: HTMLElement): string {
  const placeholder = editor.querySelector('[data-placeholder].is-empty, .placeholder, .ql-blank');
  if (placeholder && placeholder.textContent === editor.textContent && placeholder.hasAttribute('aria-hidden')) return '';
  return (editor.textContent ?? '').trim();
}

/** Editors store spaces in their own way. */
function squeeze(text: string): string {
  return text.replace(/[\s\u00a0\u200b\ufeff]+/gu, '');
}

function caretToEnd(editor: HTMLElement, document: Document): void {
  const selection = document.getSelection();
  if (!selection) return;
  const range = document.createRange();
  range.selectNodeContents(editor);
  // Inside the last paragraph, so that the text goes on in it and not below it.
  const last = editor.lastElementChild;
  if (last) range.selectNodeContents(last);
  range.collapse(false);
  selection.removeAllRanges();
  selection.addRange(range);
}
