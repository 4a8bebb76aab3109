/** Each of our own rules has to fire on code that breaks it, and to leave the code beside it alone. */
import { ESLint } from 'eslint';
import { cruise } from 'dependency-cruiser';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CONFIG = join(ROOT, 'eslint.config.js');
const TIMEOUT_MS = 60_000;

/** A small copy of the project: its rules, and files that are only in it. */
let project: string;

function write(path: string, content: string): string {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'attune-rules-'));
  write(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { strict: true, lib: ['ES2023', 'DOM', 'DOM.Iterable'], module: 'ESNext', types: [] } }),
  );
});

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

async function brokenRules(path: string, code: string): Promise<string[]> {
  write(path, code);
  const { default: config } = (await import(CONFIG)) as { default: object[] };
  const eslint = new ESLint({
    cwd: project,
    overrideConfigFile: true,
    overrideConfig: [
      ...(config as []),
      { files: ['**/*.ts', '**/*.tsx'], languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: project } } },
    ],
  });
  const [result] = await eslint.lintFiles([path]);
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

describe('eslint', { timeout: TIMEOUT_MS }, () => {
  it.each([
    ['an extension API in review/', 'review/a1.ts', 'export const id = chrome.runtime.id;', 'no-restricted-globals'],
    [
      'an extension import in review/',
      'review/a2.ts',
      "import { browser } from 'wxt/browser';\nexport default browser;",
      'no-restricted-imports',
    ],
    ['a page in review/', 'review/text/a3.ts', 'export const title = document.title;', 'no-restricted-globals'],
    ['Node in review/', 'review/a4.ts', "import { readFileSync } from 'node:fs';\nexport default readFileSync;", 'no-restricted-imports'],
    [
      'Node in review/, by its old name',
      'review/a5.ts',
      "import { readFileSync } from 'fs';\nexport default readFileSync;",
      'no-restricted-imports',
    ],
    ['process in review/', 'review/a6.ts', 'export const here = process.cwd();', 'no-restricted-globals'],
    ['an extension API in chat/', 'chat/a7.ts', 'export const id = browser.runtime.id;', 'no-restricted-globals'],
    [
      'an extension import in chat/',
      'chat/a8.ts',
      "import { storage } from '@wxt-dev/storage';\nexport default storage;",
      'no-restricted-imports',
    ],
    ['innerHTML', 'components/a9.ts', "export const f = (node: Element) => { node.innerHTML = '<b>x</b>'; };", 'no-restricted-syntax'],
    [
      'insertAdjacentHTML',
      'entrypoints/b1.ts',
      "export const f = (node: Element) => { node.insertAdjacentHTML('beforeend', 'x'); };",
      'no-restricted-syntax',
    ],
    [
      'dangerouslySetInnerHTML',
      'components/b2.tsx',
      'export const A = () => <p dangerouslySetInnerHTML={{ __html: "x" }} />;',
      'no-restricted-syntax',
    ],
    [
      'setAttribute in chat/',
      'chat/b3.ts',
      "export const f = (node: Element) => { node.setAttribute('a', 'b'); };",
      'attune/no-page-writes',
    ],
    ['classList in chat/', 'chat/b4.ts', "export const f = (node: Element) => { node.classList.add('b'); };", 'attune/no-page-writes'],
    ['appendChild in chat/', 'chat/b5.ts', 'export const f = (a: Node, b: Node) => a.appendChild(b);', 'attune/no-page-writes'],
    ['textContent in chat/', 'chat/b6.ts', "export const f = (node: Node) => { node.textContent = ''; };", 'attune/no-page-writes'],
    ['a style in chat/', 'chat/b7.ts', "export const f = (node: HTMLElement) => { node.style.color = 'red'; };", 'attune/no-page-writes'],
    ['dataset in chat/', 'chat/b8.ts', "export const f = (node: HTMLElement) => { delete node.dataset['a']; };", 'attune/no-page-writes'],
    [
      'a wrapped range in chat/',
      'chat/b9.ts',
      'export const f = (r: Range, n: Element) => { r.surroundContents(n); };',
      'attune/no-page-writes',
    ],
    [
      'a generic node in chat/',
      'chat/c1.ts',
      'export function f<T extends Element>(node: T | null) { node?.remove(); }',
      'attune/no-page-writes',
    ],
  ])('finds %s', async (_what, path, code, rule) => {
    expect(await brokenRules(path, code)).toContain(rule);
  });

  it.each([
    [
      'lists and maps of our own',
      'chat/ok1.ts',
      'export const f = (set: Set<string>, url: URLSearchParams) => { set.add("a"); url.append("a", "b"); };',
    ],
    [
      'adopting a style sheet',
      'chat/ok2.ts',
      'export const f = (sheet: CSSStyleSheet) => { document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; };',
    ],
    ['reading a page', 'chat/ok3.ts', 'export const f = (node: Element) => node.getAttribute("a") ?? node.textContent;'],
    ['moving a range of our own', 'chat/ok4.ts', 'export const f = (r: Range, n: Node) => { r.setStart(n, 0); };'],
    ['the composer', 'chat/composer.ts', 'export const f = (box: HTMLTextAreaElement) => { box.value = "a"; };'],
    ['plain text work', 'review/ok5.ts', 'export const f = (text: string) => text.normalize("NFC");'],
  ])('allows %s', async (_what, path, code) => {
    expect(await brokenRules(path, code)).toEqual([]);
  });
});

