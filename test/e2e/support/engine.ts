import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'out', 'main', 'cli.js');
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/** How a stock S3 client reaches the built-in bucket. */
export interface BucketAccess {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** The one line that `sluice serve --json` prints when it is ready. */
export interface Announcement {
  readonly address: string;
  readonly bucket: BucketAccess;
}

/** A running `sluice serve`: a process group of its own, on a data folder that outlives it. */
export interface Engine extends Announcement {
  readonly pid: number;
  readonly port: number;
  /** Everything it printed. */
  log(): string;
  /** Asks it to stop and waits; ends it where it does not. */
  stop(): Promise<void>;
  /** As a power cut would: this process, at once. */
  kill(): Promise<void>;
  /** Ends whatever is left of its process group. */
  sweep(): void;
}

export interface EngineOptions {
  readonly data: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the built app's server. Rejects with all it printed where it does not get ready. */
export async function startEngine({ data, port = 0, env = {} }: EngineOptions): Promise<Engine> {
  const args = [CLI, 'serve', '--no-open', '--json', '--port', String(port), '--data', data];
  const child = spawn(process.execPath, args, {
    // A folder without a .env of somebody's.
    cwd: data,
    env: { ...ownEnvironment(data), ...env },
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  try {
    const announcement = await announced(child, (line) => (printed += `${line}\n`));
    return {
      ...announcement,
      pid: child.pid ?? -1,
      port: Number(new URL(announcement.address).port),
      log: () => printed,
      async stop() {
        child.kill('SIGTERM');
        const limit = setTimeout(() => sweep(child), STOP_LIMIT_MS);
        await ended;
        clearTimeout(limit);
      },
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
      sweep: () => sweep(child),
    };
  } catch (error) {
    sweep(child);
    throw new Error(`The server did not get ready. It printed:\n${printed}`, { cause: error });
  }
}

/** The first line of stdout that is JSON with an address in it. */
function announced(child: ChildProcess, keep: (line: string) => void): Promise<Announcement> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('it took too long')), START_LIMIT_MS);
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal}`)));
    const { stdout } = child;
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (line) => {
      keep(line);
      if (!line.startsWith('{')) return;
      const value = JSON.parse(line) as Partial<Announcement>;
      if (value.address === undefined || value.bucket === undefined) return;
      clearTimeout(limit);
      resolve({ address: value.address, bucket: value.bucket });
    });
  });
}

/** This process's environment without what would give the app connections of the person's own. */
export function ownEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(AWS_|SLUICE_BUCKET$|SLUICE_DATA$|S3_BUCKET_NAME$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(home, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'no-aws-credentials'),
  };
}

function sweep(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** @returns a new data folder, and how to take it away */
export function dataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
