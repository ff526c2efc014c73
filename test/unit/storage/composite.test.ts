import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  bareEtag,
  compositeCrc32,
  expectedMultipartEtag,
  isMd5,
  parseComposite,
} from '#internal/main/storage/composite';
import { compositeChecksum, multipartETag } from '#main/hashing';

const parts = ['one', 'two', 'three'].map((text) => Buffer.from(text));

test('the tag of parts is what a store makes of theirs', () => {
  const etags = parts.map((part) => hash('md5', part, 'hex'));
  expect(expectedMultipartEtag(etags.map((etag) => `"${etag}"`))).toBe(multipartETag(etags));
  expect(expectedMultipartEtag(etags)).toMatch(/^[0-9a-f]{32}-3$/);
});

test('of tags that are no MD5s nothing is expected', () => {
  expect(expectedMultipartEtag([])).toBeNull();
  expect(expectedMultipartEtag(['"random-tag"'])).toBeNull();
  expect(isMd5('"d41d8cd98f00b204e9800998ecf8427e"')).toBe(true);
  expect(isMd5('"d41d8cd98f00b204e9800998ecf8427e-1"')).toBe(false);
  expect(bareEtag('W/"a"')).toBe('a');
});

test('the checksum of checksums is what a store makes of theirs', () => {
  const crcs = parts.map((part) => crc32(part));
  const base64 = crcs.map((crc) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc);
    return bytes.toString('base64');
  });
  expect(parseComposite(compositeChecksum('CRC32', base64))).toEqual(compositeCrc32(crcs));
});

test.each(['', 'ke8OOw==', 'ke8OOw==-', 'ke8OOw==-0', 'ke8OOw==-123456', 'nonsense-3'])(
  '%j is no checksum of checksums',
  (value) => {
    expect(parseComposite(value)).toBeNull();
  },
);
