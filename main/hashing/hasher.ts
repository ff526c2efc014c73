/** Several digests over one pass of bytes, computed where they are asked for. */
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { DigestName, Digests } from './algorithms.ts';
import {
  createCrc32c,
  createCrc64Nvme,
  type Crc32Step,
  type Crc64State,
  type Crc64Step,
} from './crc-tables.ts';

export interface SyncHasher {
  update(bytes: Uint8Array): void;
  digest(): [DigestName, Uint8Array][];
}

export interface Primitives {
  readonly createHash: (name: string) => Pick<Hash, 'update' | 'digest'>;
  readonly crc32: Crc32Step;
  readonly crc32c: Crc32Step;
  readonly crc64nvme: Crc64Step;
}

/** Stands on its own, as the hash threads run its text. */
export function createHasher(names: readonly DigestName[], primitives: Primitives): SyncHasher {
  const bigEndian = (...words: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(words.length * 4));
    for (const [index, word] of words.entries()) view.setUint32(index * 4, word);
    return new Uint8Array(view.buffer);
  };
  const one = (name: DigestName): { update(bytes: Uint8Array): void; digest(): Uint8Array } => {
    if (name === 'crc32' || name === 'crc32c') {
      const step = primitives[name];
      let crc = 0;
      return {
        update: (bytes) => {
          crc = step(bytes, crc);
        },
        digest: () => bigEndian(crc),
      };
    }
    if (name === 'crc64nvme') {
      const state: Crc64State = [0, 0];
      return {
        update: (bytes) => primitives.crc64nvme(bytes, state),
        digest: () => bigEndian(...state),
      };
    }
    const hash = primitives.createHash(name);
    return {
      update: (bytes) => {
        hash.update(bytes);
      },
      digest: () => hash.digest(),
    };
  };
  const running = names.map((name) => [name, one(name)] as const);
  return {
    update(bytes) {
      for (const [, digest] of running) digest.update(bytes);
    },
    digest() {
      return running.map(([name, digest]) => [name, digest.digest()]);
    },
  };
}

let local: Primitives | undefined;

/** @returns the digests of one buffer, computed here and now */
export function digestNow(bytes: Uint8Array, names: Iterable<DigestName>): Digests {
  local ??= { createHash, crc32, crc32c: createCrc32c(), crc64nvme: createCrc64Nvme() };
  const hasher = createHasher([...names], local);
  hasher.update(bytes);
  return toDigests(hasher.digest());
}

export function toDigests(pairs: Iterable<readonly [DigestName, Uint8Array]>): Digests {
  const digests = new Map<DigestName, Buffer>();
  for (const [name, bytes] of pairs) {
    digests.set(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  return digests;
}
