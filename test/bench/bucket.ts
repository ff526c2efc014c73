import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { BucketAccess } from '../e2e/support/engine.ts';
import { CLI, cleanEnvironment } from './bench.ts';
import { killGroup } from './measure.ts';

/** The built-in bucket in a process of its own, so that what it costs is nobody's but its own. */
export async function startBucket(data: string): Promise<BucketAccess & { stop(): Promise<void> }> {
  const child = spawn(process.execPath, [CLI, 'bucket', '--port', '0', '--data', data, '--json'], {
    cwd: data,
    env: cleanEnvironment(data),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const endGroup = (): void => killGroup(child.pid);
  process.once('exit', endGroup);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const limit = setTimeout(endGroup, 10_000);
    await ended;
    clearTimeout(limit);
    endGroup();
    process.off('exit', endGroup);
  };
  try {
    const access = await new Promise<BucketAccess>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
      child.once('error', reject);
      child.once('close', () => reject(new Error(`The bucket did not start:\n${said}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        const value = JSON.parse(line) as BucketAccess | { readonly bucket: BucketAccess };
        resolve(typeof value.bucket === 'string' ? (value as BucketAccess) : value.bucket);
      });
    });
    return { ...access, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
