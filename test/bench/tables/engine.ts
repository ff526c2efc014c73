import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTables, launchTablesFrom, type Tables } from '#main/tables';
import type { Terms } from '../bench.ts';
import { ENTRY } from './readers.ts';

/** Tables in a process of their own, whose memory can be asked for. */
export interface Engine {
  readonly tables: Tables;
  /** The most memory the process ever had resident, MB; null off Linux. Ask before it is closed. */
  peakMb(): number | null;
  close(): Promise<void>;
}

export function startEngine(terms: Terms, memoryLimitMb: number): Engine {
  const workFolder = join(terms.scratch, 'tables', 'work');
  mkdirSync(workFolder, { recursive: true });
  const launch = launchTablesFrom(ENTRY);
  let pid: number | undefined;
  const tables = createTables({
    launch: (options) => {
      const channel = launch(options);
      pid ??= channel.pid;
      return channel;
    },
    workFolder,
    memoryLimitMb,
    threads: 2,
    log: { info: () => undefined, error: console.error },
  });
  return {
    tables,
    peakMb: () => {
      if (pid === undefined || process.platform !== 'linux') return null;
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? null : (Number(kilobytes) * 1024) / 1e6;
    },
    close: () => tables.close(),
  };
}
