import { expect, test } from 'vitest';
import { manifestFileOf, manifestPieces, readManifest } from '#main/custody';
import type { ManifestContent, ManifestFile } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { fileRecord } from '../../support/file-records.ts';
import { manifestText, seal } from '../../support/seal.ts';

const file = (path: string): ManifestFile => ({
  path,
  key: `sessions/s/original/${path}`,
  size: 3,
  state: 'done',
  crc32: 'AAAAAA==',
  original: null,
  sha256: null,
  etag: '"e"',
  versionId: null,
  modified: '2026-11-20T12:00:00.000Z',
  proven: ['size', 'CRC-32'],
  finishedAt: '2026-11-20T12:00:01.000Z',
  receiptId: 't',
});

const content: Omit<ManifestContent, 'files'> = {
  version: 1,
  writtenAt: '2026-11-20T12:00:02.000Z',
  writtenBy: 'Sluice 1.0.0',
  session: {
    id: 's',
    title: 'Größen "A"\n',
    endpoint: 'http://localhost',
    bucket: 'b',
    prefix: 'p',
    createdAt: '2026-11-20T12:00:00.000Z',
  },
  custody: { caseNumber: '7', examiner: 'Ana', note: '' },
  refused: [{ path: '/x', error: sluiceError('SOURCE_EMPTY', { path: '/x' }).report() }],
  leftOut: { hidden: 0, systemFiles: 1, links: 2 },
};

async function textOf(of: typeof content, files: readonly ManifestFile[]): Promise<string> {
  let text = '';
  for await (const piece of manifestPieces(of, files)) text += piece;
  return text;
}

test.each([0, 1, 3])('written piece by piece it is the same text, and sealed (%d files)', async (count) => {
  const files = Array.from({ length: count }, (_, index) => file(`a/${index}\u2028ü.csv`));
  for (const of of [content, { ...content, custody: null, refused: [] }]) {
    const text = await textOf(of, files);
    const whole = { ...of, files };
    const sealed = seal(whole);
    expect(JSON.parse(text)).toEqual(sealed);
    expect(readManifest(text, 'manifest.json').isIntact).toBe(true);
    // As one value it is written in the order that the value has.
    const { version, writtenAt, writtenBy, session, custody, refused, leftOut } = of;
    const ordered = { version, writtenAt, writtenBy, session, custody, files, refused, leftOut };
    expect(text).toBe(manifestText(seal(ordered)));
  }
});

test('a file is told by its receipt: size and checksum of the object, and what it was before it was compressed', () => {
  const original = { size: 1000, crc32: 'BBBBBA==', compressedBy: 'gzip' as const };
  const record = fileRecord('a/b.csv', {
    id: 't1',
    state: { kind: 'done' },
    receipt: {
      version: 1,
      transferId: 't1',
      source: { name: 'b.csv', path: '/data/a/b.csv', size: 1000, modified: '2026-07-01T10:00:00.000Z' },
      object: { endpoint: 'http://h', bucket: 'b', key: 'k', etag: '"e"', versionId: 'v', size: 20 },
      crc32: 'AAAAAA==',
      original,
      sha256: 'ab'.repeat(32),
      parts: { count: 1, size: 20, kept: 0, resent: 0 },
      proven: ['it is there'],
      notes: [],
      startedAt: '2026-07-01T10:00:00.000Z',
      finishedAt: '2026-07-01T10:00:01.000Z',
    },
  });
  expect(manifestFileOf(record)).toMatchObject({
    path: 'a/b.csv',
    size: 20,
    crc32: 'AAAAAA==',
    original,
    sha256: 'ab'.repeat(32),
    etag: '"e"',
    versionId: 'v',
    receiptId: 't1',
  });
  expect(manifestFileOf(fileRecord('c.csv'))).toMatchObject({
    state: 'unfinished',
    crc32: null,
    original: null,
  });
});
