import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom, type Room } from '../support.ts';
import { convert, failure } from './support.ts';
import { zip } from './zip.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const people = 'id,name\n1,Anna\n2,Ben\n';
/** So much that only its beginning is unpacked for a preview. */
const many = (() => {
  const lines = ['id,name,note\n'];
  for (let at = 0; at < 400_000; at += 1)
    lines.push(`${at},person ${(at * 7919) % 1_000_003},${(at * 104_729) % 999_983}\n`);
  return lines.join('');
})();

async function unpackedFiles(): Promise<string[]> {
  const names = await readdir(join(room.folder, 'work', 'clean')).catch(() => []);
  return names.filter((name) => name.endsWith('.unpacked'));
}

describe('a table that is packed', () => {
  test.each([
    ['gzip', gzipSync(people), { kind: 'gzip' }],
    [
      'gzip of two members',
      Buffer.concat([gzipSync('id,name\n1,Anna\n'), gzipSync('2,Ben\n')]),
      { kind: 'gzip' },
    ],
    ['Zstandard', zstdCompressSync(people), { kind: 'zstd' }],
    ['zip', zip([{ name: 'people.csv', content: people }]), { kind: 'zip', entry: 'people.csv' }],
    ['zip, not compressed', zip([{ name: 'people.csv', content: people, stored: true }]), { kind: 'zip' }],
  ])('%s', async (name, bytes, container) => {
    const { preview, csv } = await convert(room, await room.file(`${name}.csv`, bytes));
    expect(csv).toBe(people);
    expect(preview).toMatchObject({
      format: { kind: 'delimited' },
      container,
      rowsEstimated: 2,
      rowsExact: true,
    });
  });

  test('JSON and Parquet, too', async () => {
    const outputs = room.outputs('parquet');
    const source = await room.file('plain.csv', people);
    await room.tables.run({ source, recipe: { version: 1, name: '', target: null, steps: [] }, outputs });
    const parquet = await readFile(outputs[0]?.path ?? '');
    for (const [inner, content] of [
      ['parquet', parquet],
      ['json', Buffer.from('[{"id":1,"name":"Anna"},{"id":2,"name":"Ben"}]')],
    ] as const) {
      for (const bytes of [gzipSync(content), zstdCompressSync(content), zip([{ name: 'x', content }])]) {
        const { preview, csv } = await convert(room, await room.file('packed', bytes));
        expect(preview.format.kind).toBe(inner);
        expect(csv).toBe(people);
      }
    }
  });

  test('its head comes without unpacking all; the whole is unpacked once and goes with the table', async () => {
    for (const bytes of [
      gzipSync(many, { level: 1 }),
      zstdCompressSync(many),
      zip([{ name: 'many.csv', content: many }]),
    ]) {
      const path = await room.file('many.csv.gz', bytes);
      const began = performance.now();
      const preview = await room.tables.preview(path);
      expect(performance.now() - began).toBeLessThan(2000);
      expect(preview).toMatchObject({ rowsExact: false });
      expect(preview.rowsEstimated).toBeGreaterThan(300_000);
      expect(preview.rowsEstimated).toBeLessThan(500_000);
      const told: number[] = [];
      const profile = await room.tables.profile(path, { onProgress: (done) => told.push(done) });
      expect(profile).toMatchObject({ rows: 400_000, rejected: 0 });
      expect(told.length).toBeGreaterThan(0);
      const { csv } = await convert(room, path);
      expect(csv).toBe(many);
    }
    for (let at = 0; at < 8; at += 1) await room.tables.preview(await room.file(`other-${at}.csv`, people));
    expect(await unpackedFiles()).toEqual([]);
  });

  test('is given up at once where it is cancelled, and nothing is left', async () => {
    const path = await room.file('cancelled.csv.gz', gzipSync(many, { level: 1 }));
    await room.tables.preview(path);
    const failed = await failure(room.tables.profile(path, { signal: AbortSignal.timeout(20) }));
    expect(failed).toMatchObject({ code: 'CANCELLED' });
    expect(await room.tables.profile(path)).toMatchObject({ rows: 400_000 });
  });
});

