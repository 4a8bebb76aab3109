// @vitest-environment happy-dom
/**
 * Real saved pages of eight chat sites. They belong to other projects, so they are read from the data folder
 * (ATTUNE_DATA, default ../shared/data) and the tests skip where it is absent. None was saved while an answer streamed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { promptFor, readAnswer, type ReadAnswer } from '../../../chat/reader.ts';
import { firstMatches } from '../../../chat/selectors.ts';
import { SITES, type Site } from '../../../chat/sites/index.ts';
import { EXPECTED } from './expected.ts';

const data = resolve(process.env['ATTUNE_DATA'] ?? '../shared/data', 'chat-html');
const present = existsSync(data);
if (!present) console.warn(`Skipped: no saved chat pages in ${data}; set ATTUNE_DATA to the folder that holds chat-html/.`);

/** What sites write for screen readers, about their reasoning, or on buttons. None of it is ever an answer. */
const NEVER = [
  /\b(?:ChatGPT|Gemini|Copilot|Claude) (?:said|responded)/u,
  /\bYou said\b/u,
  /\bThought for\b/u,
  /\bWorked for\b/u,
  /\bShow (?:thinking|more|code)\b/u,
  /The user (?:wants|asks|is asking)/u,
  /\bCopy (?:code|table|message)\b/u,
  /\bStart research\b/u,
  /\\displaystyle|\\frac|e\^\{i/u,
];

function siteOf(file: string): Site {
  const found = SITES.find(({ id }) => id === file.split('/')[0]);
  if (!found) throw new Error(`no site for ${file}`);
  return found;
}

function open(file: string): void {
  // Nothing is run, and nothing is fetched.
  const html = readFileSync(join(data, file), 'utf8')
    .replace(/<script[\s\S]*?<\/script>/giu, '')
    .replace(/<(?:link|img)\b[^>]*>/giu, '')
    .replace(/<iframe\b[^>]*>/giu, '');
  document.documentElement.innerHTML = html.replace(/^[\s\S]*?<html[^>]*>/iu, '').replace(/<\/html>\s*$/iu, '');
}

describe.skipIf(!present).each(Object.entries(EXPECTED))('%s', (file, expected) => {
  const site = siteOf(file);
  let responses: readonly Element[] = [];
  let answers: ReadAnswer[] = [];

  beforeAll(() => {
    open(file);
    responses = firstMatches(document, site.required.response);
    answers = responses.flatMap((response) => {
      const result = readAnswer(response, site);
      return result.type === 'answer' ? [result.answer] : [];
    });
  });

  it('has the answers a person sees, from the first word to the last', () => {
    const seen = answers.map(({ text }) => {
      const words = text.split(/\s+/u);
      return { first: words.slice(0, 4).join(' '), last: words.slice(-4).join(' '), length: text.length };
    });
    expect(seen).toEqual(expected.map(({ first, last, length }) => ({ first, last, length })));
  });

  it('has no labels, no reasoning, no buttons and no formula twice', () => {
    for (const { text } of answers) for (const never of NEVER) expect(text).not.toMatch(never);
  });

  it('knows what was asked', () => {
    const asked = responses.map((response) => (promptFor(response, site) ?? '').split(/\s+/u).slice(0, 4).join(' '));
    expect(asked).toEqual(expected.map(({ prompt }) => prompt));
  });

  it('finds every block again in the page', () => {
    for (const answer of answers) {
      for (const block of answer.blocks) {
        const range = answer.toRange(block);
        expect(range && answer.toSpan(range)).toEqual({ start: block.start, end: block.end });
      }
    }
  });

  it('has none of the selectors that are known to be dead', () => {
    for (const selector of site.gone) expect(document.querySelectorAll(selector)).toHaveLength(0);
  });
});

describe.skipIf(!present)('reasoning in the saved pages', () => {
  // A control: these words are in the page, so their absence from the answers means something.
  it.each([
    ['mistral/covai.html', 'Thought for 3s'],
    ['deepseek/covai.html', 'Thought for 37 seconds'],
    ['claude/nunca-artifact-panel.html', 'Claude responded'],
    ['gemini/nunca-table-2026-07.html', 'Gemini said'],
    ['chatgpt/covai.html', 'ChatGPT said'],
  ])('%s does hold "%s"', (file, words) => {
    open(file);
    expect(document.body.textContent).toContain(words);
  });
});
