const swc = [
  '@swc/jest',
  {
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];
/** Property tests run so many times their usual number: `npm run test:long`. */
const PROPERTY_FACTOR = Number(process.env['PROPERTY_FACTOR'] ?? 1);

const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@dawsos/source', 'node', 'require', 'default'] },
  transform: { '\\.ts$': swc },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: { '^fast-check$': '<rootDir>/tools/test/fast-check.cjs' },
  globals: { PROPERTY_FACTOR },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.dawsos/', '<rootDir>/.nx/'],
};

/** unit: beside the code, no services. integration: real PostgreSQL and Redis, `test/` of libs and apps. e2e: whole processes. */
module.exports = {
  // of all suites: real services take their time on a busy machine, and Jest has no timeout by project
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{apps,libs}/*/src/**/*.test.ts'] },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs}/*/test/**/*.test.ts'],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/e2e/**/*.test.ts'] },
  ],
};
