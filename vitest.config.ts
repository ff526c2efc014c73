import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: {
      // Importing the real package outside Electron tries to download it.
      electron: join(import.meta.dirname, 'test/support/electron-double.ts'),
    },
  },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    server: { deps: { inline: ['electron-store'] } },
  },
});
