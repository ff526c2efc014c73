import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reading } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { canonicalJson } from '#shared/lib';
import {
  complete,
  openFile,
  rewrite,
  type OpenedTable,
  type OpenTools,
  type RewriteOptions,
  type Rewriting,
} from '../formats/index.ts';
import { assertWidth, identify, isSame } from '../load/index.ts';
import type { VerifiedColumns } from '../profile/index.ts';
import type { TableSource } from '../protocol.ts';

/** A file as this process knows it; kept while the file stays the same. */
export interface Loaded {
  /** As far as it is known: what is read of it can teach more of its columns. */
  table: OpenedTable;
  readonly reading: Reading;
  /** Its unpacking, where it is packed and was only looked into so far. */
  completing: Promise<void> | null;
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
  readonly #query: OpenTools['query'];
  readonly #tables = new Map<string, Loaded>();
  readonly #opening = new Map<string, Promise<Loaded>>();

  /** @param query runs SQL of ours, in DuckDB that it opens where nobody did yet */
  constructor(folder: string, query: OpenTools['query']) {
    this.#folder = folder;
    this.#query = query;
  }

  /**
   * Runs `job` on a table; it stays as it is until the job is done. Throws what opening throws: SOURCE_*, TABLE_*,
   * FILE_DAMAGED, ARCHIVE_*, ENTRY_MISSING, SHEET_MISSING, WORKBOOK_*.
   */
  async use<T>(
    source: TableSource,
    job: (loaded: Loaded) => Promise<T>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<T> {
    const loaded = await untilMine(signal, () => this.#openOnce(source, signal));
    loaded.users += 1;
    try {
      return await job(loaded);
    } finally {
      loaded.users -= 1;
      await this.#forgetOldest();
    }
  }

  /** Unpacks what of a table was only looked into; once for all who wait for it. */
  complete(loaded: Loaded, { signal, onProgress }: RewriteOptions): Promise<void> {
    loaded.completing ??= this.#complete(loaded, signal, onProgress).catch((error: unknown) => {
      loaded.completing = null;
      throw error;
    });
    return loaded.completing;
  }

  async #complete(
    loaded: Loaded,
    signal: AbortSignal,
    onProgress: RewriteOptions['onProgress'],
  ): Promise<void> {
    const { table } = loaded;
    if (table.content.whole) return;
    const whole = await complete(table, loaded.reading, this.#tools(signal), (done, total) =>
      onProgress?.(done, total),
    );
    loaded.table = whole;
    loaded.needsCleaning = whole.needsCleaning;
    loaded.verified = null;
    await removeContent(table);
  }

  #tools(signal: AbortSignal): OpenTools {
    return { folder: this.#folder, query: this.#query, signal };
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

  #openOnce(source: TableSource, signal: AbortSignal): Promise<Loaded> {
    const key = keyOf(source);
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(source, key, signal).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  async #open({ path, reading }: TableSource, key: string, signal: AbortSignal): Promise<Loaded> {
    const known = this.#tables.get(key);
    if (known !== undefined) {
      this.#tables.delete(key);
      if (isSame(await identify(path), known.table.identity)) {
        this.#tables.set(key, known);
        return known;
      }
      if (known.users === 0) await removeClean(known);
    }
    const table = await openFile(path, reading, this.#tools(signal));
    assertWidth(table.name, table.columns.length);
    const loaded: Loaded = {
      table,
      reading,
      completing: null,
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

/** Removes what was written for a table. */
async function removeClean(loaded: Loaded): Promise<void> {
  await loaded.completing?.catch(() => undefined);
  const made = await loaded.clean?.catch(() => null);
  if (made !== null && made !== undefined) await rm(made.path, { force: true });
  await removeContent(loaded.table);
}

async function removeContent({ content }: OpenedTable): Promise<void> {
  if (content.temporary) await rm(content.path, { force: true });
}

/** Waits for work that others may have begun: where theirs was cancelled, it is begun again. */
export async function untilMine<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isSluiceError(error, 'CANCELLED') || signal.aborted) throw error;
    }
  }
}
