import { test as base } from '@playwright/test';
import { dataFolder, startEngine, type BucketAccess, type Engine } from './engine.ts';

/** The app under test: `sluice serve` on a data folder of its own, which survives restarts. */
export interface App {
  /** Where the page is now, with the token that lets it in; another one after a restart. */
  readonly address: string;
  readonly data: string;
  /** The built-in bucket, for a stock S3 client. */
  s3(): BucketAccess;
  /** Stops the engine (unless it was killed) and starts it again on the same port and data folder. */
  restart(): Promise<void>;
  /** Ends the engine as a power cut would. */
  sigkill(): Promise<void>;
  log(): string;
}

export const test = base.extend<{ app: App }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures a fixture needs from this pattern
  app: async ({}, use, testInfo) => {
    const folder = dataFolder();
    const engines: Engine[] = [];
    let killed = false;
    const now = (): Engine => {
      const engine = engines.at(-1);
      if (engine === undefined) throw new Error('The engine was never started');
      return engine;
    };
    const log = (): string => engines.map((engine) => engine.log()).join('\n---- started again\n');
    try {
      engines.push(await startEngine({ data: folder.path }));
      await use({
        get address() {
          return now().address;
        },
        data: folder.path,
        s3: () => now().bucket,
        async restart() {
          const { port } = now();
          if (!killed) await now().stop();
          killed = false;
          engines.push(await startEngine({ data: folder.path, port }));
        },
        async sigkill() {
          killed = true;
          await now().kill();
        },
        log,
      });
      if (!killed) await engines.at(-1)?.stop();
    } finally {
      for (const engine of engines) engine.sweep();
      if (testInfo.status !== testInfo.expectedStatus && engines.length > 0) {
        await testInfo.attach('engine.log', { body: log(), contentType: 'text/plain' });
        process.stdout.write(`\nWhat the engine printed:\n${log()}\n`);
      }
      folder.remove();
    }
  },
});

export { expect } from '@playwright/test';
