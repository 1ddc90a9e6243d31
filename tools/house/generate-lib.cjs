'use strict';
// npx nx g ./tools/house:lib NAME --uses contracts,ledger

const manifest = (name, uses) => ({
  name: `@dawsos/${name}`,
  version: '0.1.0',
  private: true,
  license: 'MIT',
  main: './dist/index.js',
  types: './dist/index.d.ts',
  exports: {
    '.': { '@dawsos/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  files: ['dist'],
  dependencies: Object.fromEntries(uses.map((lib) => [`@dawsos/${lib}`, '0.1.0'])),
  nx: { tags: [`lib:${name}`], targets: { build: {}, lint: {}, test: {}, typecheck: {} } },
});

const buildConfig = (uses) => ({
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    rootDir: 'src',
    outDir: 'dist',
    tsBuildInfoFile: 'dist/.tsbuildinfo',
    customConditions: [],
  },
  include: ['src'],
  exclude: ['src/**/*.test.ts', 'src/**/__fixtures__/**'],
  references: uses.map((lib) => ({ path: `../../libs/${lib}/tsconfig.build.json` })),
});

const checkConfig = {
  extends: '../../tsconfig.base.json',
  compilerOptions: { noEmit: true, composite: false, incremental: false, types: ['node', 'jest'] },
  include: ['src', 'test'],
};

const asJson = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Puts the lib's layer before that of lib:testing, which may be used by tests alone. */
function withLayer(eslintConfig, name, uses) {
  const mark = "  'lib:testing':";
  if (!eslintConfig.includes(mark)) throw new Error('eslint.config.mjs has no layer of lib:testing');
  const tags = uses.map((lib) => `'lib:${lib}'`).join(', ');
  return eslintConfig.replace(mark, `  'lib:${name}': [${tags}],\n${mark}`);
}

/** The build goes through libs in the order of tsconfig.json, apps last. */
function withReference(tsconfig, name) {
  const config = JSON.parse(tsconfig);
  const path = `libs/${name}/tsconfig.build.json`;
  const firstApp = config.references.findIndex((reference) => reference.path.startsWith('apps/'));
  config.references.splice(firstApp, 0, { path });
  return asJson(config);
}

module.exports = async function generateLib(tree, { name, uses }) {
  const used = uses.split(',').filter((lib) => lib !== '');
  const unknown = used.filter((lib) => !tree.exists(`libs/${lib}/package.json`));
  if (unknown.length > 0) throw new Error(`there is no lib ${unknown.join(', ')}`);
  const root = `libs/${name}`;
  if (tree.exists(root)) throw new Error(`${root} is there already`);
  tree.write(`${root}/package.json`, asJson(manifest(name, used)));
  tree.write(`${root}/tsconfig.json`, asJson(checkConfig));
  tree.write(`${root}/tsconfig.build.json`, asJson(buildConfig(used)));
  tree.write(`${root}/src/index.ts`, 'export {};\n');
  tree.write('tsconfig.json', withReference(tree.read('tsconfig.json', 'utf8'), name));
  tree.write('eslint.config.mjs', withLayer(tree.read('eslint.config.mjs', 'utf8'), name, used));
  return () => {
    process.stdout.write(`next: npm install (links @dawsos/${name}), and its line in ARCHITECTURE.md\n`);
  };
};
