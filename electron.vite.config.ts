import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// Needs no Electron binary: the package's version and types are all that is read of it.

const root = import.meta.dirname;

/**
 * Those of the entries whose source, and what it stands on, exist: a room can be built before its neighbours are.
 * @param sources the entry first
 */
function entries(sources: Readonly<Record<string, readonly [string, ...string[]]>>): Record<string, string> {
  const existing = Object.entries(sources).filter(([, files]) =>
    files.every((file) => existsSync(join(root, file))),
  );
  return Object.fromEntries(existing.map(([name, [entry]]) => [name, join(root, entry)]));
}

const has = (input: Record<string, string>) => Object.keys(input).length > 0;

const engine = 'main/engine.ts';
const inputs = {
  main: entries({
    electron: ['main/hosts/electron/main.ts', engine],
    cli: ['main/hosts/cli/main.ts', engine],
    'tables-process': ['main/tables/process/main.ts'],
  }),
  preload: entries({ preload: ['preload/preload.ts'] }),
  renderer: entries({ index: ['renderer/index.html', 'renderer/src/main.tsx'] }),
};

interface Chunk {
  readonly type: 'chunk' | 'asset';
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

/**
 * Fails the build where an entry reaches `electron`, directly or through chunks it shares: outside Electron that
 * import would try to download it.
 */
function keepsClearOfElectron(names: readonly string[]) {
  return {
    name: 'sluice:clear-of-electron',
    generateBundle(_options: unknown, bundle: Readonly<Record<string, Chunk>>) {
      const seen = new Set<string>();
      const visit = (file: string, way: readonly string[]): void => {
        if (/^electron(\/|$)/.test(file)) throw new Error(`${[...way, file].join(' -> ')}: reaches electron`);
        if (seen.has(file)) return;
        seen.add(file);
        const chunk = bundle[file];
        for (const next of [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])]) {
          visit(next, [...way, file]);
        }
      };
      for (const name of names) visit(`${name}.js`, []);
    },
  };
}

/** Says that `out/main` holds ES modules, for the copy of it that lives outside the archive of the packaged app. */
const saysModule = {
  name: 'sluice:says-module',
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): string }) {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "module" }\n' });
  },
};

export default defineConfig({
  ...(has(inputs.main) && {
    main: {
      plugins: [keepsClearOfElectron(['cli', 'tables-process']), saysModule],
      build: {
        outDir: 'out/main',
        sourcemap: true,
        emptyOutDir: true,
        externalizeDeps: false,
        rolldownOptions: {
          input: inputs.main,
          external: [/^@duckdb\//],
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
  }),
  ...(has(inputs.preload) && {
    preload: {
      build: {
        outDir: 'out/preload',
        sourcemap: true,
        emptyOutDir: true,
        externalizeDeps: false,
        rolldownOptions: {
          input: inputs.preload,
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  }),
  ...(has(inputs.renderer) && {
    renderer: {
      root: join(root, 'renderer'),
      plugins: [react()],
      build: {
        outDir: join(root, 'out/renderer'),
        sourcemap: true,
        emptyOutDir: true,
        minify: true,
        rolldownOptions: { input: inputs.renderer },
      },
    },
  }),
});
