// The checks that types cannot make. The last blocks are Attune's own promises, each with a test in scripts/lint/.
import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';
import { noPageWrites } from './scripts/lint/no-page-writes.ts';

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'tests/**'];
const CODE = ['**/*.ts', '**/*.tsx'];

const nodeBuiltins = builtinModules.filter((name) => !name.startsWith('_'));

const EXTENSION_API = {
  group: ['wxt', 'wxt/*', '@wxt-dev/*', '@webext-core/*', 'webextension-polyfill'],
  message: 'This folder does not know that it runs in an extension.',
};
const NODE_API = { group: ['node:*', ...nodeBuiltins], message: 'review/ runs in browsers too: pass in what it needs.' };

const extensionGlobals = ['browser', 'chrome'].map((name) => ({
  name,
  message: 'This folder does not know that it runs in an extension.',
}));
const pageGlobals = [
  ...['document', 'window', 'navigator', 'location', 'history', 'localStorage', 'sessionStorage', 'customElements', 'getComputedStyle'],
  ...['Node', 'Element', 'HTMLElement', 'Text', 'Range', 'Highlight', 'CSS', 'MutationObserver', 'DOMParser', 'requestAnimationFrame'],
].map((name) => ({ name, message: 'review/ has no page: it works on text.' }));
const nodeGlobals = ['process', 'Buffer', '__dirname', '__filename', 'require', 'global', 'setImmediate'].map((name) => ({
  name,
  message: 'review/ runs in browsers too.',
}));

/** Ways to have a string parsed as HTML: with text from a chat page, each is a hole. */
const NO_HTML_STRINGS = [
  'error',
  ...['innerHTML', 'outerHTML', 'srcdoc'].map((name) => ({
    selector: `AssignmentExpression > MemberExpression.left[property.name="${name}"]`,
    message: `${name} parses a string as HTML. Build nodes, or let React do it.`,
  })),
  ...['insertAdjacentHTML', 'setHTMLUnsafe', 'parseHTMLUnsafe', 'createContextualFragment', 'write', 'writeln'].map((name) => ({
    selector: `CallExpression > MemberExpression.callee[property.name="${name}"]${name.startsWith('write') ? '[object.name="document"]' : ''}`,
    message: `${name} parses a string as HTML. Build nodes, or let React do it.`,
  })),
  { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'React can render text; HTML strings are a hole.' },
  { selector: 'Property[key.name="dangerouslySetInnerHTML"]', message: 'React can render text; HTML strings are a hole.' },
];

export default tseslint.config(
  {
    ignores: ['.output/', '.wxt/', '.cache/', '**/dist/', 'coverage/', 'models/', 'public/', '**/*.d.ts', '**/*.d.mts'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', module: 'readonly' } },
  },
  {
    files: CODE,
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'react-hooks': reactHooks },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Matters of style that cost more words than they save mistakes.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      // Answers are full of characters that a pattern has to name.
      'no-control-regex': 'off',
      'no-misleading-character-class': 'off',
      'no-irregular-whitespace': ['error', { skipStrings: true, skipComments: true, skipRegExps: true, skipTemplates: true }],
    },
  },
  {
    // Tests read what they are given; the pack generator reads CLDR's JSON, whose types would be longer than itself.
    files: [...TESTS, 'packs/generate.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },

  // --- Attune's own promises
  {
    // Nothing turns a string into HTML. (Tests may: they make pages.)
    files: ['**/*.ts', '**/*.tsx', '**/*.js', '**/*.mjs'],
    ignores: TESTS,
    rules: { 'no-restricted-syntax': NO_HTML_STRINGS },
  },
  {
    // The engine is pure: no page, no extension, no Node.
    files: ['review/**'],
    ignores: TESTS,
    rules: {
      'no-restricted-imports': ['error', { patterns: [EXTENSION_API, NODE_API] }],
      'no-restricted-globals': ['error', ...extensionGlobals, ...pageGlobals, ...nodeGlobals],
    },
  },
  {
    // Reading pages needs the DOM and nothing of the extension.
    files: ['chat/**'],
    ignores: TESTS,
    rules: {
      'no-restricted-imports': ['error', { patterns: [EXTENSION_API] }],
      'no-restricted-globals': ['error', ...extensionGlobals],
    },
  },
  {
    // The page stays as it is. Writing the reader's own follow-up into the composer is the one exception.
    files: ['chat/**/*.ts', 'chat/**/*.tsx'],
    ignores: [...TESTS, 'chat/composer.ts'],
    plugins: { attune: { rules: { 'no-page-writes': noPageWrites } } },
    rules: { 'attune/no-page-writes': 'error' },
  },
);
