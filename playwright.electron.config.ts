import { defineConfig } from '@playwright/test';

const report = process.env['SLUICE_TEST_REPORT'];

/** What only Electron itself can show. Everything else is tested without it. Needs its program and a display. */
export default defineConfig({
  testDir: 'test/electron',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/electron',
  workers: 1,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
});
