import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { median } from './row.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface Measured {
  readonly seconds: number;
  /** User and system time of the command and all it waited for; null off Linux. */
  readonly cpuSeconds: number | null;
  /** The most memory any one of its processes ever had resident; null off Linux. */
  readonly peakBytes: number | null;
  /** Memory resident in the command itself, as it went; empty off Linux. */
  readonly resident: readonly number[];
  readonly stdout: string;
}

const TICKS_PER_SECOND = 100;
const SAMPLE_MS = 20;

/** Runs a command to its end. Throws with what it printed where it fails. */
export async function measure({ program, args, env, cwd }: Command): Promise<Measured> {
  const before = waitedForCpu();
  const started = performance.now();
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const endGroup = (): void => killGroup(child.pid);
  process.once('exit', endGroup);

  let peak: number | null = null;
  const resident: number[] = [];
  const sampler = setInterval(() => {
    for (const pid of tree(child.pid)) {
      const memory = memoryOf(pid);
      peak = Math.max(peak ?? 0, memory.peak);
      if (pid === child.pid && memory.now > 0) resident.push(memory.now);
    }
  }, SAMPLE_MS);
  try {
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status, signal) => resolve(status ?? signal));
    });
    const seconds = (performance.now() - started) / 1000;
    if (code !== 0) {
      const said = Buffer.concat(stderr).toString('utf8').trim().slice(-2000);
      throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`);
    }
    const after = waitedForCpu();
    return {
      seconds,
      cpuSeconds: before === null || after === null ? null : after - before,
      peakBytes: peak,
      resident,
      stdout: Buffer.concat(stdout).toString('utf8'),
    };
  } finally {
    clearInterval(sampler);
    process.off('exit', endGroup);
    endGroup();
  }
}

/** CPU seconds of every child this process has waited for, which the system adds up to the tick. */
function waitedForCpu(): number | null {
  if (process.platform !== 'linux') return null;
  // The name, in brackets, may hold spaces; what counts comes after it.
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** Bytes resident: the most ever, and now. */
function memoryOf(pid: number): { readonly peak: number; readonly now: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
    return { peak: bytes('VmHWM'), now: bytes('VmRSS') };
  } catch {
    // It ended between being listed and being read.
    return { peak: 0, now: 0 };
  }
}

/** A process and all that came of it. */
function tree(root: number | undefined): readonly number[] {
  if (root === undefined || process.platform !== 'linux') return [];
  const found = [root];
  for (const pid of found) {
    try {
      for (const task of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8');
        found.push(...children.split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export interface Contender {
  readonly name: string;
  run(round: number): Promise<Measured>;
}

export interface Medians {
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
}

/** Runs contenders by turns, each round in the other order, so that a slow minute of the machine hits all of them. */
export async function alternate(
  contenders: readonly Contender[],
  rounds: number,
  tell: (line: string) => void,
): Promise<ReadonlyMap<string, Medians>> {
  const runs = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const measured = await contender.run(round);
      const { name } = contender;
      runs.get(name)?.push(measured);
      tell(`  ${name}, round ${round + 1} of ${rounds}: ${measured.seconds.toFixed(2)} s`);
    }
  }
  return new Map([...runs].map(([name, all]) => [name, mediansOf(all)]));
}

function mediansOf(all: readonly Measured[]): Medians {
  const of = (pick: (measured: Measured) => number | null): number | null => {
    const values = all.map(pick).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  return {
    seconds: median(all.map(({ seconds }) => seconds)),
    cpuSeconds: of(({ cpuSeconds }) => cpuSeconds),
    peakBytes: of(({ peakBytes }) => peakBytes),
  };
}
