import { open, rm, type FileHandle } from 'node:fs/promises';
import { sluiceError } from '#shared/errors';

const FULL = 1 << 20;
const QUOTED = /[",\r\n]|^ | $/;

/** Writes rows as CSV that has only one reading; an absent cell is nothing and an empty text `""`. */
export class RowWriter {
  readonly #out: FileHandle;
  readonly path: string;
  #pending = '';
  longestRow = 0;
  rows = 0;

  private constructor(out: FileHandle, path: string) {
    this.#out = out;
    this.path = path;
  }

  static async create(path: string): Promise<RowWriter> {
    return new RowWriter(await open(path, 'w', 0o600), path);
  }

  get isFull(): boolean {
    return this.#pending.length >= FULL;
  }

  row(cells: readonly (string | null | undefined)[], width: number): void {
    let line = '';
    for (let index = 0; index < width; index += 1) {
      if (index > 0) line += ',';
      const cell = cells[index];
      if (cell === null || cell === undefined) continue;
      line += cell === '' ? '""' : written(cell);
    }
    // A row of one absent cell would be an empty line, which CSV does not count.
    if (width === 1) line += ',';
    if (line.length > this.longestRow) this.longestRow = line.length;
    this.rows += 1;
    this.#pending += `${line}\n`;
  }

  /** Throws DISK_FULL. */
  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    try {
      await this.#out.writeFile(text);
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT'))
        throw sluiceError('DISK_FULL', { path: this.path }, error);
      throw error;
    }
  }

  async finish(): Promise<void> {
    await this.flush();
    await this.#out.close();
  }

  async discard(): Promise<void> {
    await this.#out.close();
    await rm(this.path, { force: true });
  }
}

function written(cell: string): string {
  const text = cell.includes('\0') ? cell.replaceAll('\0', '') : cell;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
