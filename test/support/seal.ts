import { createHash } from 'node:crypto';
import type { Manifest, ManifestContent } from '#shared/domain';
import { canonicalJson } from '#shared/lib';

/** The plainest way to a sealed manifest, to hold others against. */
export function seal(content: ManifestContent): Manifest {
  return { ...content, digest: createHash('sha256').update(canonicalJson(content)).digest('hex') };
}

export const manifestText = (sealed: Manifest): string => `${JSON.stringify(sealed, null, 2)}\n`;
