/** What x-amz-content-sha256 says of a body. */
import { S3Error } from '../wire/index.ts';

export type Payload =
  | { readonly kind: 'unsigned' }
  /** The SHA-256 of the whole body, in hex. */
  | { readonly kind: 'sha256'; readonly hash: string }
  /** In aws-chunked form, with signatures over the chunks or none, with checksums behind it or none. */
  | { readonly kind: 'chunked'; readonly signed: boolean; readonly trailer: boolean };

export const UNSIGNED = 'UNSIGNED-PAYLOAD';

/** Throws InvalidArgument, or NotImplemented for the asymmetric forms. */
export function parsePayload(value: string): Payload {
  switch (value) {
    case UNSIGNED:
      return { kind: 'unsigned' };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', signed: false, trailer: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunked', signed: true, trailer: false };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunked', signed: true, trailer: true };
    default:
      if (/^[\da-f]{64}$/i.test(value)) return { kind: 'sha256', hash: value.toLowerCase() };
      if (value.startsWith('STREAMING-AWS4-ECDSA')) {
        throw new S3Error('NotImplemented', undefined, { Header: 'x-amz-content-sha256' });
      }
      throw new S3Error(
        'InvalidArgument',
        'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
        { ArgumentName: 'x-amz-content-sha256', ArgumentValue: value },
      );
  }
}
