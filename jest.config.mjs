/** Jest in ESM mode (Agenda is ESM-only). One real mongod per run, one database per test file. */
export default {
  testEnvironment: '<rootDir>/test/support/one-realm-environment.mjs',
  runtime: '<rootDir>/test/support/sharing-runtime.mjs',
  injectGlobals: false,
  roots: ['<rootDir>/src', '<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts'],
  coverageProvider: 'babel',
  workerIdleMemoryLimit: '512MB',
  maxWorkers: 3,
  restoreMocks: true,
  testTimeout: 60_000,
};
