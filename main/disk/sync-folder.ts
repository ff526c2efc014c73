import { open } from 'node:fs/promises';

/** A name is only safe once its folder is written. Windows cannot sync a folder; its file system journals names by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
