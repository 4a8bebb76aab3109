import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Block, splitBlocks } from './markdown.tsx';

const html = (source: string) => renderToStaticMarkup(<Block source={source} />);

describe('Block', () => {
  it.each([
    ['**bold** and *soft*', '<p dir="auto"><strong>bold</strong> and <em>soft</em></p>'],
    ['a `code` b', '<p dir="auto">a <code dir="ltr">code</code> b</p>'],
    ['# Title', '<h3 dir="auto">Title</h3>'],
    ['- one\n- two', '<ul dir="auto"><li>one</li><li>two</li></ul>'],
    ['3. three', '<ol dir="auto" start="3"><li>three</li></ol>'],
    ['> said', '<blockquote dir="auto"><p>said</p></blockquote>'],
    ['```js\n1 < 2\n```', '<pre dir="ltr" tabindex="0"><code>1 &lt; 2</code></pre>'],
    ['[a](https://example.org)', '<p dir="auto"><a href="https://example.org" rel="noreferrer" target="_blank">a</a></p>'],
  ])('renders %j', (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  it('shows HTML as text', () => {
    expect(html('a <img src=x onerror=alert(1)> b')).toContain('&lt;img');
    expect(html('<script>alert(1)</script>')).toContain('&lt;script&gt;');
  });

  it('makes no link of a script', () => {
    expect(html('[a](javascript:alert(1))')).not.toContain('<a');
  });
});

describe('splitBlocks', () => {
  const text = 'One.\n\n- a\n- b\n\n```\ncode\n\nmore\n```\n\nLast **words**.';

  it('finds the same blocks at once and token by token', () => {
    let growing = splitBlocks('');
    for (let length = 1; length <= text.length; length++) growing = splitBlocks(text.slice(0, length), growing);
    expect(growing.starts).toEqual(splitBlocks(text).starts);
  });

  it('starts anew when the text was replaced', () => {
    expect(splitBlocks('Other.', splitBlocks(text)).starts).toEqual([0]);
  });
});
