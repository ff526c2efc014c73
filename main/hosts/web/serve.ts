import { join } from 'node:path';
import { createEngine, type Engine } from '#main/engine';
import { persistentSecret, openDataFolder } from '#main/data-folder';
import { connectionOfEnvironment, nodePorts } from '../node/index.ts';
import { openLog, readAssets } from '../shared/index.ts';
import { startWebServer } from './server.ts';

export interface ServeOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly version: string;
  /** The built page. */
  readonly page: string;
  readonly tablesProcess: string;
  readonly sampleFile: string;
}

export interface Served {
  /** With the token that lets its holder in. */
  readonly address: string;
  readonly engine: Engine;
  close(): Promise<void>;
}

/** The whole app for a browser on this machine. */
export async function serve(options: ServeOptions): Promise<Served> {
  const folder = openDataFolder(options.dataFolder);
  const log = openLog(join(folder.path, 'logs'));
  const token = persistentSecret(folder, 'web-token', 32);
  const server = await startWebServer({
    port: options.port,
    token,
    assets: await readAssets(options.page),
    log,
  });
  try {
    const environment = connectionOfEnvironment();
    const engine = await createEngine(
      nodePorts({ dataFolder: folder.path, tablesProcess: options.tablesProcess, log }),
      {
        dataFolder: folder.path,
        version: options.version,
        owner: `sluice serve on port ${server.port}, process ${process.pid}`,
        bucketListen: { port: 0 },
        pageOrigins: () => server.origins,
        environment: environment === null ? [] : [environment],
        sampleFile: options.sampleFile,
      },
    );
    server.serve(engine.router, () => engine.services.connections.origins());
    return {
      address: `http://127.0.0.1:${server.port}/#t=${token}`,
      engine,
      async close() {
        await server.close();
        await engine.close();
        log.close();
      },
    };
  } catch (error) {
    await server.close();
    log.close();
    throw error;
  }
}
