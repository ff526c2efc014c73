import type { BucketAccess } from '../../e2e/support/engine.ts';
import { CLI } from '../bench.ts';
import { startServer, type Started } from './start.ts';

/** The built-in bucket. @param data the folder it keeps */
export async function startBucket(data: string): Promise<BucketAccess & Pick<Started, 'stop'>> {
  const { announced, stop } = await startServer(
    [...CLI, 'bucket', '--port', '0', '--data', data, '--json'],
    data,
  );
  return { ...(announced as unknown as BucketAccess), stop };
}
