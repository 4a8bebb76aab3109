/**
 * Markdown to React elements, for answers that grow while they are read. Raw HTML is shown as text, links keep only
 * web and mail addresses, and nothing is ever parsed as HTML by the browser.
 *
 * An answer is cut into its top-level blocks and each block is a memoised component, so a new token re-renders the
 * last block only. Chat pages do the same, and it is why text nodes near the end of an answer keep being replaced.
 */
import { GFM, parser as commonmark } from '@lezer/markdown';
import { createElement, Fragment, memo, type ReactElement, type ReactNode } from 'react';

const parser = commonmark.configure(GFM);

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Signs of the markup itself: never shown. */
const MARKS = new Set([
  'CodeMark',
  'EmphasisMark',
  'HeaderMark',
  'LinkMark',
  'ListMark',
  'QuoteMark',
  'StrikethroughMark',
  'TableDelimiter',
]);

const SIMPLE_INLINE: Readonly<Record<string, 'em' | 'strong' | 'del'>> = {
  Emphasis: 'em',
  StrongEmphasis: 'strong',
  Strikethrough: 'del',
};

export interface Blocks {
  readonly text: string;
  readonly starts: readonly number[];
}

/**
 * Offsets at which the top-level blocks of `text` start. When `text` continues `previous`, only its last block is
 * parsed again: parsing a long answer from the top for every token would make the demo itself stutter.
 */
export function splitBlocks(text: string, previous?: Blocks): Blocks {
  const kept = previous && text.startsWith(previous.text) ? previous.starts.slice(0, -1) : [];
  const from = previous && kept.length > 0 ? (previous.starts.at(-1) ?? 0) : 0;
  const starts = [...kept];
  for (let node = parser.parse(text.slice(from)).topNode.firstChild; node; node = node.nextSibling) {
    starts.push(from + node.from);
  }
  return { text, starts };
}

export const Block = memo(function Block({ source }: { readonly source: string }): ReactElement {
  const children: ReactNode[] = [];
  for (let node = parser.parse(source).topNode.firstChild; node; node = node.nextSibling) {
    children.push(<Fragment key={node.from}>{block(node, source)}</Fragment>);
  }
  return <>{children}</>;
});

/**
 * `dir="auto"` goes by the text of an element that no descendant with a `dir` of its own holds. So only the outermost
 * block has one: a list whose items were set apart would count as empty and show its bullets on the wrong side.
 */
function block(node: Node, source: string, outermost = true): ReactNode {
  const dir = outermost ? 'auto' : undefined;
  const heading = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name);
  // The page itself owns h1 and h2, so headings of an answer start at h3.
  if (heading) return createElement(`h${Math.min(6, Number(heading[1]) + 2)}`, { dir }, inline(node, source));
  switch (node.name) {
    case 'Paragraph':
      return <p dir={dir}>{inline(node, source)}</p>;
    case 'BulletList':
      return <ul dir={dir}>{items(node, source)}</ul>;
    case 'OrderedList':
      return (
        <ol dir={dir} start={Number.parseInt(source.slice(node.from), 10) || 1}>
          {items(node, source)}
        </ol>
      );
    case 'Blockquote':
      return <blockquote dir={dir}>{childBlocks(node, source)}</blockquote>;
    case 'FencedCode':
    case 'CodeBlock':
      return (
        <pre dir="ltr" tabIndex={0}>
          <code>{node.getChildren('CodeText').map((part) => source.slice(part.from, part.to))}</code>
        </pre>
      );
    case 'HorizontalRule':
      return <hr />;
    case 'Table':
      return table(node, source);
    case 'LinkReference':
      return null;
    default:
      return <p dir={dir}>{source.slice(node.from, node.to)}</p>;
  }
}

function childBlocks(parent: Node, source: string): ReactNode[] {
  const children: ReactNode[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (!MARKS.has(node.name)) children.push(<Fragment key={node.from}>{block(node, source, false)}</Fragment>);
  }
  return children;
}

/** Items of a tight list hold their text directly, as browsers show it without paragraph gaps. */
function items(list: Node, source: string): ReactNode[] {
  const loose = /\n[ \t]*\n/.test(source.slice(list.from, list.to));
  return list.getChildren('ListItem').map((item) => {
    const children: ReactNode[] = [];
    for (let node = item.firstChild; node; node = node.nextSibling) {
      if (MARKS.has(node.name)) continue;
      const content = !loose && node.name === 'Paragraph' ? inline(node, source) : block(node, source, false);
      children.push(<Fragment key={node.from}>{content}</Fragment>);
    }
    return <li key={item.from}>{children}</li>;
  });
}

function table(node: Node, source: string): ReactNode {
  const cells = (row: Node, tag: 'th' | 'td') =>
    row.getChildren('TableCell').map((cell) => createElement(tag, { key: cell.from, dir: 'auto' }, inline(cell, source)));
  const header = node.getChild('TableHeader');
  return (
    <div className="table" tabIndex={0}>
      <table>
        {header && (
          <thead>
            <tr>{cells(header, 'th')}</tr>
          </thead>
        )}
        <tbody>
          {node.getChildren('TableRow').map((row) => (
            <tr key={row.from}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The text of a node with its inline markup. */
function inline(parent: Node, source: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let position = parent.from;
  const text = (to: number, last = false) => {
    let piece = source.slice(position, to);
    // After a heading's `#` or a table's border comes a space that belongs to the markup.
    if (parts.length === 0) piece = piece.trimStart();
    if (last && parent.name !== 'InlineCode') piece = piece.trimEnd();
    if (piece !== '') parts.push(piece);
  };
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    text(node.from);
    position = node.to;
    if (!MARKS.has(node.name)) parts.push(<Fragment key={node.from}>{span(node, source)}</Fragment>);
  }
  text(parent.to, !(parent.name in SIMPLE_INLINE));
  return parts;
}

function span(node: Node, source: string): ReactNode {
  const raw = source.slice(node.from, node.to);
  const tag = SIMPLE_INLINE[node.name];
  if (tag) return createElement(tag, null, inline(node, source));
  switch (node.name) {
    case 'InlineCode':
      return <code dir="ltr">{raw.replace(/^`+ ?| ?`+$/g, '')}</code>;
    case 'HardBreak':
      return <br />;
    case 'Escape':
      return raw.slice(1);
    case 'Link':
      return link(node, source);
    case 'Autolink':
    case 'URL':
      return anchor(raw.replace(/^<|>$/g, ''), raw.replace(/^<|>$/g, ''));
    default:
      return raw;
  }
}

function link(node: Node, source: string): ReactNode {
  const url = node.getChild('URL');
  const [open, close] = node.getChildren('LinkMark');
  if (!url || !open || !close) return source.slice(node.from, node.to);
  return anchor(source.slice(url.from, url.to), source.slice(open.to, close.from));
}

function anchor(address: string, label: string): ReactNode {
  if (!/^(?:https?:\/\/|mailto:)/i.test(address)) return label;
  return (
    <a href={address} rel="noreferrer" target="_blank">
      {label}
    </a>
  );
}
