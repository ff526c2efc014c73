import type { Endpoint } from '../servers/index.ts';
import { startSink } from '../servers/index.ts';
import type { Store } from './contenders.ts';

/** A sink is trusted with nothing, and takes any keys. */
export const sinkStore = (endpoint: string): Store => ({
  endpoint,
  bucket: 'sink',
  region: 'us-east-1',
  accessKeyId: 'sink',
  secretAccessKey: 'sink',
  authority: null,
});

/** A sink of its own for the length of some work. @param check whether it computes the CRC-32 of all it is sent */
export async function withSink<T>(
  scratch: string,
  check: boolean,
  work: (sink: Endpoint, store: Store) => Promise<T>,
): Promise<T> {
  const sink = await startSink(scratch, { check });
  try {
    return await work(sink, sinkStore(sink.endpoint));
  } finally {
    await sink.stop();
  }
}
