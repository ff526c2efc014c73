import { stat } from 'node:fs/promises';
import type { Journal } from '#main/journal';
import type { Clock, Opener } from '#main/ports';
import type { Connections } from '#main/storage';
import type { Tables } from '#main/tables';
import { fetchCopy } from '#main/transfers';
import type { ChartData, ChartSpec, Column, Output } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { decodeCrc32 } from '#shared/lib';
import type { LocalCopies } from './local-copies.ts';

export interface OutputsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly opener: Opener;
  readonly connections: Connections;
  readonly copies: LocalCopies;
  readonly tables: Tables;
}

const PREVIEW_ROWS = 50;

/** What runs made: seen, fetched, shared, opened. */
export class Outputs {
  readonly #options: OutputsOptions;

  constructor(options: OutputsOptions) {
    this.#options = options;
  }

  list(sessionId: string): readonly Output[] {
    return this.#options.journal.outputs.list(sessionId);
  }

  /** @throws NOT_FOUND */
  get(id: string): Output {
    const output = this.#options.journal.outputs.get(id);
    if (output === null) throw sluiceError('NOT_FOUND', { what: 'such output' });
    return output;
  }

  /** The first rows, as they stand in the file. */
  async preview(id: string, signal: AbortSignal): Promise<Awaited<ReturnType<Tables['head']>>> {
    const path = await this.local(id, signal);
    return this.#options.tables.head(path, this.get(id).format, PREVIEW_ROWS);
  }

  /** Its columns, typed as its content allows. */
  async columns(id: string, signal: AbortSignal): Promise<readonly Column[]> {
    return (await this.#options.tables.preview(await this.local(id, signal), signal)).columns;
  }

  async chart(id: string, chart: ChartSpec, signal: AbortSignal): Promise<ChartData> {
    return this.#options.tables.chart(await this.local(id, signal), chart, signal);
  }

  async link(id: string, seconds: number, attachment: boolean): Promise<{ url: string; expiresAt: number }> {
    const output = this.get(id);
    const store = await this.#store(output);
    if (!store.isReachable)
      throw sluiceError('UNSUPPORTED_HERE', { what: 'A link into the built-in bucket' });
    const url = await store.signRead(output.key, seconds, attachment ? output.name : null);
    this.#note(output, attachment ? 'download' : 'share', `for ${seconds} s`);
    return { url, expiresAt: this.#options.clock.now() + seconds * 1000 };
  }

  async open(id: string, signal: AbortSignal): Promise<void> {
    await this.#options.opener.open(await this.local(id, signal));
  }

  async reveal(id: string, signal: AbortSignal): Promise<void> {
    await this.#options.opener.reveal(await this.local(id, signal));
  }

  /** A checked copy on this disk: the file the run wrote while it is there, else fetched from the bucket. */
  async local(id: string, signal: AbortSignal): Promise<string> {
    const output = this.get(id);
    const path = this.#options.copies.pathFor(id, output.name);
    if ((await stat(path).catch(() => null))?.size === output.size) return path;
    const { clock } = this.#options;
    const store = await this.#store(output);
    await fetchCopy({ store, key: output.key, path, clock, signal, crc32: crcOf(output) });
    return path;
  }

  async #store(output: Output): ReturnType<Connections['store']> {
    const session = this.#options.journal.sessions.get(output.sessionId);
    if (session === null) throw sluiceError('NOT_FOUND', { what: 'such session' });
    return this.#options.connections.store(session.connectionId);
  }

  #note(output: Output, action: string, detail: string): void {
    const at = this.#options.clock.now();
    const { sessionId, key } = output;
    this.#options.journal.activity.add({ at, sessionId, action, subject: key, outcome: 'ok', detail });
  }
}

function crcOf({ crc32, name }: Output): number {
  const crc = decodeCrc32(crc32);
  if (crc === null) throw new TypeError(`the journal has no CRC-32 of ${name}`);
  return crc;
}
