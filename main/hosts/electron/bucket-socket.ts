import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path a Unix socket may have, on the strictest of systems. */
const LIMIT = 103;

/** Where the built-in bucket listens in the desktop app, which opens no port: a socket that only this user reaches. */
export function bucketSocket(dataFolder: string, platform: NodeJS.Platform): string {
  const id = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\sluice-${id}`;
  const inside = join(dataFolder, 'bucket.sock');
  return Buffer.byteLength(inside) <= LIMIT ? inside : join(tmpdir(), `sluice-${id}.sock`);
}
