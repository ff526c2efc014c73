import { createHash } from 'node:crypto';
import { MANIFEST_VERSION, manifest, type Manifest } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { canonicalJson } from '#shared/lib';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Reads what somebody says is a manifest.
 * @param path only for what is said of it
 * @returns it, and whether it is as it was written
 * @throws MANIFEST_INVALID, MANIFEST_NEWER
 */
export function readManifest(
  text: string,
  path: string,
): { readonly manifest: Manifest; readonly isIntact: boolean } {
  const invalid = (reason: string, cause?: unknown): never => {
    throw sluiceError('MANIFEST_INVALID', { path, reason }, cause);
  };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return invalid('it is not JSON', error);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return invalid('it is JSON of another kind');
  }
  const { digest, ...content } = document as Readonly<Record<string, unknown>>;
  const { version } = content;
  if (typeof version === 'number' && version > MANIFEST_VERSION) {
    throw sluiceError('MANIFEST_NEWER', { path, found: version, known: MANIFEST_VERSION });
  }
  const read = manifest.safeParse(document);
  if (!read.success) {
    const [issue] = read.error.issues;
    return invalid(issue === undefined ? 'it is of no form' : `${issue.path.join('.')}: ${issue.message}`);
  }
  // Over all that stands there, so that what was added is seen as well.
  return { manifest: read.data, isIntact: digest === sha256(canonicalJson(content)) };
}
