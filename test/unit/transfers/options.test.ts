import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { uploadOptions } from '#shared/domain';
import { encodeCrc32 } from '#shared/lib';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
let rig: UploadRig;
beforeEach(async () => (rig = await startRig()));
afterEach(() => rig.close());

const isPart = (url: string): boolean => url.includes('partNumber=');
const done = async (id: string): Promise<void> =>
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });

/** Compresses to about a half. */
function halfRandom(bytes: number): Buffer {
  const content = randomBytes(bytes);
  for (let at = 0; at < bytes; at += 2) content[at] = 0x61;
  return content;
}

function write(name: string, content: Buffer | string): { path: string; content: Buffer } {
  const path = join(rig.folder, name);
  writeFileSync(path, content);
  return { path, content: Buffer.from(content) };
}

const spooled = (): readonly string[] =>
  existsSync(join(rig.folder, 'spool')) ? readdirSync(join(rig.folder, 'spool')) : [];

test.each([
  ['gzip', '.gz', gunzipSync],
  ['zstd', '.zst', zstdDecompressSync],
] as const)(
  'compressed by %s, in one PUT or in parts, it holds the file and says what the file was',
  async (compress, suffix, open) => {
    const small = write('notes.csv', halfRandom(50_000));
    const large = write('large.csv', halfRandom(14 * MiB));
    for (const { path, content } of [small, large]) {
      const id = rig.add(path, content.length, 5 * MiB, { compress, sha256: true });
      await done(id);
      const record = rig.transfers.record(id);
      expect(record.key.endsWith(`.csv${suffix}`)).toBe(true);
      expect(record.contentType).toBe(`application/${compress}`);
      const stored = await rig.stored(id);
      expect(open(stored ?? Buffer.alloc(0)).equals(content)).toBe(true);
      expect((await rig.head(id)).Metadata).toMatchObject({
        'sluice-original-size': String(content.length),
        'sluice-original-crc32': encodeCrc32(crc32(content)),
      });
      const receipt = rig.transfers.receipt(id);
      expect(receipt.original).toEqual({
        size: content.length,
        crc32: encodeCrc32(crc32(content)),
        compressedBy: compress,
      });
      expect(receipt.crc32).toBe(encodeCrc32(crc32(stored ?? Buffer.alloc(0))));
      expect(receipt.source.size).toBe(content.length);
      expect(receipt.object.size).toBe(stored?.length);
      expect(receipt.sha256).toBe(createHash('sha256').update(content).digest('hex'));
    }
    await expect.poll(spooled).toEqual([]);
  },
);

test('what is compressed already is sent as it is, and the receipt says so', async () => {
  const named = write('photo.jpg', randomBytes(2000));
  const byContent = write('export.csv', Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(2000)]));
  for (const [{ path, content }, type] of [
    [named, 'image/jpeg'],
    [byContent, 'text/csv'],
  ] as const) {
    const id = rig.add(path, content.length, 5 * MiB, { compress: 'gzip' });
    await done(id);
    expect((await rig.stored(id))?.equals(content)).toBe(true);
    expect(rig.transfers.record(id).key).not.toMatch(/\.gz$/);
    expect(rig.transfers.record(id).contentType).toBe(type);
    expect(rig.transfers.receipt(id).notes.join()).toContain('compressed already');
    expect(rig.transfers.receipt(id).original).toBeNull();
  }
});

/** Lets one part of a compressed file through and holds the rest. */
async function halfWay(path: string, size: number): Promise<string> {
  let parts = 0;
  rig.decide = ({ url }) => (isPart(url) && (parts += 1) > 1 ? { kind: 'drop-before' } : { kind: 'pass' });
  const id = rig.add(path, size, 5 * MiB, { compress: 'zstd' });
  await expect.poll(() => rig.journal.transfers.parts(id).length, { timeout: 15_000 }).toBe(1);
  return id;
}

test('after a crash it goes on with what it was compressed to', async () => {
  const { path, content } = write('crash.csv', halfRandom(24 * MiB));
  const id = await halfWay(path, content.length);
  const packedAt = statSync(join(rig.folder, 'spool', id)).mtimeMs;
  rig.decide = ({ url }) => (isPart(url) ? { kind: 'drop-before' } : { kind: 'pass' });
  await rig.crashAndRestart();
  expect(statSync(join(rig.folder, 'spool', id)).mtimeMs).toBe(packedAt);
  await done(id);
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
  expect(zstdDecompressSync((await rig.stored(id)) ?? '').equals(content)).toBe(true);
}, 20_000);

test('a spool that was lost is made anew, the same to the byte, and parts that were sent are kept', async () => {
  const { path, content } = write('lost.csv', halfRandom(24 * MiB));
  const id = await halfWay(path, content.length);
  rig.transfers.pause(id);
  await expect.poll(() => rig.transfers.record(id).state.kind).toBe('paused');
  rmSync(join(rig.folder, 'spool', id));
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  await done(id);
  expect(rig.transfers.receipt(id).parts.kept).toBe(1);
  expect(zstdDecompressSync((await rig.stored(id)) ?? '').equals(content)).toBe(true);
}, 20_000);

test('a file that changed before it went on is compressed anew, and nothing is mixed', async () => {
  const { path, content } = write('edited.csv', halfRandom(24 * MiB));
  const id = await halfWay(path, content.length);
  rig.transfers.pause(id);
  const other = halfRandom(24 * MiB);
  writeFileSync(path, other);
  utimesSync(path, new Date(), new Date(Date.now() + 5000));
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.resume(id);
  await done(id);
  expect(zstdDecompressSync((await rig.stored(id)) ?? '').equals(other)).toBe(true);
  expect(rig.transfers.receipt(id).original?.crc32).toBe(encodeCrc32(crc32(other)));
  expect(await rig.leftovers(id)).toBe(0);
}, 20_000);

