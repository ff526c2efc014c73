import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ownEnvironment } from './engine.ts';

const CLI = join(import.meta.dirname, '../../../out/main/cli.js');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** State folder, and home of whatever else the process would look for. */
  readonly data: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  /** Run under a limit on the size of files, in KiB. */
  readonly fileLimitKiB?: number;
  /** Called with each line of stdout; `kill` ends the process as a power cut would. */
  readonly onLine?: (line: string, kill: () => void) => void;
}

/** Runs the built command line to its end. */
export async function sluice(args: readonly string[], options: CliOptions): Promise<Outcome> {
  const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid };
  const limited = options.fileLimitKiB !== undefined;
  const env = {
    ...ownEnvironment(options.data),
    SLUICE_DATA: options.data,
    // A write over the limit then fails as on a full disk, instead of ending the process.
    ...(limited ? { NODE_OPTIONS: `--import=data:text/javascript,process.on('SIGXFSZ',()=>{})` } : {}),
    ...options.env,
  };
  const command = limited ? 'bash' : process.execPath;
  const full = limited
    ? ['-c', `ulimit -f ${options.fileLimitKiB}; exec "$@"`, 'bash', process.execPath, CLI, ...args]
    : [CLI, ...args];
  const child = spawn(command, full, {
    cwd: options.data,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity,
  });
  let stdout = '';
  let stderr = '';
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    stdout += text;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) options.onLine?.(line, () => child.kill('SIGKILL'));
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
