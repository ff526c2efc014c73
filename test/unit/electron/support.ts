import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '#main/ports';

/** A folder of the test's own, gone after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-electron-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export function memoryLog(): Log & { readonly errors: string[] } {
  const errors: string[] = [];
  return { errors, info: () => undefined, error: (message) => void errors.push(message) };
}
