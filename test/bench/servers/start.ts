import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from '../bench.ts';
import { killGroup } from '../measure.ts';

/** A server in a process of its own, so that what it costs is nobody's but its own. */
export interface Started {
  readonly announced: Readonly<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a script of Node that prints one line of JSON when it is ready.
 * @param args the script and what it takes
 * @throws Error with all it said, where it ends before that
 */
export async function startServer(args: readonly string[], cwd: string): Promise<Started> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: cleanEnvironment(cwd),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const endGroup = (): void => killGroup(child.pid);
  process.once('exit', endGroup);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const limit = setTimeout(endGroup, 10_000);
    await ended;
    clearTimeout(limit);
    endGroup();
    process.off('exit', endGroup);
  };
  try {
    const announced = await new Promise<Started['announced']>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(-4000)));
      child.once('error', reject);
      child.once('close', () => reject(new Error(`${args.join(' ')} did not start:\n${said}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('{')) resolve(JSON.parse(line) as Started['announced']);
      });
    });
    return { announced, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** For a server: says that it is ready. */
export function announce(document: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
