import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BufferPool } from '#internal/main/transfers/limits/buffers';
import { FileSource } from '#internal/main/transfers/source/source';
import type { FileUpload } from '#internal/main/transfers/upload/context';
import { withPartBody } from '#internal/main/transfers/upload/part-body';

const MiB = 1024 * 1024;
const signal = new AbortController().signal;
let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-part-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function opened(content: Buffer): Promise<{ upload: FileUpload; path: string; source: FileSource }> {
  const path = join(folder, 'file.bin');
  writeFileSync(path, content);
  const source = await FileSource.open(path);
  return {
    upload: { source, tools: { buffers: new BufferPool(4 * MiB) } } as unknown as FileUpload,
    path,
    source,
  };
}

async function all(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return Buffer.concat(copies);
}

test('a part far larger than the memory for parts comes through in pieces, as often as it is asked for', async () => {
  const content = randomBytes(40 * MiB + 77);
  const { upload, source } = await opened(content);
  const range = { number: 1, offset: 5, length: 40 * MiB };
  const part = content.subarray(5, 5 + range.length);
  await withPartBody(upload, range, signal, async ({ body, crc32: crc, held }) => {
    expect(held).toBeNull();
    expect(crc).toBe(crc32(part));
    if (Buffer.isBuffer(body)) throw new TypeError('it is held after all');
    for (let times = 0; times < 2; times += 1) expect((await all(body.chunks())).equals(part)).toBe(true);
  });
  await source.close();
});

test('bytes that are not those the checksum was made of are never sent whole', async () => {
  const content = randomBytes(34 * MiB);
  const { upload, path, source } = await opened(content);
  const range = { number: 1, offset: 0, length: content.length };
  await withPartBody(upload, range, signal, async ({ body }) => {
    if (Buffer.isBuffer(body)) throw new TypeError('it is held after all');
    content[20 * MiB] = (content[20 * MiB] ?? 0) ^ 1;
    writeFileSync(path, content);
    let sent = 0;
    const sending = (async () => {
      for await (const chunk of body.chunks()) sent += chunk.length;
    })();
    await expect(sending).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(sent).toBeLessThan(content.length);
  });
  await source.close();
});
