import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { safeName } from '#main/storage';
import { makeFolder, publish, targetError } from '#main/transfers';
import type { Receipt } from '#shared/domain';
import { isSluiceError } from '#shared/errors';

/**
 * Writes a text that others will rely on: whole or not at all, and never over a file that is there.
 * @throws TARGET_EXISTS, DISK_FULL, TARGET_UNWRITABLE, FILE_ERROR
 */
export async function saveText(path: string, text: string): Promise<void> {
  const target = resolve(path);
  await makeFolder(dirname(target));
  const part = `${target}.${randomUUID().slice(0, 8)}.part`;
  try {
    const handle = await open(part, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await publish(part, target);
  } catch (error) {
    throw targetError(target, error);
  } finally {
    await rm(part, { force: true });
  }
}

export const receiptText = (receipt: Receipt): string => `${JSON.stringify(receipt, null, 2)}\n`;

/** What the files of a receipt are called, without their endings. */
export const receiptName = (receipt: Receipt): string => `${safeName(receipt.source.name)}.receipt`;

/**
 * A receipt and its page beside each other, under the first name that is free: `a.csv.receipt.json`,
 * `a.csv.receipt (2).json`, ...
 * @returns the path of the receipt
 */
export async function saveReceipt(folder: string, receipt: Receipt, page: string): Promise<string> {
  const name = receiptName(receipt);
  for (let attempt = 1; ; attempt += 1) {
    const base = join(folder, attempt === 1 ? name : `${name} (${attempt})`);
    try {
      await saveText(`${base}.json`, receiptText(receipt));
    } catch (error) {
      if (isSluiceError(error, 'TARGET_EXISTS')) continue;
      throw error;
    }
    await saveText(`${base}.html`, page);
    return `${base}.json`;
  }
}
