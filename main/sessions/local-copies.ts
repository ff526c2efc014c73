import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileIdentity, type TransferRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import { safeName, type Connections } from '#main/storage';
import { fetchCopy, SUFFIX, unpack } from '#main/transfers';
import { sluiceError } from '#shared/errors';
import { decodeCrc32 } from '#shared/lib';
import { sampleObject, WORTH_SAMPLING } from './sampled-copy.ts';

/**
 * Where the bytes of a transfer can be read on this disk: the file itself while it is still the one that was uploaded,
 * else a copy of the object, fetched once and checked.
 */
export class LocalCopies {
  readonly #folder: string;
  readonly #connections: Connections;
  readonly #clock: Clock;
  readonly #fetching = new Map<string, Promise<string>>();

  constructor(folder: string, connections: Connections, clock: Clock) {
    this.#folder = folder;
    this.#connections = connections;
    this.#clock = clock;
  }

  /** @throws SOURCE_GONE where neither the file nor the object is there to read */
  async path(
    record: TransferRecord,
    signal: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<string> {
    if (record.source.kind !== 'page' && (await isSame(record))) return record.source.path;
    if (record.receipt === null) throw sluiceError('SOURCE_GONE', { name: record.name });
    const known = this.#fetching.get(record.id);
    if (known !== undefined) return known;
    const fetching = this.#fetch(record, signal, onProgress).finally(() => this.#fetching.delete(record.id));
    this.#fetching.set(record.id, fetching);
    return fetching;
  }

  /**
   * Where a preview of it can be read: where the whole is, else a file that has of the object what a preview reads. Only
   * delimited text is looked at so; of any other kind of file the whole is brought here.
   * @throws SOURCE_GONE, OBJECT_MISSING, OBJECT_CHANGED
   */
  async sample(record: TransferRecord, signal: AbortSignal): Promise<string> {
    const { size, receipt, prepared, key, id, name } = record;
    const whole = receipt === null || prepared?.packing?.kind === 'packed' || size < WORTH_SAMPLING;
    if (whole || (await this.isHere(record))) return this.path(record, signal);
    const store = await this.#connections.store(record.connectionId);
    const stored = await store.head(key, signal);
    if (stored === null) throw sluiceError('OBJECT_MISSING', { key });
    if (stored.size !== size) throw sluiceError('OBJECT_CHANGED', { key });
    const version = `sampled-${stored.etag.replace(/[^0-9A-Za-z-]/g, '')}`;
    const path = join(this.#folder, id, version, safeName(basename(name)));
    const clock = this.#clock;
    if (await sampleObject({ store, key, etag: stored.etag, size, path, clock, signal })) return path;
    return this.path(record, signal);
  }

  /** Whether nothing has to be brought here to read it. */
  async isHere(record: TransferRecord): Promise<boolean> {
    if (record.source.kind !== 'page' && (await isSame(record))) return true;
    const size = (await stat(this.pathFor(record.id, record.name)).catch(() => null))?.size;
    return size === wholeSize(record);
  }

  async #fetch(
    record: TransferRecord,
    signal: AbortSignal,
    onProgress: ((done: number, total: number) => void) | undefined,
  ): Promise<string> {
    const unpacked = this.pathFor(record.id, record.name);
    const packing = record.prepared?.packing;
    const packed = packing?.kind === 'packed' ? packing : null;
    const path = packed === null ? unpacked : `${unpacked}${SUFFIX[packed.packer]}`;
    const crc = decodeCrc32(record.receipt?.crc32 ?? '');
    if (crc === null) throw sluiceError('SOURCE_GONE', { name: record.name });
    const there = await stat(unpacked).catch(() => null);
    // Published in one step after its checksum was right.
    if (there?.size === wholeSize(record)) return unpacked;
    if (packed !== null) await rm(path, { force: true }); // of a try that was cut short
    const store = await this.#connections.store(record.connectionId);
    await fetchCopy({
      store,
      key: record.key,
      path,
      clock: this.#clock,
      signal,
      crc32: crc,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if (packed === null) return path;
    const part = `${unpacked}.part`;
    const held = await unpack(path, part, packed.packer, signal);
    if (held.crc32 !== packed.crc32) {
      const reason = 'what it holds is not the file that was compressed';
      throw sluiceError('VERIFY_FAILED', { key: record.key, reason });
    }
    await rename(part, unpacked);
    await rm(path, { force: true });
    return unpacked;
  }

  /** A folder of its own for each, so that the file keeps its name. */
  pathFor(id: string, name: string): string {
    return join(this.#folder, id, safeName(basename(name)));
  }

  async prepare(id: string): Promise<void> {
    await mkdir(join(this.#folder, id), { recursive: true, mode: 0o700 });
  }

  async forget(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => rm(join(this.#folder, id), { recursive: true, force: true })));
  }
}

/** Of the file itself, whatever it was packed to on its way. bytes */
function wholeSize({ prepared, size }: TransferRecord): number {
  return prepared?.packing?.kind === 'packed' ? prepared.packing.source.size : size;
}

/** Whether the file is the one that was (or is being) uploaded; before its upload began, whatever is there is. */
async function isSame(record: TransferRecord): Promise<boolean> {
  if (record.source.kind === 'page') return false;
  const found = await stat(record.source.path, { bigint: true }).catch(() => null);
  if (found === null || !found.isFile()) return false;
  const identity = fileIdentity(record);
  if (identity === null) return record.receipt === null;
  return Number(found.size) === identity.size && found.mtimeNs.toString() === identity.modifiedNs;
}
