import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FileRef } from '#shared/contract';
import { sluiceError } from '#shared/errors';

/** The sample as any other file, so that the first try is the real thing. */
export async function sample(path: string): Promise<{ file: FileRef; name: string; size: number }> {
  try {
    const { size } = await stat(path);
    return { file: { kind: 'path', path }, name: basename(path), size };
  } catch (error) {
    throw sluiceError('FILE_ERROR', { path, reason: 'the sample is missing from this installation' }, error);
  }
}

/** An absent field of a change is not a change to `undefined`. */
export function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
