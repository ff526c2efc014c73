import { join } from 'node:path';
import { startServer } from './start.ts';

export { startBucket } from './bucket.ts';
export { partCounts, type PartCounts } from './part-counts.ts';

/** A server by its address, until it is stopped. */
export interface Endpoint {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

export interface FrontOptions {
  readonly target: string;
  /** Files of PEM. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
}

export interface LineOptions {
  readonly target: string;
  readonly roundTripMs: number;
  /** Of all connections together. */
  readonly bytesPerSecond: number;
  readonly bytesPerConnection: number;
  /** How likely a segment is to be lost. */
  readonly loss: number;
  readonly seed: number;
}

/** @param scratch where it runs */
export const startSink = (scratch: string, options: { readonly check: boolean }): Promise<Endpoint> =>
  start('sink.ts', options.check ? ['--check'] : [], scratch);

export const startFront = (scratch: string, options: FrontOptions): Promise<Endpoint> =>
  start('front.ts', [JSON.stringify(options)], scratch);

export const startLine = (scratch: string, options: LineOptions): Promise<Endpoint> =>
  start('line.ts', [JSON.stringify(options)], scratch);

async function start(script: string, args: readonly string[], scratch: string): Promise<Endpoint> {
  const path = join(import.meta.dirname, script);
  const { announced, stop } = await startServer(
    ['--disable-warning=ExperimentalWarning', path, ...args],
    scratch,
  );
  return { endpoint: String(announced['endpoint']), stop };
}
