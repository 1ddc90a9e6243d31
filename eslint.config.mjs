import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const FOUNDATION = ['lib:contracts', 'lib:observability', 'lib:resilience'];

/** Who may import whom: a lib's tag, and the tags that it may use beside itself. */
const LAYERS = {
  'lib:contracts': [],
  'lib:observability': [],
  'lib:resilience': [],
  'lib:configuration': ['lib:contracts'],
  'lib:service': [...FOUNDATION, 'lib:configuration'],
  'lib:principals': ['lib:contracts', 'lib:database'],
  'lib:database': FOUNDATION,
  'lib:runs': [...FOUNDATION, 'lib:database'],
  'lib:queue': FOUNDATION,
  'lib:ledger': FOUNDATION,
  'lib:portfolio-math': ['lib:contracts'],
  'lib:market-data': ['lib:contracts', 'lib:resilience'],
  'lib:pricing': [...FOUNDATION, 'lib:database', 'lib:ledger', 'lib:market-data'],
  'lib:rights': [...FOUNDATION, 'lib:database'],
  'lib:exports': [...FOUNDATION, 'lib:rights'],
  'lib:patterns': FOUNDATION,
  'lib:agents': [
    ...FOUNDATION,
    'lib:ledger',
    'lib:market-data',
    'lib:pricing',
    'lib:portfolio-math',
    'lib:rights',
  ],
  'lib:admission': [...FOUNDATION, 'lib:ledger', 'lib:patterns', 'lib:pricing', 'lib:runs'],
  'lib:disclosure': [...FOUNDATION, 'lib:exports', 'lib:patterns', 'lib:rights', 'lib:runs'],
  'lib:testing': [...FOUNDATION, 'lib:database'],
};
const LIBS = Object.keys(LAYERS).filter((tag) => tag !== 'lib:testing');

/** `extra`: tags that every project may use as well. */
const constraints = (extra) =>
  Object.entries({ ...LAYERS, 'type:app': LIBS, 'type:tool': LIBS, 'type:e2e': ['lib:*'] }).map(
    ([sourceTag, allowed]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: [sourceTag, ...allowed, ...extra],
    }),
  );

const boundaries = (extra = []) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allow: [],
    depConstraints: constraints(extra),
    // Tests of these two use the real services that lib:testing starts with their help.
    ignoredCircularDependencies: ['database', 'observability'].map((lib) => [
      `@dawsos/${lib}`,
      '@dawsos/testing',
    ]),
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.dawsos', '**/__fixtures__', '**/generated'] },
  { plugins: { '@nx': nx }, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      // "Of the run." leaves the reader to guess what of it is meant; unfinished work belongs into an issue.
      'no-warning-comments': [
        'error',
        { terms: ['of', 'todo', 'fixme', 'xxx'], location: 'start', decoration: ['*'] },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'Name what is exported, so that the public surface is seen.',
        },
      ],
    },
  },
  {
    files: ['libs/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'A lib takes its configuration as an argument.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', 'e2e/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(['lib:*']),
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-properties': 'off',
    },
  },
  {
    files: ['**/*.{mjs,cjs,js}'],
    rules: { 'no-undef': 'off' },
  },
  prettier,
);
