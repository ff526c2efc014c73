/**
 * What a request line and its Host name: a bucket, a key, a query. The path is taken as it was sent and never
 * normalised: `a/../b` and `a//b` are keys like any other.
 */
import { S3Error } from './s3-error.ts';

export interface Target {
  /** As sent, without the query. */
  readonly rawPath: string;
  /** Percent-decoded. */
  readonly path: string;
  readonly bucket: string | null;
  /** Never empty. */
  readonly key: string | null;
  readonly query: URLSearchParams;
}

const MAX_KEY_BYTES = 1024;
const VIRTUAL_HOST = /^(.+)\.localhost(?::\d+)?$/i;

export function parseTarget(url: string, host: string | undefined): Target {
  const local = url.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  const rawPath = mark === -1 ? local : local.slice(0, mark);
  const query = new URLSearchParams(mark === -1 ? '' : local.slice(mark + 1));
  const path = decodePath(rawPath === '' ? '/' : rawPath);
  if (!path.startsWith('/')) throw new S3Error('InvalidURI');

  const virtual = host === undefined ? undefined : VIRTUAL_HOST.exec(host)?.[1];
  const named = virtual === undefined ? path.slice(1) : `${virtual}${path}`;
  const slash = named.indexOf('/');
  const bucket = slash === -1 ? named : named.slice(0, slash);
  const key = slash === -1 ? '' : named.slice(slash + 1);
  checkKeyLength(key);
  return { rawPath, path, bucket: bucket === '' ? null : bucket, key: key === '' ? null : key, query };
}

export function checkKeyLength(key: string): void {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY_BYTES) return;
  throw new S3Error('KeyTooLongError', undefined, { Size: size, MaxSizeAllowed: MAX_KEY_BYTES });
}

function decodePath(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath);
  } catch (error) {
    throw new S3Error('InvalidURI', undefined, {}, error);
  }
}

/** @returns the bucket and key that x-amz-copy-source names, with its version where it has one */
export function parseCopySource(header: string): { bucket: string; key: string; versionId: string | null } {
  const [named = '', ...rest] = header.split('?versionId=');
  const path = decodePath(named).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1 || slash === path.length - 1) {
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      {
        ArgumentName: 'x-amz-copy-source',
        ArgumentValue: header,
      },
    );
  }
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId: rest.at(-1) ?? null };
}