test('cancelled, neither parts nor what was compressed is left', async () => {
  const { path, content } = write('cancel.csv', halfRandom(24 * MiB));
  const id = await halfWay(path, content.length);
  rig.decide = () => ({ kind: 'pass' });
  rig.transfers.cancel(id);
  await rig.transfers.cleaned(rig.transfers.record(id).sessionId);
  expect(await rig.leftovers(id)).toBe(0);
  expect(spooled()).toEqual([]);
}, 20_000);

test('a name that does not tell leaves it to the content', async () => {
  const { path, content } = write('README', '# Größe\n');
  const id = rig.add(path, content.length);
  await done(id);
  expect(rig.transfers.record(id).contentType).toBe('text/plain; charset=utf-8');
  const named = rig.add(path, content.length, 5 * MiB, { contentType: 'text/markdown' });
  await done(named);
  expect(rig.transfers.record(named).contentType).toBe('text/markdown');
});

test('time and rights of a file are kept as metadata where it was asked for', async () => {
  const { path, content } = write('kept.csv', 'a\n1\n');
  utimesSync(path, 1_700_000_000, 1_700_000_000.5);
  const { mode } = statSync(path);
  const id = rig.add(path, content.length, 5 * MiB, {
    keepAttributes: true,
    metadata: { project: 'kelp' },
  });
  await done(id);
  expect((await rig.head(id)).Metadata).toMatchObject({
    'sluice-mtime': '1700000000.500000000',
    'sluice-mode': (mode & 0o7777).toString(8).padStart(4, '0'),
    'sluice-name': 'kept.csv',
    project: 'kelp',
  });
});

test('metadata that leaves no room for the name goes without it', async () => {
  const name = `${'ü'.repeat(100)}.csv`; // 600 bytes, percent-encoded
  const { path, content } = write(name, 'a\n1\n');
  const id = rig.add(path, content.length, 5 * MiB, { metadata: { a: 'x'.repeat(999), b: 'y'.repeat(590) } });
  await done(id);
  const metadata = (await rig.head(id)).Metadata ?? {};
  expect(metadata['b']).toHaveLength(590);
  expect(metadata['sluice-name']).toBeUndefined();
});

test.each([
  ['eleven tags', { tags: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`t${n}`, ''])) }],
  ['a tag of AWS', { tags: { 'aws:x': '1' } }],
  ['a sign no tag takes', { tags: { a: 'x<y' } }],
  ['too much metadata', { metadata: { a: 'x'.repeat(1000), b: 'y'.repeat(700) } }],
  ['metadata that no header carries', { metadata: { a: 'ü' } }],
  ['a name that is ours', { metadata: { 'sluice-id': 'x' } }],
  ['a content type that is none', { contentType: 'csv' }],
])('%s is refused before anything is sent', (_, options) => {
  expect(uploadOptions.safeParse(options).success).toBe(false);
});

test('where the limit lets nothing through, it waits and says so, and goes on once it does', async () => {
  const { path, content } = rig.file('still.bin', 11 * MiB);
  rig.transfers.bandwidth.setLimit(0, '18:00');
  const id = rig.add(path, content.length);
  await expect
    .poll(() => rig.transfers.view(id).state)
    .toMatchObject({
      kind: 'waiting',
      reason: 'limit',
      error: { message: 'The speed limit lets nothing through until 18:00.' },
    });
  expect(rig.proxy.seen.filter(({ url }) => isPart(url))).toEqual([]);
  rig.transfers.bandwidth.setLimit(null);
  await done(id);
  expect((await rig.stored(id))?.equals(content)).toBe(true);
});

test('a limit of nought stops what is under way, and parts that arrived are kept', async () => {
  const { path, content } = rig.file('stopped.bin', 16 * MiB);
  rig.transfers.bandwidth.setLimit(8e6);
  const id = rig.add(path, content.length);
  await expect.poll(() => rig.journal.transfers.parts(id).length, { timeout: 15_000 }).toBeGreaterThan(0);
  rig.transfers.bandwidth.setLimit(0);
  await expect
    .poll(() => rig.transfers.view(id).state)
    .toMatchObject({ kind: 'waiting', reason: 'limit', error: { code: 'LIMIT_STANDS_STILL' } });
  const arrived = rig.journal.transfers.parts(id).length;
  rig.transfers.bandwidth.setLimit(null);
  await done(id);
  expect((await rig.stored(id))?.equals(content)).toBe(true);
  expect(rig.transfers.receipt(id).parts.count).toBe(4);
  expect(arrived).toBeLessThan(4);
}, 20_000);

test('HEAD gives back what was asked for, whether it went up in one PUT or in parts', async () => {
  const options = {
    encryption: { kind: 'kms', keyId: 'key-1' },
    storageClass: 'STANDARD_IA',
    metadata: { project: 'kelp' },
    tags: { team: 'tides', 'cost center': 'a+b=c' },
    contentType: 'text/csv; header=present',
  } as const;
  for (const bytes of [1000, 11 * MiB]) {
    const { path, content } = rig.file(`made-${bytes}.csv`, bytes);
    const id = rig.add(path, content.length, 5 * MiB, options);
    await done(id);
    const head = await rig.head(id);
    expect(head).toMatchObject({
      ContentType: options.contentType,
      StorageClass: 'STANDARD_IA',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'key-1',
      Metadata: { project: 'kelp' },
      TagCount: 2,
    });
  }
});
