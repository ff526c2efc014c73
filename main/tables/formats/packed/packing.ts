import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { TableContainer } from '#shared/domain';

/** Bytes that come at once: the small pieces that are usual cost more to pass on than to unpack. */
export const CHUNK = 64 * 1024;

/** A file in an archive, or the one in a compressed file: something that unpacks to bytes. */
export interface Packing {
  readonly container: TableContainer;
  /** What people call that which is packed. */
  readonly name: string;
  /** Bytes of it as it is packed. */
  readonly packed: number;
  /** Bytes it says it unpacks to, which may be a lie; null where it does not say. */
  readonly claimed: number | null;
  /** CRC-32 of what is unpacked, where the archive says it. */
  readonly crc: number | null;
  /** What it is as a file, to name it when it is damaged. */
  readonly what: string;
  /** A new stream of what is unpacked, and how much of the packed bytes it has read. */
  open(): Promise<Unpacking>;
}

export interface Unpacking {
  readonly stream: Readable;
  /** Bytes of the packed file read so far. */
  readonly read: () => number;
}

/** A file that is compressed as a whole, by gzip or Zstandard. */
export function compressed(path: string, name: string, size: number, kind: 'gzip' | 'zstd'): Packing {
  return {
    container: { kind },
    name,
    packed: size,
    claimed: null,
    crc: null,
    what: kind === 'gzip' ? 'gzip' : 'Zstandard',
    open: () => {
      const file = createReadStream(path, { highWaterMark: CHUNK });
      const unpacker =
        kind === 'gzip' ? createGunzip({ chunkSize: CHUNK }) : createZstdDecompress({ chunkSize: CHUNK });
      file.on('error', (error) => unpacker.destroy(error));
      unpacker.on('close', () => file.destroy());
      return Promise.resolve({ stream: file.pipe(unpacker), read: () => file.bytesRead });
    },
  };
}
