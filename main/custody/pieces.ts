import { createHash } from 'node:crypto';
import type { Manifest, ManifestContent, ManifestFile } from '#shared/domain';
import { canonicalJson } from '#shared/lib';

/**
 * The text of a sealed manifest, file by file: that of a hundred thousand is never one value, and whoever asks may do
 * other things in between. The digest shows whether anything was changed since; it is no signature: who means to can
 * write a new one.
 * @returns the digest
 */
export async function* manifestPieces(
  content: Omit<ManifestContent, 'files'>,
  files: AsyncIterable<ManifestFile> | Iterable<ManifestFile>,
): AsyncGenerator<string, string> {
  const { version, writtenAt, writtenBy, session, custody, refused, leftOut } = content;
  const hash = createHash('sha256').update(`{"custody":${canonicalJson(custody)},"files":[`);
  yield members('', { version, writtenAt, writtenBy, session, custody });
  yield ',\n  "files": [';
  let first = true;
  for await (const file of files) {
    hash.update(`${first ? '' : ','}${canonicalJson(file)}`);
    yield `${first ? '' : ','}\n    ${indented(file, 4)}`;
    first = false;
  }
  yield first ? ']' : '\n  ]';
  // In the order of their names, as canonical JSON has them.
  hash.update(
    `],"leftOut":${canonicalJson(leftOut)},"refused":${canonicalJson(refused)},"session":${canonicalJson(session)}`,
  );
  hash.update(
    `,"version":${version},"writtenAt":${canonicalJson(writtenAt)},"writtenBy":${canonicalJson(writtenBy)}}`,
  );
  const digest = hash.digest('hex');
  yield members(',\n', { refused, leftOut, digest });
  yield '\n}\n';
  return digest;
}

/** Members of the outermost object, laid out as JSON.stringify does. */
function members(before: string, of: Partial<Manifest>): string {
  const lines = Object.entries(of).map(([key, value]) => `  ${JSON.stringify(key)}: ${indented(value, 2)}`);
  return (before === '' ? '{\n' : before) + lines.join(',\n');
}

const indented = (value: unknown, by: number): string =>
  JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(by)}`);
