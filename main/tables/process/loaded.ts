import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '#shared/lib';
import {
  openFile,
  rewrite,
  type OpenedTable,
  type RewriteOptions,
  type Rewriting,
} from '../formats/index.ts';
import { identify, isSame } from '../load/index.ts';
import type { VerifiedColumns } from '../profile/index.ts';
import type { TableSource } from '../protocol.ts';

/** A file as this process knows it; kept while the file stays the same. */
export interface Loaded {
  /** As far as it is known: what is read of it can teach more of its columns. */
  table: OpenedTable;
  /** Its clean rewriting, once one was needed. */
  clean: Promise<Rewriting> | null;
  /** Why DuckDB cannot read it where it is; null while it can. */
  needsCleaning: string | null;
  verified: VerifiedColumns | null;
  /** Jobs that use it. */
  users: number;
}

const KEPT = 4;

/** The tables opened last. What was learnt of a file is not learnt twice, and its rewriting is removed with it. */
export class LoadedTables {
  readonly #folder: string;
  readonly #tables = new Map<string, Loaded>();
  readonly #opening = new Map<string, Promise<Loaded>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs `job` on a table; it stays as it is until the job is done. Throws SOURCE_*, TABLE_NOT_TEXT. */
  async use<T>(source: TableSource, job: (loaded: Loaded) => Promise<T>): Promise<T> {
    const loaded = await this.#openOnce(source);
    loaded.users += 1;
    try {
      return await job(loaded);
    } finally {
      loaded.users -= 1;
      await this.#forgetOldest();
    }
  }

  /** @returns the clean rewriting of a table, made once; a job that is aborted leaves none */
  clean(loaded: Loaded, options: RewriteOptions): Promise<Rewriting> {
    loaded.clean ??= rewrite(loaded.table, join(this.#folder, `${randomUUID()}.csv`), options).then(
      (rewriting) => {
        loaded.table = rewriting.table;
        return rewriting;
      },
      (error: unknown) => {
        loaded.clean = null;
        throw error;
      },
    );
    return loaded.clean;
  }

  async close(): Promise<void> {
    const tables = [...this.#tables.values()];
    this.#tables.clear();
    await Promise.all(tables.map(removeClean));
  }

  #openOnce(source: TableSource): Promise<Loaded> {
    const key = keyOf(source);
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(source, key).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  async #open({ path, reading }: TableSource, key: string): Promise<Loaded> {
    const known = this.#tables.get(key);
    if (known !== undefined) {
      this.#tables.delete(key);
      if (isSame(await identify(path), known.table.identity)) {
        this.#tables.set(key, known);
        return known;
      }
      if (known.users === 0) await removeClean(known);
    }
    const table = await openFile(path, reading);
    const loaded: Loaded = {
      table,
      clean: null,
      needsCleaning: table.needsCleaning,
      verified: null,
      users: 0,
    };
    this.#tables.set(key, loaded);
    return loaded;
  }

  async #forgetOldest(): Promise<void> {
    for (const [key, loaded] of this.#tables) {
      if (this.#tables.size <= KEPT) return;
      if (loaded.users > 0) continue;
      this.#tables.delete(key);
      await removeClean(loaded);
    }
  }
}

function keyOf({ path, reading }: TableSource): string {
  return canonicalJson({ path, reading });
}

async function removeClean(loaded: Loaded): Promise<void> {
  if (loaded.clean === null) return;
  const made = await loaded.clean.catch(() => null);
  if (made !== null) await rm(made.path, { force: true });
}
