/** Starting the bucket in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface BucketChild {
  readonly origin: string;
  readonly process: ChildProcess;
  /** Everything it complained of. */
  errors(): string;
  /** At once, as a power button would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBucketChild(
  root: string,
  wrap: (command: string[]) => string[] = (command) => command,
): Promise<BucketChild> {
  const [command = '', ...parameters] = wrap([
    process.execPath,
    join(import.meta.dirname, 'server-child.ts'),
    root,
  ]);
  const child = spawn(command, parameters, {
    // Its input stays open as long as this process lives; when it ends, so does the child.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  const exited = once(child, 'exit');
  // Also when the test fails half-way.
  onTestFinished(() => void child.kill('SIGKILL'));
  const line = createInterface(child.stdout)[Symbol.asyncIterator]().next();
  const first = await Promise.race([line, exited.then(() => null)]);
  if (first === null || first.done === true) throw new Error(`The bucket did not start: ${errors}`);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    origin: first.value,
    process: child,
    errors: () => errors,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
