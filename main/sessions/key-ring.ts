import { joinKey } from '#main/storage';
import { renamedKey } from '#main/transfers';

/**
 * The keys of one session. S3 tells `A.csv` from `a.csv`, but names that differ only in what a key cannot hold come out
 * the same, and the later of two would take the place of the earlier: it gets a number.
 */
export class KeyRing {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /**
   * @param name of the file, for what is said where its key is too long
   * @returns the key, or the next free one such as `report~2.csv`; it is taken from now on
   * @throws NAME_TOO_LONG
   */
  take(key: string, name: string): string {
    let free = key;
    for (let number = 2; this.#taken.has(free); number += 1) free = joinKey(name, renamedKey(key, number));
    this.#taken.add(free);
    return free;
  }
}
