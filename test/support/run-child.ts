/**
 * The engine in a process of its own that ends itself, as if it were killed, when a run comes to a step. Without one to
 * die at it goes on to the end, and says on stdout what there is then.
 */
import { join } from 'node:path';
import { addPaths } from '#main/api';
import { createEngine } from '#main/engine';
import { cleanRecipe, DEFAULT_SCAN_RULES } from '#shared/domain';
import { nodePorts } from '#internal/main/hosts/node/index';

const [dataFolder = '', file = '', dieAt = ''] = process.argv.slice(2);
const log = {
  info: () => undefined,
  error: (message: string, error: unknown) => console.error(message, error),
};
// Its input stays open as long as the test lives; when that ends, so does this.
process.stdin.on('end', () => process.exit()).resume();

const tablesProcess = join(import.meta.dirname, '../../main/tables/process/main.ts');
const engine = await createEngine(nodePorts({ dataFolder, tablesProcess, log }), {
  dataFolder,
  version: '0.0.0-test',
  owner: `a test, process ${process.pid}`,
  bucketListen: { port: 0 },
  pageOrigins: () => [],
  environment: [],
  sampleFile: '',
});
const { runs, outputs, transfers, sessions, journal, connections } = engine.services;
runs.onChange(({ state }) => {
  if (state.kind === dieAt) process.kill(process.pid, 'SIGKILL');
});
if (sessions.list().length === 0) {
  const { end } = await addPaths(engine.services, [file], {
    sessionId: null,
    connectionId: 'builtin',
    prefix: null,
    partSize: null,
    rules: DEFAULT_SCAN_RULES,
  });
  await end;
}
const [session] = sessions.list();
if (session === undefined) throw new Error('there is a session by now');
const [original] = transfers.records(session.id);
if (original === undefined) throw new Error('it has a file');
await transfers.settled(original.id);
if (runs.list(session.id).length === 0)
  runs.start({ transferId: original.id, recipe: cleanRecipe(), formats: ['csv', 'xlsx', 'jsonl'] });
const over = (): boolean =>
  runs.list(session.id).every(({ state }) => ['done', 'failed', 'cancelled'].includes(state.kind));
while (!over()) await new Promise((resolve) => setTimeout(resolve, 20));
const store = await connections.store('builtin');
const keys: string[] = [];
for await (const { key } of store.list('')) keys.push(key);
const [run] = runs.list(session.id);
process.stdout.write(
  JSON.stringify({
    runs: runs.list(session.id).map(({ state, counts }) => ({ state: state.kind, rows: counts?.rowsOut })),
    outputs: outputs.list(session.id).map(({ format, stored, rows, id }) => ({ format, stored, rows, id })),
    planned: run === undefined ? null : journal.runs.planned(run.id),
    processed: keys.filter((key) => key.includes('/processed/')).length,
  }),
);
await engine.close();
process.exit();
