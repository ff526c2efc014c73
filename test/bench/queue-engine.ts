/**
 * One engine in this process. `queue`: queues a folder that starts tomorrow, so that nothing but the queue works.
 * `take-up`: another engine takes that queue up, and is asked for rows. Prints what it took.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { addPaths } from '#main/api';
import { createEngine, type Engine } from '#main/engine';
import { DEFAULT_SCAN_RULES, type FileQuery } from '#shared/domain';
import { nodePorts } from '../../main/hosts/node/index.ts';

export interface Queued {
  readonly files: number;
  readonly seconds: number;
  /** The longest the event loop stood still meanwhile. */
  readonly blockMs: number;
}

export interface TakenUp extends Omit<Queued, 'files'> {
  /** Memory the queue takes: what lives, and what is resident. */
  readonly heapMB: number;
  readonly residentMB: number;
  /** By what is asked for: the longest of several, in ms. */
  readonly windows: Readonly<Record<string, number>>;
}

const ROOT = join(import.meta.dirname, '../..');
const WINDOW = 100;
const TOMORROW = Date.now() + 86_400_000;
const log = { info: () => undefined, error: (what: string, why?: unknown) => console.error(what, why) };

function start(dataFolder: string): Promise<Engine> {
  return createEngine(
    nodePorts({ dataFolder, tablesProcess: join(ROOT, 'main/tables/process/main.ts'), log }),
    {
      dataFolder,
      version: '0.0.0-bench',
      owner: 'the bench',
      bucketListen: { port: 0 },
      pageOrigins: () => [],
      environment: [],
      sampleFile: join(ROOT, 'assets/sample/shop-orders.csv'),
    },
  );
}

async function measured<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number; blockMs: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.reset();
  const from = performance.now();
  const value = await work();
  const seconds = (performance.now() - from) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  return { value, seconds, blockMs: delay.max / 1e6 };
}

function memoryMB(): { readonly heap: number; readonly resident: number } {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, resident: rss / 1e6 };
}

async function queue(folder: string, data: string): Promise<Queued> {
  const engine = await start(data);
  try {
    const { value, seconds, blockMs } = await measured(async () => {
      const { end } = await addPaths(engine.services, [folder], {
        sessionId: null,
        connectionId: 'builtin',
        prefix: null,
        partSize: null,
        rules: DEFAULT_SCAN_RULES,
        notBefore: TOMORROW,
      });
      return (await end).transferIds.length;
    });
    return { files: value, seconds, blockMs };
  } finally {
    await engine.close();
  }
}

async function takeUp(empty: string, data: string): Promise<TakenUp> {
  // One with nothing to do first, so that what every engine takes is not counted.
  await (await start(empty)).close();
  const before = memoryMB();
  const { value: engine, seconds, blockMs } = await measured(() => start(data));
  try {
    const after = memoryMB();
    return {
      seconds,
      blockMs,
      heapMB: after.heap - before.heap,
      residentMB: after.resident - before.resident,
      windows: await askForRows(engine.services),
    };
  } finally {
    await engine.close();
  }
}

async function askForRows({ transfers, sessions }: Engine['services']): Promise<Record<string, number>> {
  const [session] = sessions.list();
  const { id: sessionId = '', files = { total: 0 } } = session ?? {};
  const plain: FileQuery = { sessionId, sort: { by: 'added', descending: false }, group: null, text: '' };
  const questions: Readonly<Record<string, FileQuery>> = {
    'as added': plain,
    'by name': { ...plain, sort: { by: 'name', descending: false } },
    'by size': { ...plain, sort: { by: 'size', descending: true } },
    'by state': { ...plain, sort: { by: 'state', descending: false } },
    waiting: { ...plain, group: 'waiting' },
    'with a text': { ...plain, text: '777' },
  };
  const longest: Record<string, number> = {};
  for (const [name, question] of Object.entries(questions)) {
    for (let round = 0; round < 5; round += 1) {
      const from = performance.now();
      await transfers.list(question, Math.floor((files.total * round) / 5), WINDOW);
      longest[name] = Math.max(longest[name] ?? 0, performance.now() - from);
    }
  }
  return longest;
}

const [what, from = '', data = ''] = process.argv.slice(2);
console.log(JSON.stringify(await (what === 'queue' ? queue(from, data) : takeUp(from, data))));