describe('zip archives', () => {
  const several = zip([
    { name: '__MACOSX/._people.csv', content: 'x'.repeat(5000) },
    { name: '.hidden.csv', content: 'x,y\n'.repeat(5000) },
    { name: 'folder/', content: '' },
    {
      name: 'picture.png',
      content: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(9000)]),
    },
    { name: 'read me.txt', content: 'a,b\n1,2\n' },
    { name: 'folder/people.csv', content: people },
    { name: '../../escape.csv', content: 'a,b\n3,4\n' },
  ]);

  test('the largest file that can hold a table is read; the others are listed', async () => {
    const { preview, csv } = await convert(room, await room.file('several.zip', several));
    expect(csv).toBe(people);
    expect(preview.container).toEqual({
      kind: 'zip',
      entry: 'folder/people.csv',
      entries: [
        { name: 'read me.txt', size: 8 },
        { name: 'folder/people.csv', size: people.length },
        { name: '../../escape.csv', size: 8 },
      ],
    });
  });

  test('another is read where it is asked for; its name is never a path', async () => {
    const path = await room.file('several-2.zip', several);
    expect((await convert(room, path, { entry: '../../escape.csv' })).csv).toBe('a,b\n3,4\n');
    expect((await readdir(room.folder)).some((name) => name.includes('escape'))).toBe(false);
    expect(
      await failure(room.tables.preview({ path, reading: { ...(await asked('nowhere.csv')) } })),
    ).toMatchObject({
      code: 'ENTRY_MISSING',
    });
  });

  test.each([
    [
      'a zip of zips',
      zip([{ name: 'inner.zip', content: zip([{ name: 'a.csv', content: people }]) }]),
      'ARCHIVE_UNFIT',
      'another archive',
    ],
    ['a gzip in a gzip', gzipSync(gzipSync(people)), 'ARCHIVE_UNFIT', 'another archive'],
    [
      'pictures only',
      zip([{ name: 'a.png', content: Buffer.from('89504e470d0a1a0a0000', 'hex') }]),
      'ARCHIVE_UNFIT',
      'PNG',
    ],
    ['nothing', zip([]), 'ARCHIVE_UNFIT', 'empty'],
    [
      'a locked file',
      zip([{ name: 'a.csv', content: people, encrypted: true }]),
      'ARCHIVE_UNFIT',
      'password',
    ],
    ['a wrong checksum', zip([{ name: 'a.csv', content: people, crc: 7 }]), 'FILE_DAMAGED', 'checksum'],
    ['an archive cut short', several.subarray(0, several.length - 40), 'FILE_DAMAGED', 'zip'],
    ['a gzip cut short', gzipSync(people).subarray(0, 25), 'FILE_DAMAGED', 'gzip'],
    [
      'a Zstandard cut short',
      zstdCompressSync(people.repeat(50)).subarray(0, 30),
      'FILE_DAMAGED',
      'Zstandard',
    ],
    ['an empty gzip', gzipSync(''), 'SOURCE_EMPTY', 'empty'],
  ])('%s', async (name, bytes, code, words) => {
    const before = await unpackedFiles();
    const failed = await failure(room.tables.preview(await room.file(name, bytes)));
    expect(failed).toMatchObject({ code });
    expect(failed.message).toContain(words);
    expect(await unpackedFiles()).toEqual(before);
  });

  test('a bomb is stopped while it is unpacked, and leaves nothing', async () => {
    const rows = Buffer.alloc(300 << 20, 'a,b\n');
    for (const bytes of [
      gzipSync(rows),
      zstdCompressSync(rows),
      zip([{ name: 'bomb.csv', content: rows }]),
    ]) {
      const path = await room.file('bomb', bytes);
      await room.tables.preview(path);
      const failed = await failure(room.tables.profile(path));
      expect(failed).toMatchObject({ code: 'ARCHIVE_TOO_LARGE' });
      expect(failed.message).toContain('times its size');
    }
  });
});

async function asked(entry: string) {
  const { AS_FOUND } = await import('#shared/domain');
  return { ...AS_FOUND, entry };
}
