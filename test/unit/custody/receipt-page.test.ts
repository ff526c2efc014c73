import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { receiptPage } from '#main/custody';
import type { Receipt } from '#shared/domain';

const RECEIPT: Receipt = {
  version: 1,
  transferId: '0b8e2c1e',
  source: { name: 'orders.csv', path: '/data/orders.csv', size: 20, modified: '2026-07-01T10:00:00.000Z' },
  object: {
    endpoint: 'https://s3.example.org',
    bucket: 'evidence',
    key: 'cases/orders.csv',
    etag: '"abc-3"',
    versionId: null,
    size: 20,
  },
  crc32: 'y/U6HA==',
  sha256: 'ab'.repeat(32),
  parts: { count: 3, size: 8_388_608, kept: 1, resent: 2 },
  original: null,
  proven: ['the store holds 20 bytes, as many as were read'],
  notes: [],
  startedAt: '2026-07-01T10:00:00.000Z',
  finishedAt: '2026-07-01T10:02:10.000Z',
};
const OPTIONS = { custody: null, timeZone: 'Europe/Berlin', writtenBy: 'Sluice 1.0.0' };

/** What of a page is text, as a browser would show it. */
const shown = (page: string): string =>
  page
    .replace(/<style>[^<]*<\/style>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;|&gt;|&quot;|&#39;|&amp;/g, (entity) => SIGNS[entity] ?? '');
const SIGNS: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};
const TAGS =
  /^<\/?(!doctype|html|head|meta|title|style|body|header|main|footer|section|p|h1|h2|ul|li|table|tr|th|td|span|time|pre)[\s>]/;

describe('the page of a receipt', () => {
  test('tells what was proven, and every value with it', () => {
    const text = shown(receiptPage(RECEIPT, OPTIONS));
    for (const value of [
      'The store holds 20 bytes, as many as were read.',
      '/data/orders.csv',
      's3://evidence/cases/orders.csv',
      '"abc-3"',
      'y/U6HA== (hex cbf53a1c)',
      'ab'.repeat(32),
      '1 kept from an earlier try',
      '2 sent more than once',
      '2026-07-01 10:02:10.000 UTC',
      '1 July 2026 at 12:02:10 CEST, Europe/Berlin',
      '2 min 10 s after',
      'Sluice 1.0.0',
    ]) {
      expect(text).toContain(value);
    }
    expect(text).not.toContain('Chain of custody');
  });

  test('has no script, asks nobody for anything, and says so to the browser', () => {
    const page = receiptPage(RECEIPT, OPTIONS);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<(script|link|img|iframe|object|base|form)|\son\w+=|url\(|@import/i);
  });

  test('has the custody fields that were filled in', () => {
    const custody = { caseNumber: '2026-114', examiner: '', note: 'first line\nsecond' };
    const text = shown(receiptPage(RECEIPT, { ...OPTIONS, custody }));
    expect(text).toContain('2026-114');
    expect(text).toContain('first line\nsecond');
    expect(text).not.toContain('Examiner');
  });

  test('says where there is no SHA-256, and where a page read the file', () => {
    const text = shown(
      receiptPage({ ...RECEIPT, sha256: null, source: { ...RECEIPT.source, path: null } }, OPTIONS),
    );
    expect(text).toContain('was not computed');
    expect(text).toContain('a page in the browser');
    expect(text).toContain('pages compute none');
    expect(text).not.toContain('sha256sum');
  });

  test('signs that are not seen, or turn text around, are shown by their number', () => {
    const name = 'in\u202Efdp\u2066.\u0007e\u200Bx\ne\u2028';
    const page = receiptPage({ ...RECEIPT, source: { ...RECEIPT.source, name } }, OPTIONS);
    for (const unseen of '\u202E\u2066\u0007\u200B\u2028') expect(page).not.toContain(unseen);
    expect(shown(page)).toContain('inU+202EfdpU+2066.U+0007eU+200BxU+000AeU+2028');
    expect(page).toContain(
      '<title>Receipt of in\u{fffd}fdp\u{fffd}.\u{fffd}e\u{fffd}x\u{fffd}e\u{fffd}</title>',
    );
  });

  test('a command in it names the very file, whatever its name', () => {
    const path = `/data/it's; rm -rf $HOME \`x\`.csv`;
    const text = shown(receiptPage({ ...RECEIPT, source: { ...RECEIPT.source, path } }, OPTIONS));
    expect(text).toContain(`sha256sum -- '/data/it'\\''s; rm -rf $HOME \`x\`.csv'`);
  });

  test('nothing that anybody wrote becomes markup', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '<',
            '>',
            '"',
            "'",
            '&',
            '</title>',
            '</style>',
            '<!--',
            '<script>',
            '&lt;',
            ']]>',
            '`',
            '${',
          ),
          fc.string({ unit: 'binary', maxLength: 4 }),
        ),
        { maxLength: 8 },
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(hostile, (text) => {
        const page = receiptPage(
          {
            ...RECEIPT,
            transferId: text,
            source: { name: text, path: text, size: 1, modified: text },
            object: { endpoint: text, bucket: text, key: text, etag: text, versionId: text, size: 1 },
            crc32: text,
            sha256: text,
            proven: [text],
          },
          { ...OPTIONS, writtenBy: text, custody: { caseNumber: text, examiner: text, note: text } },
        );
        const [before = '', rest = ''] = page.split('</style>');
        for (const [tag] of `${before.split('<style>')[0]}${rest}`.matchAll(/<[^>]*>/g))
          expect(tag).toMatch(TAGS);
        expect(page.split('</style>')).toHaveLength(2);
        expect(page).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
      }),
    );
  });
});

test('a file that was compressed says what it was, and what else is to be known of it', () => {
  const original = { size: 1000, crc32: 'AAAAAA==', compressedBy: 'zstd' as const };
  const text = shown(receiptPage({ ...RECEIPT, original, notes: ['its <time> is kept'] }, OPTIONS));
  expect(text).toContain('1,000 bytes');
  expect(text).toContain('AAAAAA==');
  expect(text).toContain('zstd');
  expect(text).toContain('Its <time> is kept');
  expect(shown(receiptPage(RECEIPT, OPTIONS))).not.toContain('Before it was sent');
});
