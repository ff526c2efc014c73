import { startBucketServer } from '#main/bucket';
import { builtinKeys, BUILTIN_BUCKET, BUILTIN_REGION, openDataFolder } from '#main/data-folder';
import { lockFolder } from '#main/journal';
import { dataPath } from '../node/index.ts';
import { openBrowser, serve as startServing } from '../web/index.ts';
import type { Context } from './context.ts';

/** The app for a browser on this machine, until it is interrupted. */
export async function serve(
  context: Context,
  options: { readonly port: number; readonly open: boolean },
): Promise<void> {
  const { version, page, tablesProcess, sampleFile } = context.places;
  const dataFolder = dataPath(context.data);
  const served = await startServing({
    dataFolder,
    port: options.port,
    version,
    page,
    tablesProcess,
    sampleFile,
  });
  const { endpoint, bucket, keys, region } = served.engine.bucket;
  context.printer.result(
    {
      address: served.address,
      bucket: {
        endpoint,
        bucket,
        region,
        accessKeyId: keys.accessKeyId,
        secretAccessKey: keys.secretAccessKey,
      },
      dataFolder,
    },
    [`Sluice is at ${served.address}`, 'Ctrl-C stops it; what is unfinished goes on next time.'],
  );
  const closeBrowserPage = options.open ? openBrowser(served.address) : () => undefined;
  await interrupted(context.signal);
  closeBrowserPage();
  await served.close();
}

/** The built-in bucket alone, for other S3 clients, until it is interrupted. */
export async function bucket(context: Context, options: { readonly port: number }): Promise<void> {
  const folder = openDataFolder(dataPath(context.data));
  const unlock = lockFolder(folder.path, `sluice bucket, process ${process.pid}`);
  try {
    const keys = builtinKeys(folder);
    const server = await startBucketServer({
      root: folder.bucket,
      credentials: keys,
      region: BUILTIN_REGION,
      listen: { port: options.port },
      buckets: [BUILTIN_BUCKET],
      allowedOrigins: () => [],
    });
    context.printer.result(
      {
        endpoint: server.origin,
        bucket: BUILTIN_BUCKET,
        region: BUILTIN_REGION,
        ...keys,
        folder: folder.bucket,
      },
      [
        `The bucket listens at ${server.origin}`,
        `  export AWS_ENDPOINT_URL_S3=${server.origin} AWS_REGION=${BUILTIN_REGION} AWS_ACCESS_KEY_ID=${keys.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}`,
        `  bucket: ${BUILTIN_BUCKET}`,
      ],
    );
    await interrupted(context.signal);
    await server.close();
  } finally {
    unlock();
  }
}

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
