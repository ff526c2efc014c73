/** Byte ranges of GET and of part copies. */
import { S3Error } from './s3-error.ts';

export interface ByteRange {
  readonly start: number;
  /** Number of bytes; 0 only for an empty object. */
  readonly length: number;
}

/**
 * @returns the bytes a Range header asks of an object of `size` bytes, or null where there is nothing to heed (no
 *   header, another unit, several ranges, or a form that is none: such a header is ignored, as HTTP has it).
 *   Throws InvalidRange when no byte of it exists.
 */
export function parseRange(header: string | null, size: number): ByteRange | null {
  const match = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (header === null || match === null) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;

  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) throw unsatisfiable(header, size);
    return { start: size - length, length };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) throw unsatisfiable(header, size);
  return { start, length: end - start + 1 };
}

function unsatisfiable(header: string, size: number): S3Error {
  return new S3Error('InvalidRange', undefined, { RangeRequested: header, ActualObjectSize: size });
}

/** @returns the bytes x-amz-copy-source-range asks for; unlike Range it must be whole and inside the object */
export function parseCopyRange(header: string | null, size: number): ByteRange {
  if (header === null) return { start: 0, length: size };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const start = Number(match?.[1]);
  const end = Number(match?.[2]);
  const fields = { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header };
  if (match === null || end < start) {
    throw new S3Error(
      'InvalidArgument',
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      fields,
    );
  }
  if (end >= size) {
    throw new S3Error(
      'InvalidArgument',
      `Range specified is not valid for source object of size: ${size}`,
      fields,
    );
  }
  return { start, length: end - start + 1 };
}
