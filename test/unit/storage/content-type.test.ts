import { expect, test } from 'vitest';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { contentTypeByContent, contentTypeByName, contentTypeOf, isCompressedType } from '#main/storage';

const OFFICE = 'application/vnd.openxmlformats-officedocument';

/** The header of a first entry of an archive. */
const zip = (name: string): Buffer =>
  Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from(name)]);
const mp3Frame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]); // 128 kbit/s at 44.1 kHz
const wide = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

test.each<[string, Buffer, string | null]>([
  ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ'), 'application/pdf'],
  ['PNG', Buffer.from('\x89PNG\r\n\x1a\n\0\0', 'latin1'), 'image/png'],
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'image/jpeg'],
  ['GIF', Buffer.from('GIF89a\x01\0'), 'image/gif'],
  ['WebP', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
  ['WAV', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1'), 'audio/wav'],
  ['MP4', Buffer.from('\0\0\0\x20ftypisom'), 'video/mp4'],
  ['MP3 with tags', Buffer.from('ID3\x04\0'), 'audio/mpeg'],
  ['MP3 without', Buffer.concat([mp3Frame, mp3Frame]), 'audio/mpeg'],
  ['one that only looks like MP3', Buffer.from([0xff, 0xfb, 0x90, 0x00, 1, 2, 3]), null],
  ['gzip', gzipSync('a'), 'application/gzip'],
  ['zstd', zstdCompressSync('a'), 'application/zstd'],
  ['an archive', zip('a/b.txt'), 'application/zip'],
  [
    'XLSX',
    Buffer.concat([zip('[Content_Types].xml'), zip('xl/workbook.xml')]),
    `${OFFICE}.spreadsheetml.sheet`,
  ],
  [
    'DOCX',
    Buffer.concat([zip('[Content_Types].xml'), zip('word/document.xml')]),
    `${OFFICE}.wordprocessingml.document`,
  ],
  ['Parquet', Buffer.from('PAR1\x15\0'), 'application/vnd.apache.parquet'],
  ['SQLite', Buffer.from('SQLite format 3\0\x10\0'), 'application/vnd.sqlite3'],
  ['XML', Buffer.from('  <?xml version="1.0"?><a/>'), 'application/xml'],
  ['SVG', Buffer.from('<?xml version="1.0"?><svg xmlns="x"/>'), 'image/svg+xml'],
  ['HTML', Buffer.from('<!DOCTYPE html><p>'), 'text/html'],
  ['JSON', Buffer.from('{"a": [1, null]}'), 'application/json'],
  ['text that begins like JSON', Buffer.from('[draft] do not send'), 'text/plain; charset=us-ascii'],
  ['text', Buffer.from('a,b\r\n1,2\r\n'), 'text/plain; charset=us-ascii'],
  ['text in UTF-8', Buffer.from('Größe\n'), 'text/plain; charset=utf-8'],
  ['text in UTF-16', wide('Größe\n'), 'text/plain; charset=utf-16le'],
  ['bytes', Buffer.from([1, 2, 3, 0, 255]), null],
  ['text in some old encoding', Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65]), null],
  ['nothing', Buffer.alloc(0), null],
])('%s is told by how it begins', (_, bytes, type) => {
  expect(contentTypeByContent(bytes, true)).toBe(type);
});

test('a sign that is cut in two at the end of the beginning is no fault, at the end of the file it is', () => {
  const cut = Buffer.from('Größe').subarray(0, 3);
  expect(contentTypeByContent(cut, false)).toBe('text/plain; charset=utf-8');
  expect(contentTypeByContent(cut, true)).toBeNull();
  expect(contentTypeByContent(Buffer.from('{"rows": [1, 2'), false)).toBe('application/json');
  expect(contentTypeByContent(Buffer.from('{"rows": [1, 2'), true)).toBe('text/plain; charset=us-ascii');
});

test('the name tells where it does, and which kinds are compressed already', () => {
  expect(contentTypeByName('a.CSV')).toBe('text/csv');
  expect(contentTypeByName('README')).toBeNull();
  expect(contentTypeOf('README')).toBe('application/octet-stream');
  expect(isCompressedType('image/jpeg')).toBe(true);
  expect(isCompressedType('text/csv')).toBe(false);
});