describe('dependency-cruiser', { timeout: TIMEOUT_MS }, () => {
  async function brokenDirections(files: Readonly<Record<string, string>>): Promise<string[]> {
    const folder = mkdtempSync(join(project, 'tree-'));
    for (const [path, code] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), code);
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const rules = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as { forbidden: object[] };
    const { output } = await cruise(['.'], {
      baseDir: folder,
      validate: true,
      ruleSet: { forbidden: rules.forbidden as [] },
      tsPreCompilationDeps: true,
    });
    if (typeof output === 'string') throw new Error(output);
    return output.summary.violations.map(({ rule }) => rule.name);
  }

  const a = 'export const a = 1;';
  it.each([
    ['review → chat', 'review-imports', { 'review/x.ts': "export * from '../chat/a.ts';", 'chat/a.ts': a }],
    ['review → packs beside the schema', 'review-imports', { 'review/x.ts': "export * from '../packs/read.ts';", 'packs/read.ts': a }],
    ['chat → extension', 'chat-imports', { 'chat/x.ts': "export * from '../extension/a.ts';", 'extension/a.ts': a }],
    ['chat → components', 'chat-imports', { 'chat/x.ts': "export * from '../components/a.ts';", 'components/a.ts': a }],
    [
      'components → entrypoints',
      'components-imports',
      { 'components/x.ts': "export * from '../entrypoints/a.ts';", 'entrypoints/a.ts': a },
    ],
    ['extension → entrypoints', 'extension-imports', { 'extension/x.ts': "export * from '../entrypoints/a.ts';", 'entrypoints/a.ts': a }],
    ['cli → entrypoints', 'cli-imports', { 'cli/x.ts': "export * from '../entrypoints/a.ts';", 'entrypoints/a.ts': a }],
    [
      'a cycle',
      'no-cycles',
      {
        'review/x.ts': "import { a } from './a.ts'; export const x = a;",
        'review/a.ts': "import { x } from './x.ts'; export const a = x;",
      },
    ],
    ['code → tests', 'no-tests-in-code', { 'review/x.ts': "export * from '../tests/a.ts';", 'tests/a.ts': a }],
    ['review → Node', 'engine-without-node', { 'review/x.ts': "export { sep } from 'node:path';" }],
  ])('finds %s', async (_what, rule, files) => {
    expect(await brokenDirections(files)).toContain(rule);
  });

  it('allows the direction of the layout', async () => {
    const files = {
      'entrypoints/e.ts': "export * from '../extension/x.ts'; export * from '../components/c.ts';",
      'extension/x.ts': "export * from '../chat/h.ts';",
      'components/c.ts': "export * from '../review/r.ts';",
      'chat/h.ts': "export * from '../review/r.ts';",
      'review/r.ts': "export * from '../packs/schema/s.ts';",
      'packs/schema/s.ts': a,
    };
    expect(await brokenDirections(files)).toEqual([]);
  });
});
