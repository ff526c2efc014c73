import { readFile } from 'node:fs/promises';
import type { FileToRead } from '#main/tables';
import { AS_FOUND, type Reading, type TablePreview } from '#shared/domain';
import { isSluiceError, type SluiceError } from '#shared/errors';
import { asItIs, type Room } from '../support.ts';

export interface Converted {
  readonly preview: TablePreview;
  /** All rows, as `convert` writes them without types. */
  readonly csv: string;
  readonly rejected: number;
}

/** Looks at a file and writes it as CSV. */
export async function convert(room: Room, path: string, asked: Partial<Reading> = {}): Promise<Converted> {
  const source: FileToRead = { path, reading: { ...AS_FOUND, ...asked } };
  const preview = await room.tables.preview(source);
  const outputs = room.outputs('csv');
  const { counts } = await room.tables.run({ source, recipe: asItIs, outputs });
  return { preview, csv: await readFile(outputs[0]?.path ?? '', 'utf8'), rejected: counts.rejected };
}

export function types({ columns }: Pick<TablePreview, 'columns'>): string[] {
  return columns.map(({ name, type }) => `${name} ${type.kind}`);
}

export function codes({ warnings }: Pick<TablePreview, 'warnings'>): string[] {
  return warnings.map(({ code }) => code);
}

/** What a call fails with; a test that meets no failure, or another, fails itself. */
export async function failure(work: Promise<unknown>): Promise<SluiceError> {
  try {
    await work;
  } catch (error) {
    if (isSluiceError(error)) return error;
    throw error;
  }
  throw new Error('no failure');
}
