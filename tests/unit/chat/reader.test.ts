// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptFor, readAnswer, readAnswerInSlices, Reading, type ReadAnswer } from '../../../chat/reader.ts';
import { load, loadFixture, site } from './dom.ts';

function read(id: string, index = 0): ReadAnswer {
  const result = readAnswer(loadFixture(id)[index]!, site(id));
  if (result.type !== 'answer') throw new Error(result.reason);
  return result.answer;
}

/** Reads a piece of HTML as the answer of the demo page. */
function readHtml(html: string): ReadAnswer {
  load(`<body><main data-attune-demo><div data-role="assistant"><div class="answer-text">${html}</div></div></main></body>`);
  const result = readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo'));
  if (result.type !== 'answer') throw new Error(result.reason);
  return result.answer;
}

const pieces = (answer: ReadAnswer): string[] =>
  answer.blocks.map((block) => `${block.kind}: ${answer.text.slice(block.start, block.end)}`);
const masks = (answer: ReadAnswer): string[] =>
  answer.blocks.flatMap((block) => block.masks.map((mask) => answer.text.slice(mask.start, mask.end)));

describe('reading our invented pages', () => {
  it('reads ChatGPT: prose, lists, quotes, code, tables, formulas once; no labels, pills or buttons', () => {
    const answer = read('chatgpt', 1);
    expect(pieces(answer)).toEqual([
      'heading: Bread',
      'paragraph: Set the oven to 450 °F. Then run bake --now, see bread.example/how.',
      'list: Flour',
      'list: Rye, or wheat',
      'list: Water 💧',
      'quote: “Germans are always on time,” he joked.',
      'code: python\nloaf = 1\nprint(loaf)',
      'table: What',
      'table: How much',
      'table: Salt',
      'table: 2 tsp',
      'paragraph: Energy is E=mc2, roughly.',
      'paragraph: パンを焼くのは楽しいです。 שלום עולם',
    ]);
    expect(masks(answer)).toEqual(['bake --now', 'bread.example/how', 'E=mc2']);
    expect(promptFor(document.querySelector('[data-message-id="a1"]')!, site('chatgpt'))).toBe('How do I bake bread?\nShort please.');
  });

  it('skips a role node without a text root instead of reading its wrapper', () => {
    expect(readAnswer(loadFixture('chatgpt')[0]!, site('chatgpt'))).toEqual({ type: 'skip', reason: 'no-content' });
  });

  it('reads Claude: every text root, neither thinking nor tools nor the side panel', () => {
    expect(pieces(read('claude'))).toEqual(['paragraph: Boats float.', 'paragraph: Some also sink.']);
  });

  it('reads Gemini: no widgets, no icons', () => {
    expect(pieces(read('gemini'))).toEqual([
      'paragraph: Warm air rises and cools.',
      'code: rain = True',
      'list: Clouds form.',
      'list: Drops fall.',
    ]);
    expect(promptFor(document.querySelector('model-response')!, site('gemini'))).toBe('Why does it rain?');
  });

  it('reads Open WebUI: no reasoning, no language names, and each answer with its own prompt', () => {
    expect(pieces(read('open-webui'))).toEqual(['paragraph: Tea, of course.', 'code: boil water\nsteep']);
    expect(pieces(read('open-webui', 1))).toEqual(['paragraph: A second answer.']);
  });

  it('says so when there is nothing to read', () => {
    load(
      '<body><main data-attune-demo><div data-role="assistant"><div class="answer-text"> <button>Copy</button></div></div></main></body>',
    );
    expect(readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo'))).toEqual({ type: 'skip', reason: 'empty' });
  });

  it('keeps what one text root is from spilling into the next', () => {
    load(
      '<body><main data-attune-demo><div data-role="assistant"><pre class="answer-text">x = 1</pre><code class="answer-text">y</code><p class="answer-text">Prose  again.</p></div></main></body>',
    );
    const result = readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo'));
    if (result.type !== 'answer') throw new Error(result.reason);
    expect(pieces(result.answer)).toEqual(['code: x = 1', 'paragraph: y', 'paragraph: Prose again.']);
    expect(masks(result.answer)).toEqual(['y']);
  });

  it('does not take a text root inside the reasoning for the answer', () => {
    load(
      '<body><main data-attune-demo><div data-role="assistant"><div class="reasoning"><div class="answer-text">Hm.</div></div><div class="answer-text">Yes.</div></div></main></body>',
    );
    const result = readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo'));
    expect(result.type === 'answer' && result.answer.text).toBe('Yes.');
  });

  it('never reads hidden labels or the reasoning of the demo, wherever they are', () => {
    const answer = readHtml(
      '<h3 class="sr-only">Demo said</h3><p>Yes<span hidden>no</span><span style="display: none">no</span>.</p><div class="reasoning">Hm</div>',
    );
    expect(answer.text).toBe('Yes.');
  });
});

describe('text as a browser shows it', () => {
  it('collapses white space between words and drops it at the borders', () => {
    expect(readHtml('\n  <p>  One\n   <b> two </b>\n three </p>\n').text).toBe('One two three');
  });
  it('keeps line ends where the page does, and at breaks', () => {
    expect(readHtml('<p class="whitespace-pre-wrap">One\n  two</p><p>a<br>b<br></p>').text).toBe('One\ntwo\na\nb');
  });
  it('masks addresses in plain text, without the full stop', () => {
    expect(masks(readHtml('<p>See https://a.example/b?c=1, or mail me@b.example. Not e.g. this.</p>'))).toEqual([
      'https://a.example/b?c=1',
      'me@b.example',
    ]);
  });
  it('reads tables that are made of roles, with column names in buttons', () => {
    expect(
      pieces(
        readHtml('<div role="table"><div role="columnheader"><button>City</button></div><div role="cell"><span>Ulm</span></div></div>'),
      ),
    ).toEqual(['table: City', 'table: Ulm']);
  });
  it('leaves out the readings of ruby, which repeat the word', () => {
    expect(readHtml('<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>です</p>').text).toBe('漢字です');
  });
});

describe('the way back to the page', () => {
  it('gives a range whose text is the quote, across nodes', () => {
    const answer = read('chatgpt', 1);
    const start = answer.text.indexOf('oven to 450 °F');
    const range = answer.toRange({ start, end: start + 14 });
    expect(range?.toString()).toBe('oven to 450 °F');
    expect(range && answer.toSpan(range)).toEqual({ start, end: start + 14 });
  });

  it('gives none once the nodes are gone', () => {
    const answer = readHtml('<p>Good <b>day</b></p>');
    document.querySelector('.answer-text')!.innerHTML = '<p>Good <b>day</b></p>';
    expect(answer.toRange({ start: 0, end: 8 })).toBeNull();
  });

  // Any tree of the elements chatbots use, with awkward text.
  const word = fc.constantFrom('Hallo', 'Welt', 'नमस्ते', '日本語です。', '👩‍👩‍👧', 'e\u0301', 'مرحبا', ' ', '\n  ', '  x ', '\u00a0', '.');
  const { tree } = fc.letrec<{ tree: string; node: string }>((tie) => ({
    tree: fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      word,
      fc
        .tuple(fc.constantFrom('p', 'b', 'div', 'li', 'code', 'pre', 'td', 'blockquote', 'span', 'button'), tie('tree'))
        .map(([tag, inner]) => `<${tag}>${inner}</${tag}>`),
      fc.constant('<br>'),
      fc.constant('<span class="sr-only">HIDDEN</span>'),
    ),
  }));

  it('holds for any page: blocks are ordered and apart, masks lie inside, each character maps to itself', () => {
    fc.assert(
      fc.property(tree, (html) => {
        load('<body><main data-attune-demo><div data-role="assistant"><div class="answer-text"></div></div></main></body>');
        document.querySelector('.answer-text')!.innerHTML = html;
        const result = readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo'));
        if (result.type === 'skip') return;
        const { answer } = result;
        expect(answer.text).not.toContain('HIDDEN');
        let end = -1;
        for (const block of answer.blocks) {
          expect(block.start).toBeGreaterThan(end);
          expect(block.end).toBeGreaterThan(block.start);
          for (const mask of block.masks) expect(mask.start >= block.start && mask.end <= block.end && mask.start < mask.end).toBe(true);
          end = block.end;
        }
        expect(end).toBeLessThanOrEqual(answer.text.length);
        for (let at = 0; at < answer.text.length; at += 1) {
          const positions = answer.map.positions({ start: at, end: at + 1 });
          if (!positions) expect(answer.text[at]).toBe('\n');
          else {
            const there = positions.start.node.data[positions.start.offset]!;
            expect(/[ \t\n]/u.test(there) ? ' ' : there).toBe(answer.text[at] === '\n' ? ' ' : answer.text[at]);
            expect(answer.map.offsetOf(positions.start.node, positions.start.offset)).toBe(at);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('long answers', () => {
  const long = `<ul>${'<li>One <b>item</b> of many</li>'.repeat(500)}</ul>`;

  it('reads in slices what it reads at once', async () => {
    const once = readHtml(long);
    let turns = 0;
    let time = 0;
    const result = await readAnswerInSlices(
      document.querySelector('[data-role="assistant"]')!,
      site('demo'),
      async () => void (turns += 1),
      () => (time += 5),
    );
    expect(result.type === 'answer' && result.answer.text).toBe(once.text);
    expect(turns).toBeGreaterThan(5);
  });

  it('reads one huge text node in pieces, and nothing is lost at the joints', () => {
    const body = 'Wörter  und\n 😀 日本語 '.repeat(20_000);
    load('<body><main data-attune-demo><div data-role="assistant"><div class="answer-text"></div></div></main></body>');
    document.querySelector('.answer-text')!.append(body);
    const reading = new Reading(document.querySelector('[data-role="assistant"]')!, site('demo'));
    let turns = 0;
    let result = reading.run(() => true);
    while (result === null) {
      turns += 1;
      result = reading.run(() => true);
    }
    expect(turns).toBeGreaterThan(10);
    expect(result.type === 'answer' && result.answer.text).toBe(body.replace(/\s+/gu, ' ').trim());
  });

  it.each([
    ['a word', 'a'.repeat(1_000_000)],
    ['an address', `https://${')'.repeat(1_000_000)}x`],
    ['dots', `${'a.'.repeat(500_000)}@`],
    ['dashes', '-'.repeat(1_000_000)],
  ])('is not held up by a megabyte of %s', (_, body) => {
    load('<body><main data-attune-demo><div data-role="assistant"><div class="answer-text"><p></p></div></div></main></body>');
    document.querySelector('.answer-text p')!.append(`me@example.org www.example.org ${body}`);
    const started = performance.now();
    expect(readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo')).type).toBe('answer');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('notices when the page is redrawn under it', () => {
    readHtml(long);
    const reading = new Reading(document.querySelector('[data-role="assistant"]')!, site('demo'));
    expect(reading.run(() => true)).toBeNull();
    document.querySelector('.answer-text')!.innerHTML = '<p>New</p>';
    expect(reading.run()).toEqual({ type: 'skip', reason: 'changed-while-reading' });
  });

  it('does not care how deep the page is nested', () => {
    load('<body><main data-attune-demo><div data-role="assistant"><div class="answer-text"></div></div></main></body>');
    let deepest: Element = document.querySelector('.answer-text')!;
    for (let depth = 0; depth < 3000; depth += 1) {
      const child = document.createElement('span');
      deepest.append(child);
      deepest = child;
    }
    deepest.append('deep');
    const result = readAnswer(document.querySelector('[data-role="assistant"]')!, site('demo'));
    expect(result.type === 'answer' && result.answer.text).toBe('deep');
  });
});
