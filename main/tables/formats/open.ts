import { basename } from 'node:path';
import type { Reading } from '#shared/domain';
import { openSource } from '../load/index.ts';
import { openDelimited } from './delimited.ts';
import type { OpenedTable } from './table.ts';

/** Opens the table in a file, whatever kind it is, from its beginning where that is enough. Throws SOURCE_*, TABLE_*. */
export async function openFile(path: string, asked: Reading): Promise<OpenedTable> {
  const { handle, identity } = await openSource(path);
  await handle.close();
  const content = { path, name: basename(path), size: identity.size, whole: true };
  return openDelimited({ path, identity, container: null }, content, asked);
}
