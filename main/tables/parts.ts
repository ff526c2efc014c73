import { rm } from 'node:fs/promises';

/** Where an output grows before it is put in its place. */
export function partOf(path: string): string {
  return `${path}.part`;
}

/** Takes away what was written of outputs that will not be finished. */
export async function removeParts(outputs: readonly { readonly path: string }[]): Promise<void> {
  await Promise.all(outputs.map(({ path }) => rm(partOf(path), { force: true })));
}
