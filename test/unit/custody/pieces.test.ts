import { expect, test } from 'vitest';
import { manifestPieces, readManifest } from '#main/custody';
import type { ManifestContent, ManifestFile } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { manifestText, seal } from '../../support/seal.ts';

const file = (path: string): ManifestFile => ({
  path,
  key: `sessions/s/original/${path}`,
  size: 3,
  state: 'done',
  crc32: 'AAAAAA==',
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
