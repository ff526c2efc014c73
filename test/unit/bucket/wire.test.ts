/** Ranges, conditions, targets and XML. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRead, parseWriteCondition } from '#internal/main/bucket/wire/conditions';
import { RequestHeaders } from '#internal/main/bucket/wire/headers';
import { parseCopyRange, parseRange } from '#internal/main/bucket/wire/range';
import { parseCopySource, parseTarget } from '#internal/main/bucket/wire/target';
import { childText, parseXml } from '#internal/main/bucket/wire/xml-read';
import { document, field } from '#internal/main/bucket/wire/xml-write';

const headers = (values: Record<string, string>): RequestHeaders =>
  new RequestHeaders(new Map(Object.entries(values)));

describe('ranges', () => {
  test.each([
    ['bytes=0-0', { start: 0, length: 1 }],
    ['bytes=0-9', { start: 0, length: 10 }],
    ['bytes=5-', { start: 5, length: 5 }],
    ['bytes=9-100', { start: 9, length: 1 }],
    ['bytes=-3', { start: 7, length: 3 }],
    ['bytes=-100', { start: 0, length: 10 }],
    ['Bytes = 2 - 3', { start: 2, length: 2 }],
    ['bytes=5-4', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['items=0-1', null],
    ['bytes=x-y', null],
  ])('%s of ten bytes', (header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  test.each(['bytes=10-', 'bytes=10-11', 'bytes=-0'])('%s of ten bytes cannot be satisfied', (header) => {
    expect(() => parseRange(header, 10)).toThrow(
      expect.objectContaining({ code: 'InvalidRange', status: 416 }),
    );
  });

  test('of an empty object cannot be satisfied', () => {
    expect(() => parseRange('bytes=0-', 0)).toThrow(/not satisfiable/);
    expect(() => parseRange('bytes=-5', 0)).toThrow(/not satisfiable/);
  });

  test('of a copy have to lie inside', () => {
    expect(parseCopyRange('bytes=2-9', 10)).toEqual({ start: 2, length: 8 });
    expect(parseCopyRange(null, 10)).toEqual({ start: 0, length: 10 });
    for (const bad of ['bytes=2-10', 'bytes=5-4', 'bytes=1-', 'bytes=-1', '2-3']) {
      expect(() => parseCopyRange(bad, 10), bad).toThrow(
        expect.objectContaining({ code: 'InvalidArgument' }),
      );
    }
  });
});

describe('conditions', () => {
  const object = { etag: 'abc', modified: Date.UTC(2026, 0, 1, 12, 0, 0, 700) };
  const at = 'Thu, 01 Jan 2026 12:00:00 GMT';
  const before = 'Thu, 01 Jan 2026 11:59:59 GMT';

  test.each([
    [{}, 'send'],
    [{ 'if-match': '"abc"' }, 'send'],
    [{ 'if-match': '"x", "abc"' }, 'send'],
    [{ 'if-match': '*' }, 'send'],
    [{ 'if-match': '"x"' }, 'failed'],
    [{ 'if-unmodified-since': before }, 'failed'],
    [{ 'if-unmodified-since': at }, 'send'],
    [{ 'if-match': '"abc"', 'if-unmodified-since': before }, 'send'],
    [{ 'if-none-match': '"abc"' }, 'not-modified'],
    [{ 'if-none-match': 'W/"abc"' }, 'not-modified'],
    [{ 'if-none-match': '"x"' }, 'send'],
    [{ 'if-modified-since': at }, 'not-modified'],
    [{ 'if-modified-since': before }, 'send'],
    [{ 'if-none-match': '"x"', 'if-modified-since': at }, 'send'],
    [{ 'if-modified-since': 'nonsense' }, 'send'],
  ] as const)('%j: %s', (given, expected) => {
    if (expected === 'failed') expect(() => checkRead(headers(given), object)).toThrow(/pre-conditions/);
    else expect(checkRead(headers(given), object)).toBe(expected);
  });

  test('of writes know only * and one tag', () => {
    expect(parseWriteCondition(headers({}))).toEqual({ kind: 'none' });
    expect(parseWriteCondition(headers({ 'if-none-match': '*' }))).toEqual({ kind: 'absent' });
    expect(parseWriteCondition(headers({ 'if-match': '"abc"' }))).toEqual({ kind: 'etag', etag: 'abc' });
    expect(() => parseWriteCondition(headers({ 'if-none-match': '"abc"' }))).toThrow(
      expect.objectContaining({ status: 501 }),
    );
  });
});

describe('targets', () => {
  test.each([
    ['/', undefined, null, null],
    ['/bucket', undefined, 'bucket', null],
    ['/bucket/', undefined, 'bucket', null],
    ['/bucket/a/../b', undefined, 'bucket', 'a/../b'],
    ['/bucket//a//', undefined, 'bucket', '/a//'],
    ['/bucket/a%2Fb%20c+d', undefined, 'bucket', 'a/b c+d'],
    ['/bucket/%F0%9F%8E%89?x=1', undefined, 'bucket', '🎉'],
    ['http://elsewhere/bucket/a', undefined, 'bucket', 'a'],
    ['/a/b', 'bucket.localhost:9000', 'bucket', 'a/b'],
    ['/', 'bucket.localhost', 'bucket', null],
    ['/bucket/a', 'localhost:9000', 'bucket', 'a'],
  ])('%s at %s', (url, host, bucket, key) => {
    expect(parseTarget(url, host)).toMatchObject({ bucket, key });
  });

  test.each([
    ['/bucket/%FF', 'InvalidURI'],
    ['/bucket/%zz', 'InvalidURI'],
    [`/bucket/${'a'.repeat(1025)}`, 'KeyTooLongError'],
    [`/bucket/${'%F0%9F%8E%89'.repeat(257)}`, 'KeyTooLongError'],
  ])('refuses %s', (url, code) => {
    expect(() => parseTarget(url, undefined)).toThrow(expect.objectContaining({ code }));
  });

  test('of copies', () => {
    expect(parseCopySource('/b/a%20b')).toEqual({ bucket: 'b', key: 'a b', versionId: null });
    expect(parseCopySource('b/k?versionId=null')).toEqual({ bucket: 'b', key: 'k', versionId: 'null' });
    for (const bad of ['', 'b', '/b/', 'b/']) expect(() => parseCopySource(bad)).toThrow(/Copy Source/);
  });
});

describe('XML', () => {
  test('gives back any text that XML can hold, as it was', () => {
    // Carriage returns are written as references, for parsers make line feeds of them.
    const text = fc
      .string({ unit: 'binary' })
      .filter((value) => value.isWellFormed() && !value.includes('\0'));
    fc.assert(
      fc.property(text, (value) => {
        const root = parseXml(Buffer.from(document('Delete', field('Key', value))));
        expect(childText(root, 'Key')).toBe(value);
      }),
    );
  });

  test('reads prefixes, attributes, comments and CDATA', () => {
    const root = parseXml(
      Buffer.from(
        `<?xml version="1.0"?><!-- a --><s3:Delete xmlns:s3='x' a="b"><s3:Key><![CDATA[<&]]> &#65;&#x1F389;</s3:Key><E/></s3:Delete>`,
      ),
    );
    expect(root.name).toBe('Delete');
    expect(childText(root, 'Key')).toBe('<& A🎉');
    expect(childText(root, 'E')).toBe('');
    expect(childText(root, 'None')).toBeNull();
  });

  test.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a/>text',
    '<a b=c/>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a>&x;</a>',
    '<a>&#xD800;</a>',
    '<a>&#x110000;</a>',
    '<a>a & b</a>',
    '<a>'.repeat(20) + '</a>'.repeat(20),
  ])('refuses %s', (text) => {
    expect(() => parseXml(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });

  test('refuses what is not UTF-8', () => {
    expect(() => parseXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff]))).toThrow(/not well-formed/);
  });
});
