import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '#main/disk';
import type { OutputFormat } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { partOf } from '../parts.ts';
import { literal } from '../sql/index.ts';
import { EngineError, type Session } from './database.ts';

export interface OutputFile {
  readonly format: OutputFormat;
  readonly path: string;
}

/** The statement that writes a query's rows; the file is a literal of SQL. */
export function copySql(query: string, file: string, format: OutputFormat): string {
  return `COPY (\n${query}\n) TO ${file} (${copyOptions(format)})`;
}

function copyOptions(format: OutputFormat): string {
  switch (format) {
    case 'csv':
      // An absent cell is written as nothing and an empty text as "", so that reading it again tells them apart.
      return `FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '', COMPRESSION none, USE_TMP_FILE false`;
    case 'parquet':
      return 'FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false';
    case 'json':
      return 'FORMAT json, ARRAY true, COMPRESSION none, USE_TMP_FILE false';
    default:
      return assertNever(format);
  }
}

/** Writes an output beside its place, down to the disk. Throws TARGET_UNWRITABLE, DISK_FULL, FILE_ERROR. */
export async function writePart(
  session: Session,
  query: string,
  { format, path }: OutputFile,
): Promise<void> {
  const part = partOf(path);
  try {
    // Made here first: what the system says against it has a code, which what DuckDB says has not.
    const made = await open(part, 'w');
    await made.close();
    await session.run(copySql(query, literal(part), format));
    const handle = await open(part, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw outputError(error, path);
  }
}

/** Puts outputs that are complete in their places. */
export async function publish(outputs: readonly OutputFile[]): Promise<void> {
  for (const { path } of outputs) {
    try {
      await rename(partOf(path), path);
      await syncFolder(dirname(path));
    } catch (error) {
      throw outputError(error, path);
    }
  }
}

function outputError(error: unknown, path: string): unknown {
  if (isSluiceError(error)) return error;
  if (error instanceof EngineError)
    return error.kind === 'disk-full' ? error.toSluiceError(path, path) : error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return sluiceError('DISK_FULL', { path }, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return sluiceError('TARGET_UNWRITABLE', { path }, error);
    default: {
      const reason = error instanceof Error ? error.message : String(error);
      return sluiceError('FILE_ERROR', { path, reason }, error);
    }
  }
}
