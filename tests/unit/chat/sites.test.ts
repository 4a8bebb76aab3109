// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { conversationOf, siteFor } from '../../../chat/site.ts';
import { SITES } from '../../../chat/sites/index.ts';
import { parseSite, patternProblem } from '../../../chat/sites/schema.ts';
import { load, loadFixture, site } from './dom.ts';

const folder = join(import.meta.dirname, '../../../chat/sites');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const at = (hostname: string, pathname = '/'): { hostname: string; pathname: string } => ({ hostname, pathname });

describe('site data', () => {
  it.each(files)('%s fits the schema and is named after its id', (name) => {
    const data: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    expect(parseSite(data).id).toBe(name.replace('.json', ''));
  });

  it('is listed completely, in order', () => {
    expect(SITES.map(({ id }) => id)).toEqual(files.map((name) => name.replace('.json', '')).sort());
  });

  it.each(SITES.map((each) => [each.id, each] as const))(
    '%s has only selectors that can be parsed, and uses none that is dead',
    (_, each) => {
      const { required, optional, streaming } = each;
      const all = [
        ...each.detect,
        ...required.response,
        ...required.content,
        ...Object.values(optional).flatMap((value) => (Array.isArray(value) ? value : value ? [value.selector] : [])),
        ...streaming.onNode,
        ...streaming.onPage,
      ];
      for (const selector of all) {
        expect(() => document.querySelector(selector), selector).not.toThrow();
        for (const gone of each.gone) expect(selector).not.toContain(gone);
      }
    },
  );

  it('gives a host to one site only, unless a mark on the page decides', () => {
    const hosts = SITES.filter(({ detect }) => detect.length === 0).flatMap((each) => each.hosts);
    expect(new Set(hosts).size).toBe(hosts.length);
  });

  it.each([
    ['(a+)+', 'must start with ^'],
    ['^(a+)+$', 'a group must not be repeated'],
    ['^((?:x*)*)', 'a group must not be repeated'],
    ['^(a)\\1', 'back references are not allowed'],
    ['^(?=a)(b)', 'lookaround and named groups are not allowed'],
    ['^/c/x', 'needs exactly one capture: the id'],
    [`^(${'a'.repeat(200)})`, 'longer than 120 characters'],
  ])('refuses the conversation pattern %s', (pattern, problem) => {
    expect(patternProblem(pattern)).toBe(problem);
  });
});

describe('which site a page is', () => {
  it('goes by the host', () => {
    load('<body></body>');
    expect(siteFor(at('ChatGPT.com'), document)).toMatchObject({ type: 'site', site: { id: 'chatgpt' } });
    expect(siteFor(at('evil-chatgpt.com'), document)).toEqual({ type: 'none', reason: 'not-detected' });
  });

  it('recognises Open WebUI anywhere by what is on the page, and not other chats', () => {
    loadFixture('open-webui');
    expect(siteFor(at('localhost'), document)).toMatchObject({ site: { id: 'open-webui' } });
    load('<body><div id="messages-container"><p>Hello</p></div></body>');
    expect(siteFor(at('localhost'), document)).toEqual({ type: 'none', reason: 'not-detected' });
  });

  it('tells the demo from other pages on this computer', () => {
    load('<body><main data-attune-demo></main></body>');
    expect(siteFor(at('127.0.0.1'), document)).toMatchObject({ site: { id: 'demo' } });
    expect(siteFor(at('demo.example'), document).type).toBe('none');
  });
});

describe('the conversation', () => {
  it.each([
    ['chatgpt', '/c/68a1-4f', '68a1-4f'],
    ['chatgpt', '/g/g-abc-def/c/68a1', '68a1'],
    ['chatgpt', '/share/68a1', '68a1'],
    ['chatgpt', '/', null],
    ['claude', '/chat/1b2c', '1b2c'],
    ['claude', '/new', null],
    ['gemini', '/u/1/app/f00d', 'f00d'],
    ['gemini', '/gem/coach/f00d', 'f00d'],
    ['gemini', '/app', null],
    ['deepseek', '/a/chat/s/0a1b-2c', '0a1b-2c'],
    ['open-webui', '/c/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f', '0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f'],
    ['copilot-m365', '/chat', null],
    ['demo', '/c/one', 'one'],
  ])('%s %s', (id, path, conversation) => {
    expect(conversationOf(site(id), at('x', path))).toBe(conversation);
  });
});
