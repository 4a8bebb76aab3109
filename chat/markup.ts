/**
 * What an element means for reading: prose, code, something to hide. Decided from names and attributes only; asking for
 * computed styles would make the browser lay out the page for every node of every answer.
 */
import type { BlockKind } from '../review/types.ts';

export type Meaning =
  /** Neither the element nor anything in it is read. */
  | { readonly type: 'skip' }
  /** Read as part of the line it stands in. */
  | { readonly type: 'inline' }
  /** Part of the line, but not prose: masked. */
  | { readonly type: 'mask' }
  /** A forced line end. */
  | { readonly type: 'break' }
  /** Starts and ends a block; `kind` is null where the surroundings decide. */
  | { readonly type: 'block'; readonly kind: BlockKind | null };

const SKIP: Meaning = { type: 'skip' };
const INLINE: Meaning = { type: 'inline' };
const MASK: Meaning = { type: 'mask' };
const BREAK: Meaning = { type: 'break' };
const BLOCK: Meaning = { type: 'block', kind: null };
const block = (kind: BlockKind): Meaning => ({ type: 'block', kind });

const BY_NAME = new Map<string, Meaning>();
const name = (meaning: Meaning, ...names: string[]): void => names.forEach((each) => BY_NAME.set(each, meaning));
name(SKIP, 'script', 'style', 'noscript', 'template', 'button', 'svg', 'canvas', 'video', 'audio', 'iframe', 'object', 'embed');
name(SKIP, 'input', 'textarea', 'select', 'datalist', 'dialog', 'head', 'annotation', 'annotation-xml', 'mjx-assistive-mml', 'rt', 'rp');
name(MASK, 'code', 'kbd', 'samp', 'var', 'tt', 'math', 'mjx-container');
name(BREAK, 'br');
name(
  BLOCK,
  'div',
  'p',
  'section',
  'article',
  'main',
  'header',
  'footer',
  'aside',
  'nav',
  'figure',
  'figcaption',
  'details',
  'summary',
  'form',
);
name(BLOCK, 'fieldset', 'address', 'ul', 'ol', 'dl', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'hr', 'menu', 'hgroup');
name(block('list'), 'li', 'dt', 'dd');
name(block('heading'), 'h1', 'h2', 'h3', 'h4', 'h5', 'h6');
name(block('code'), 'pre');
name(block('quote'), 'blockquote');
name(block('table'), 'td', 'th', 'caption');

/** Some sites build tables and lists of bare boxes, and say what they are for screen readers only. */
const BY_ROLE = new Map<string, Meaning>([
  ['cell', block('table')],
  ['gridcell', block('table')],
  ['columnheader', block('table')],
  ['rowheader', block('table')],
  ['listitem', block('list')],
  ['heading', block('heading')],
  ['math', MASK],
  ['toolbar', SKIP],
  ['tooltip', SKIP],
  ['menu', SKIP],
]);

/** The name of a column that can be sorted by is a button, and still the author's words. */
function isColumnName(element: Element): boolean {
  if (element.localName !== 'button') return false;
  const parent = element.parentElement;
  return parent?.localName === 'th' || parent?.getAttribute('role') === 'columnheader';
}

/** Text for screen readers or for copying only. Word by word, so that `not-sr-only` is not one of them. */
const HIDDEN_CLASSES =
  /(?:^|\s)(?:sr-only|visually-?hidden|cdk-visually-hidden|screen-reader-(?:only|text)|katex-mathml|MJX_Assistive_MathML)(?:\s|$)/u;

/** What an element means. `strip` holds the elements that the site's data says to leave out. */
export function meaningOf(element: Element, strip: ReadonlySet<Element>): Meaning {
  const known = BY_NAME.get(element.localName);
  if (strip.has(element)) return SKIP;
  if (known === SKIP) return isColumnName(element) ? INLINE : SKIP;
  const classes = element.getAttribute('class');
  // KaTeX hides what is drawn from screen readers and draws nothing of what they read: the drawn one is the text.
  if (classes !== null && classes !== '') {
    if (HIDDEN_CLASSES.test(classes)) return SKIP;
    if (/(?:^|\s)katex-display(?:\s|$)/u.test(classes)) return block('code');
    if (/(?:^|\s)katex(?:-html)?(?:\s|$)/u.test(classes)) return MASK;
    if (/(?:^|\s)cm-editor(?:\s|$)/u.test(classes)) return block('code');
  }
  if (isHiddenByAttribute(element)) return SKIP;
  const role = element.getAttribute('role');
  const byRole = role === null ? undefined : BY_ROLE.get(role);
  if (byRole) return byRole;
  if (known) return known;
  return showsAnAddress(element) ? MASK : INLINE;
}

function isHiddenByAttribute(element: Element): boolean {
  if (element.hasAttribute('hidden') || element.hasAttribute('inert')) return true;
  if (element.getAttribute('aria-hidden') === 'true') return true;
  if (element.getAttribute('contenteditable') === 'true') return true;
  const style = element.getAttribute('style');
  return style !== null && /display:\s*none|visibility:\s*hidden/u.test(style);
}

/** Longest link text that is looked at as an address. */
const MAX_ADDRESS = 300;
const ADDRESS =
  /^(?:[a-z][a-z0-9+.-]*:\/\/\S+|www\.\S+|[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(?:[/?#:]\S*)?|\S+@\S+\.\p{L}{2,})$/iu;

/** Whether a link's text is an address ("example.com/x"), which is no prose. */
function showsAnAddress(element: Element): boolean {
  if (element.localName !== 'a' && !element.hasAttribute('data-url')) return false;
  const text = (element.textContent ?? '').trim();
  return text.length <= MAX_ADDRESS && ADDRESS.test(text);
}

/** Tailwind's names for keeping line ends, which most chat pages use for plain text, and the style itself. */
export function keepsLineEnds(element: Element): boolean {
  const classes = element.getAttribute('class');
  if (classes !== null && /(?:^|\s)whitespace-(?:pre|break-spaces)/u.test(classes)) return true;
  const style = element.getAttribute('style');
  return style !== null && /white-space:\s*(?:pre|break-spaces)/u.test(style);
}

/** When kinds are nested, the one that says more about how to read the words. */
const STRENGTH: Record<BlockKind, number> = { code: 5, quote: 4, table: 3, heading: 2, list: 1, paragraph: 0 };

export function strongerKind(a: BlockKind, b: BlockKind): BlockKind {
  return STRENGTH[b] > STRENGTH[a] ? b : a;
}
