import { statfs } from 'node:fs/promises';
import { sluiceError } from '#shared/errors';
import { formatBytes } from '#shared/lib';

/** Nothing honest is packed so tightly once it is this long. */
const RATIO = 250;
const RATIO_FROM = 128 << 20;
const MOST = 512 * 2 ** 30;
/** Bytes of the disk that are left alone. */
const SPARE = 256 << 20;
const EVERY = 32 << 20;

/** Holds what is unpacked against what an honest archive needs and what the disk has, while it is unpacked. */
export class UnpackLimits {
  readonly #name: string;
  readonly #folder: string;
  readonly #packed: () => number;
  #free = Number.POSITIVE_INFINITY;
  #asked = -EVERY;

  /** @param packed bytes of the archive read so far */
  constructor(name: string, folder: string, packed: () => number) {
    this.#name = name;
    this.#folder = folder;
    this.#packed = packed;
  }

  /** Throws ARCHIVE_TOO_LARGE. */
  async check(unpacked: number): Promise<void> {
    if (unpacked > MOST) throw this.#tooLarge(`it unpacks to more than ${formatBytes(MOST)}`);
    const packed = Math.max(1, this.#packed());
    if (unpacked > RATIO_FROM && unpacked > packed * RATIO) {
      throw this.#tooLarge(
        `it unpacks to ${Math.round(unpacked / packed)} times its size, which is what archives do that are made to fill disks`,
      );
    }
    if (unpacked - this.#asked >= EVERY) {
      const { bavail, bsize } = await statfs(this.#folder);
      this.#free = bavail * bsize;
      this.#asked = unpacked;
    }
    if (this.#free - (unpacked - this.#asked) < SPARE)
      throw this.#tooLarge(`the disk has ${formatBytes(Math.max(0, this.#free))} left`);
  }

  /** Throws ARCHIVE_TOO_LARGE where what the archive says of itself does not fit the disk. */
  async checkClaim(claimed: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder);
    const free = bavail * bsize;
    if (claimed > free - SPARE) {
      throw this.#tooLarge(
        `it unpacks to ${formatBytes(claimed)}, and the disk has ${formatBytes(free)} left`,
      );
    }
  }

  #tooLarge(reason: string): Error {
    return sluiceError('ARCHIVE_TOO_LARGE', { name: this.#name, reason });
  }
}
