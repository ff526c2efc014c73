import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What every project shares. Limits are generous: two cores may be busy with something else, and no test measures time. */
const shared = {
  environment: 'node',
  pool: 'forks',
  testTimeout: 30_000,
  hookTimeout: 30_000,
  execArgv: ['--disable-warning=ExperimentalWarning'],
} satisfies TestProjectInlineConfiguration['test'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}'],
          exclude: ['test/unit/electron/**'],
        },
      },
      {
        resolve: { alias: { electron: here('test/support/electron-double.ts') } },
        test: {
          ...shared,
          name: 'unit-electron',
          include: ['test/unit/electron/**/*.test.ts'],
          server: { deps: { inline: ['electron-store'] } },
        },
      },
      {
        resolve: { alias: { electron: here('test/support/electron-double.ts') } },
        test: { ...shared, name: 'contract', include: ['test/contract/**/*.test.ts'] },
      },
      // As much as a run may take where two cores are busy with something else; see CONTRIBUTING.md.
      { test: { ...shared, name: 'proof', include: ['test/proof/**/*.test.ts'], testTimeout: 15 * 60_000 } },
      { test: { ...shared, name: 'interop', include: ['test/interop/**/*.test.ts'], testTimeout: 120_000 } },
    ],
  },
});
