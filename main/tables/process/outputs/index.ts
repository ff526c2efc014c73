import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncFolder } from '#main/disk';
import type { OutputFormat, OutputOptions } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { encodeCrc32 } from '#shared/lib';
import { partOf } from '../../parts.ts';
import type { Head, WrittenOutput } from '../../protocol.ts';
import { EngineError, type Session } from '../database.ts';
import { csv } from './csv.ts';
import { jsonArray, jsonLines } from './json.ts';
import { parquet } from './parquet.ts';
import type { Changes, OutputWriter } from './writer.ts';
import { xlsx } from './xlsx.ts';

export interface OutputFile {
  readonly format: OutputFormat;
  readonly path: string;
}

const WRITERS: Readonly<Record<OutputFormat, OutputWriter>> = {
  csv,
  xlsx,
  parquet,
  jsonl: jsonLines,
  json: jsonArray,
};

/** The SQL that makes an output, for people to read. */
export function shownSql(query: string, format: OutputFormat): string {
  return WRITERS[format].sql(query);
}

/** The first rows of an output, as text. Throws TABLE_*, errors of the system. */
export function headOfOutput(
  session: () => Promise<Session>,
  path: string,
  format: OutputFormat,
  rows: number,
): Promise<Head> {
  return WRITERS[format].head(session, path, rows);
}

/** Writes an output beside its place, down to the disk. Throws TARGET_UNWRITABLE, DISK_FULL, FILE_ERROR, OUTPUT_UNFIT. */
export async function writePart(
  session: Session,
  query: string,
  { format, path }: OutputFile,
  options: OutputOptions,
): Promise<Changes> {
  const part = partOf(path);
  try {
    // Made here first: what the system says against it has a code, which what DuckDB says has not.
    const made = await open(part, 'w');
    await made.close();
    const changes = await WRITERS[format].write({ session, query, path: part, options });
    const handle = await open(part, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    return changes;
  } catch (error) {
    throw outputError(error, path);
  }
}

/** Reads an output again before anybody sees it. Throws OUTPUT_UNPROVEN where it does not hold the rows it should. */
export async function checkPart(
  session: Session,
  { format, path }: OutputFile,
  rows: number,
  { defused, notes }: Changes,
): Promise<WrittenOutput> {
  const part = partOf(path);
  try {
    const found = await WRITERS[format].count(session, part);
    if (found !== rows) throw sluiceError('OUTPUT_UNPROVEN', { path, rows, found });
    const { size } = await stat(part);
    return { format, path, rows, size, crc32: encodeCrc32(await crc32Of(part)), defused, notes };
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

async function crc32Of(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    let crc = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1 << 20 }))
      crc = crc32(chunk as Buffer, crc);
    return crc;
  } finally {
    await handle.close();
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
    case 'EFBIG':
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
