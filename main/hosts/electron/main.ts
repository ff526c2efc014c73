import { join } from 'node:path';
import { createEngine } from '#main/engine';
import { connectionOfEnvironment } from '../node/index.ts';
import { startApp } from './app.ts';
import { bucketSocket } from './bucket-socket.ts';

// Not awaited: Electron is ready only once this module has been evaluated.
void startApp((ports, { dataFolder, version, appPath }) => {
  const environment = connectionOfEnvironment();
  return createEngine(ports, {
    dataFolder,
    version,
    owner: `the desktop app, process ${process.pid}`,
    bucketListen: { socketPath: bucketSocket(dataFolder, process.platform) },
    pageOrigins: () => [],
    environment: environment === null ? [] : [environment],
    sampleFile: join(appPath, 'assets', 'sample', 'shop-orders.csv'),
  });
});
