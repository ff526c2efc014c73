import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { sluiceError } from '#shared/errors';

const run = promisify(execFile);

/** Extended attributes by name; values are bytes. */
export type Attributes = ReadonlyMap<string, Buffer>;

/** Node cannot read them itself: the program of each system that can. */
const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: 'getfattr', darwin: 'xattr' };

const LIMIT = { timeout: 10_000, maxBuffer: 4 * 1024 * 1024, encoding: 'utf8' } as const;

/** Whether extended attributes can be read on this machine. */
export function readsAttributes(
  platform: NodeJS.Platform = process.platform,
  path: string = process.env['PATH'] ?? '',
): boolean {
  const program = PROGRAMS[platform];
  if (program === undefined) return false;
  return path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** @returns those a user can set. @throws FILE_ERROR where the program for it fails */
export async function readAttributes(path: string): Promise<Attributes> {
  try {
    return process.platform === 'darwin' ? await readMac(path) : await readLinux(path);
  } catch (error) {
    throw sluiceError('FILE_ERROR', { path, reason: 'its extended attributes cannot be read' }, error);
  }
}

async function readLinux(path: string): Promise<Attributes> {
  const { stdout } = await run(
    'getfattr',
    ['--absolute-names', '--dump', '--encoding=base64', '--match=^user\\.', '--', path],
    LIMIT,
  );
  return parseDump(stdout);
}

/** @param dump as getfattr prints it: `name=0sBASE64` a line, after a line that names the file */
export function parseDump(dump: string): Attributes {
  const found = new Map<string, Buffer>();
  for (const line of dump.split('\n')) {
    const [, name, value] = /^([^#=][^=]*)=0s(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    found.set(unescape(name), Buffer.from(value, 'base64'));
  }
  return found;
}

/** It writes what could be mistaken in a name in octal. */
const unescape = (name: string): string =>
  Buffer.from(
    name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    'latin1',
  ).toString('utf8');

async function readMac(path: string): Promise<Attributes> {
  const found = new Map<string, Buffer>();
  const { stdout } = await run('xattr', ['--', path], LIMIT);
  for (const name of stdout.split('\n').filter((line) => line !== '')) {
    const hex = await run('xattr', ['-px', name, path], LIMIT);
    found.set(name, Buffer.from(hex.stdout.replace(/\s+/g, ''), 'hex'));
  }
  return found;
}

/** @returns as one value of metadata: base64 of JSON, name to base64; null where there are none */
export function packAttributes(attributes: Attributes): string | null {
  if (attributes.size === 0) return null;
  const plain = Object.fromEntries(
    [...attributes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, value.toString('base64')]),
  );
  return Buffer.from(JSON.stringify(plain)).toString('base64');
}
