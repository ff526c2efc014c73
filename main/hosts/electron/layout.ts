import { join } from 'node:path';

/** Where the parts of the built app are, in the repository and in the packaged archive alike. */
export interface Layout {
  readonly page: string;
  readonly preload: string;
  readonly tablesProcess: string;
}

/** @param appPath what Electron calls the app's path: the folder of package.json, or `app.asar` */
export function layout(appPath: string): Layout {
  return {
    page: join(appPath, 'out', 'renderer'),
    preload: join(appPath, 'out', 'preload', 'preload.cjs'),
    // A process of its own loads native code, which cannot be loaded from inside the archive.
    tablesProcess: join(
      appPath.replace(/app\.asar$/, 'app.asar.unpacked'),
      'out',
      'main',
      'tables-process.js',
    ),
  };
}
