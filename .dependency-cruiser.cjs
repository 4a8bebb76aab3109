// Imports run one way (docs: the layout): entrypoints → extension → components, chat, feedback → review → packs/schema.
const SOURCE = '^(entrypoints|extension|components|chat|feedback|review|packs|cli|collector|demo|scripts)/';
const TESTS = '(\\.test\\.tsx?$|^tests/)';

/** A folder and all that it may import from; packages are checked by other rules. */
function onlyFrom(folder, allowed) {
  const inside = [folder, ...allowed].map((path) => (path.endsWith('.ts') ? `${path}$` : `${path}/`));
  return {
    name: `${folder.replace('/', '-')}-imports`,
    comment: `${folder}/ may import from ${[folder, ...allowed].join(', ')} only.`,
    severity: 'error',
    from: { path: `^${folder}/`, pathNot: TESTS },
    to: { path: `${SOURCE}|^tests/`, pathNot: `^(${inside.join('|')})` },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'no-missing',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { couldNotResolve: true, pathNot: '^#?virtual|^\\.wxt|^#i18n' },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'A package that is not in package.json is there by chance.',
      severity: 'error',
      from: { path: SOURCE },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    { name: 'no-tests-in-code', severity: 'error', from: { path: SOURCE, pathNot: TESTS }, to: { path: TESTS } },
    onlyFrom('packs/schema', ['review/types.ts']),
    onlyFrom('review', ['packs/schema']),
    onlyFrom('chat', ['review']),
    onlyFrom('feedback', ['review']),
    onlyFrom('components', ['chat', 'feedback', 'review', 'packs/schema', 'extension']),
    onlyFrom('extension', ['components', 'chat', 'feedback', 'review', 'packs']),
    onlyFrom('entrypoints', ['extension', 'components', 'chat', 'feedback', 'review', 'packs/schema']),
    onlyFrom('packs', ['review']),
    onlyFrom('collector', ['feedback', 'review', 'packs/schema']),
    onlyFrom('cli', ['review', 'packs', 'collector', 'feedback']),
    onlyFrom('demo', ['review']),
    {
      name: 'engine-is-pure',
      comment: 'review/ and chat/ know no extension, review/ no Node.',
      severity: 'error',
      from: { path: '^(review|chat)/', pathNot: TESTS },
      to: { path: 'node_modules/(wxt|@wxt-dev|@webext-core)/' },
    },
    {
      name: 'engine-without-node',
      severity: 'error',
      from: { path: '^review/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.output|\\.wxt|\\.cache|demo/dist|models/training)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
