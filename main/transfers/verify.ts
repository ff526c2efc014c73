import {
  bareEtag,
  compositeCrc32,
  expectedMultipartEtag,
  type StoredObject,
  type Taken,
} from '#main/storage';
import { sluiceError } from '#shared/errors';
import { encodeCrc32 } from '#shared/lib';

/** Metadata that marks an object as made by one transfer: that some object stands at the key proves nothing. */
export const MARK = 'sluice-id';

export interface Expected {
  readonly key: string;
  readonly size: number;
  readonly crc32: number;
  readonly transferId: string;
  /** Its upload was begun by another program, so that it carries another mark: only its content can tell it. */
  readonly adopted?: boolean;
  /** Of an upload in parts: each as the store acknowledged it, in order. */
  readonly parts?: readonly { readonly crc32: number; readonly etag: string }[];
  /** MD5 of the bytes, in hex, where they were sent with it. */
  readonly md5?: string | null;
}

/**
 * Compares what the store says of the object with what was read from the file.
 * @returns what was proven, in words; @throws VERIFY_FAILED naming what does not agree
 */
export function prove(stored: StoredObject | null, expected: Expected): readonly string[] {
  const fail = (reason: string): never => {
    throw sluiceError('VERIFY_FAILED', { key: expected.key, reason });
  };
  if (stored === null) return fail('the store does not have it');
  if (!isOurs(stored, expected)) {
    const isMarked = stored.metadata[MARK] !== undefined;
    return fail(
      isMarked ? 'another upload stands there' : 'it does not carry the mark that this upload gave it',
    );
  }
  if (stored.size !== expected.size) return fail(`it has ${stored.size} bytes instead of ${expected.size}`);
  const content = contentOf(stored, expected);
  if (!content.agrees) return fail(content.reason);
  const whose =
    expected.adopted === true
      ? 'every part that another program had sent was compared with the file'
      : 'the object carries the private mark of this upload';
  return [sizeSentence(expected), whose, content.sentence];
}

/** Whether the object at the key is already what this transfer was making. */
export function isProven(stored: StoredObject | null, expected: Expected): boolean {
  return (
    stored !== null &&
    isOurs(stored, expected) &&
    stored.size === expected.size &&
    contentOf(stored, expected).agrees
  );
}

/**
 * What the answer to a PUT proves together with a listing that shows its tag at the key.
 * @returns it in words; null where the answer alone says too little, and the object has to be looked at
 */
export function proveListed(taken: Taken, expected: Expected): readonly string[] | null {
  const shown = 'a listing shows these bytes at the key, by the tag the store gave them';
  if (taken.crc32 !== null) {
    return taken.crc32 === expected.crc32
      ? [
          sizeSentence(expected),
          `the store's own CRC-32 of what arrived is that of the file (${encodeCrc32(expected.crc32)})`,
          shown,
        ]
      : null;
  }
  return taken.md5 === null ? null : [sizeSentence(expected), MD5_SENTENCE, shown];
}

/** Whether the object is the one that this transfer made, and not merely one like it. */
function isOurs(stored: StoredObject, expected: Expected): boolean {
  if (expected.adopted !== true) return stored.metadata[MARK] === expected.transferId;
  const content = contentOf(stored, expected);
  return content.agrees && content.sentence !== TAKEN_ON_TRUST;
}

const TAKEN_ON_TRUST =
  'each part was checked by the store when it arrived; it keeps no checksum of the whole';
const sizeSentence = ({ size }: Expected): string => `the store holds ${size} bytes, as many as were read`;
const MD5_SENTENCE = 'the ETag is the MD5 of the file';

type Content =
  | { readonly agrees: true; readonly sentence: string }
  | { readonly agrees: false; readonly reason: string };

/**
 * By the strongest that this store has. A checksum that differs is a failure; an ETag that does is not: with keys of
 * the key service, and with some stores, it is no MD5.
 */
function contentOf(stored: StoredObject, expected: Expected): Content {
  const ours = encodeCrc32(expected.crc32);
  if (stored.crc32 !== null) {
    return stored.crc32 === expected.crc32
      ? { agrees: true, sentence: `the store's own CRC-32 of the whole object is that of the file (${ours})` }
      : { agrees: false, reason: `its CRC-32 is ${encodeCrc32(stored.crc32)} instead of ${ours}` };
  }
  const parts = expected.parts ?? [];
  if (stored.composite !== null && parts.length > 0) {
    const composite = compositeCrc32(parts.map(({ crc32 }) => crc32));
    return stored.composite.crc32 === composite.crc32 && stored.composite.parts === composite.parts
      ? { agrees: true, sentence: "the store's checksum of all part checksums is ours" }
      : { agrees: false, reason: "the store's checksum of all part checksums is not ours" };
  }
  const etag = bareEtag(stored.etag);
  if (parts.length > 0 && etag === expectedMultipartEtag(parts.map((part) => part.etag))) {
    return { agrees: true, sentence: "the ETag is the MD5 of the parts' MD5s" };
  }
  if (etag === expected.md5) return { agrees: true, sentence: MD5_SENTENCE };
  return { agrees: true, sentence: TAKEN_ON_TRUST };
}
