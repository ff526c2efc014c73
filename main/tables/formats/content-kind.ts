import { assertNever } from '#shared/lib';
import { binaryKind, controlShare, createTranscoder, guessEncoding, isJson } from '../text/index.ts';

/** What a file is, from its first bytes. */
export type ContentKind = 'gzip' | 'zstd' | 'zip' | 'cfb' | 'parquet' | 'json' | 'text';

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const CFB = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/** @returns what the bytes begin; what is nothing else is taken for text, and refused later where it is none */
export function contentKind(first: Buffer): ContentKind {
  if (first[0] === 0x1f && first[1] === 0x8b && first[2] === 8) return 'gzip';
  if (first.subarray(0, 4).equals(ZSTD)) return 'zstd';
  const mark = first.toString('latin1', 0, 4);
  if (mark === 'PK\u0003\u0004' || mark === 'PK\u0005\u0006') return 'zip';
  if (first.subarray(0, 8).equals(CFB)) return 'cfb';
  // A text may begin so; what follows in a Parquet file is none.
  if (mark === 'PAR1' && !isPrintable(first.subarray(4, 64))) return 'parquet';
  const { encoding } = guessEncoding([first]);
  const text = createTranscoder(encoding).push(first, false);
  return isJson(text.toString('utf8')) ? 'json' : 'text';
}

/** @returns why something that begins so can be no table, or null where it may be one */
export function whyNoTable(first: Buffer): string | null {
  const begins = contentKind(first);
  switch (begins) {
    case 'gzip':
    case 'zstd':
      return 'it holds another archive';
    case 'zip': {
      const names = first.toString('latin1');
      return names.includes('[Content_Types].xml') || names.includes('xl/') || names.includes('_rels/')
        ? null
        : 'it holds another archive';
    }
    case 'cfb':
    case 'parquet':
    case 'json':
      return null;
    case 'text': {
      const { zeros, controls } = controlShare(first);
      const kind = binaryKind(first) ?? (controls > 0.02 || zeros > 0.6 ? 'binary data' : null);
      return kind === null ? null : `it holds ${kind}`;
    }
    default:
      return assertNever(begins);
  }
}

function isPrintable(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}
