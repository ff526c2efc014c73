import { open } from 'node:fs/promises';
import { sluiceError } from '#shared/errors';
import type { Content } from '../../load/index.ts';
import type { ZipEntry } from '../packed/index.ts';

function hasEntry(entries: readonly ZipEntry[], start: string): boolean {
  return entries.some(({ name }) => name.replaceAll('\\', '/').toLowerCase().startsWith(start));
}

/** Whether a zip archive is a workbook of Excel: told by what it says of its content, not by its name. */
export function isWorkbook(entries: readonly ZipEntry[]): boolean {
  return (
    hasEntry(entries, '[content_types].xml') &&
    hasEntry(entries, 'xl/') &&
    !hasEntry(entries, 'xl/workbook.bin')
  );
}

/** Refuses archives that are documents of an office program rather than files put together. Throws WORKBOOK_UNFIT, TABLE_NOT_TEXT. */
export function refuseOtherOffice(entries: readonly ZipEntry[], name: string): void {
  if (hasEntry(entries, 'xl/workbook.bin'))
    throw sluiceError('WORKBOOK_UNFIT', { name, kind: 'a binary Excel workbook (.xlsb)' });
  if (entries.some((entry) => entry.name === 'mimetype') && hasEntry(entries, 'content.xml'))
    throw sluiceError('WORKBOOK_UNFIT', { name, kind: 'an OpenDocument file' });
  if (hasEntry(entries, '[content_types].xml') && hasEntry(entries, 'word/'))
    throw sluiceError('TABLE_NOT_TEXT', { name, kind: 'a Word document' });
  if (hasEntry(entries, '[content_types].xml') && hasEntry(entries, 'ppt/'))
    throw sluiceError('TABLE_NOT_TEXT', { name, kind: 'a presentation' });
}

/** The old container of Office, which holds workbooks before 2007 and, since then, those locked with a password. */
export async function refuseCompound({ path, name }: Content): Promise<never> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(512);
    await handle.read(head, 0, 512, 0);
    const sector = 1 << Math.min(12, head.readUInt16LE(30));
    const directory = Buffer.alloc(16 * 1024);
    const { bytesRead } = await handle.read(
      directory,
      0,
      directory.length,
      (head.readUInt32LE(48) + 1) * sector,
    );
    const names = directory.toString('utf16le', 0, bytesRead & ~1);
    if (names.includes('EncryptedPackage')) throw sluiceError('WORKBOOK_LOCKED', { name });
    if (names.includes('Workbook') || names.includes('Book'))
      throw sluiceError('WORKBOOK_UNFIT', { name, kind: 'an Excel workbook of before 2007 (.xls)' });
    throw sluiceError('TABLE_NOT_TEXT', { name, kind: 'an old Office file' });
  } finally {
    await handle.close();
  }
}
