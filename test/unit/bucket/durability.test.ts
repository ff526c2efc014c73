/** What a kill cannot show: that everything is synced, in order, before the client is told. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import { findTool } from '../../interop/tools.ts';
import { startBucketChild } from './child.ts';
import { BUCKET, bytesOf, clientOf, temporaryFolder } from './support.ts';

let root = '';
beforeAll(async () => {
  root = await temporaryFolder();
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function traced(context: TestContext): Promise<string[]> {
  const strace = process.platform === 'linux' ? await findTool('strace') : null;
  if (strace === null) return context.skip('strace is not on PATH of this machine');
  const log = join(root, 'trace');
  // -D: the server is our child and the tracer its side, so that signals go to the server.
  const options = ['-D', '-f', '-y', '-e', 'trace=fsync,pwrite64,write,writev', '-o', log];
  const child = await startBucketChild(join(root, 'store'), (command) => [strace].concat(options, command));
  const s3 = clientOf(child.origin);
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'x', Body: bytesOf(100_000) }));
  s3.destroy();
  await child.stop();
  return vi.waitFor(async () => {
    const lines = (await readFile(log, 'utf8')).split('\n');
    expect(lines.at(-2)).toContain('+++');
    return lines;
  });
}

test(
  'the file, its folder and the index are synced before the answer',
  { timeout: 60_000 },
  async (context) => {
    const lines = await traced(context);
    const data = join(root, 'store', 'data');
    const steps = [
      (line: string) => line.includes('pwrite64(') && line.includes(`<${data}/000000000/`),
      (line: string) => line.includes('fsync(') && line.includes(`<${data}/000000000/`),
      (line: string) => line.includes('fsync(') && line.includes(`<${data}/000000000>`),
      (line: string) => line.includes('pwrite64(') && line.includes('index.db-wal>'),
      (line: string) => line.includes('fsync(') && line.includes('index.db-wal>'),
      (line: string) => line.includes('HTTP/1.1 200'),
    ];
    // The first write of data begins the story; from there each step is looked for behind the one before.
    let at = 0;
    for (const [number, step] of steps.entries()) {
      const found = lines.findIndex((line, index) => index >= at && step(line));
      expect(found, `step ${number} of ${steps.length}`).not.toBe(-1);
      at = found + 1;
    }
    expect(lines.findIndex((line) => line.includes('HTTP/1.1 200'))).toBe(at - 1);
  },
);
