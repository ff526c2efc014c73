/** Where a bucket is reached, and how its objects are named there. */
import { uriEncode, uriEncodePath } from '#main/sigv4';

export interface Address {
  readonly secure: boolean;
  /** What to connect to; an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** The Host header, which is signed. */
  readonly hostHeader: string;
  /** Encoded; what stands before a key, its last slash included. */
  readonly root: string;
  /** Listens there instead of at the port. */
  readonly socketPath: string | undefined;
}

/**
 * @param base the store's address; where the bucket is part of the host or path already, `bucket` is null
 * @param bucket goes into the path
 */
export function addressOf(base: URL, bucket: string | null, socketPath?: string): Address {
  const secure = base.protocol === 'https:';
  const path = base.pathname.replace(/\/+$/, '');
  return {
    secure,
    host: base.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: base.port === '' ? (secure ? 443 : 80) : Number(base.port),
    hostHeader: base.host,
    root: bucket === null ? `${path}/` : `${path}/${uriEncode(bucket)}/`,
    socketPath,
  };
}

/** @returns the path of an object as it is sent and signed; dots and double slashes in a key stay what they are */
export function pathOf(address: Address, key: string): string {
  return address.root + uriEncodePath(key);
}

/** Over TLS, or when the bytes never leave the machine, a body's hash need not be signed: its checksum header is. */
export function mayLeaveBodyUnsigned(base: URL): boolean {
  const { protocol, hostname } = base;
  return (
    protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  );
}
