/**
 * The engine in a process of its own, to be killed. Takes up what an earlier one left, adds what it is told to, and
 * says on stdout, one JSON a line, what it has taken (`added`), that a part landed (`landed`), what fails (`failed`) and when all is at rest (`rest`).
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { addPaths } from '#main/api';
import { createEngine } from '#main/engine';
import { DEFAULT_SCAN_RULES } from '#shared/domain';
import { nodePorts } from '#internal/main/hosts/node/index';

const [dataFolder = '', files = ''] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const log = {
  info: () => undefined,
  error: (message: string, error: unknown) => console.error(message, error),
};
// Its input stays open as long as the test lives; when that ends, so does this.
process.stdin.on('end', () => process.exit()).resume();

const engine = await createEngine(nodePorts({ dataFolder, tablesProcess: 'not needed here', log }), {
  dataFolder,
  version: '0.0.0-test',
  owner: `a test, process ${process.pid}`,
  bucketListen: { port: 0 },
  pageOrigins: () => [],
  environment: [],
  sampleFile: '',
  concurrency: 4,
});
const { services, bucket } = engine;
const { transfers, sessions } = services;
const failed = new Set<string>();
const committed = new Map<string, number>();
transfers.onChange((id) => {
  const { state, name, partCount } = transfers.record(id);
  const now = transfers.view(id).progress.committed;
  if (partCount > 1 && now > (committed.get(id) ?? 0)) say({ landed: now });
  committed.set(id, now);
  if (state.kind !== 'failed' || failed.has(id)) return;
  failed.add(id);
  say({ failed: name, error: state.error });
});
say({ ready: { endpoint: bucket.endpoint, region: bucket.region, bucket: bucket.bucket, ...bucket.keys } });

// A drop that a kill cut short is looked through to its end first; then whatever of the folder is not yet on its way.
while (sessions.list().some(({ scanning }) => scanning !== null)) await setTimeout(10);
const known = new Set(transfers.records().flatMap(({ source }) => ('path' in source ? [source.path] : [])));
const paths = readdirSync(files)
  .map((name) => join(files, name))
  .filter((path) => !known.has(path));
if (paths.length > 0) {
  const { end } = await addPaths(services, paths, {
    sessionId: sessions.list()[0]?.id ?? null,
    connectionId: 'builtin',
    prefix: null,
    partSize: 5 * 1024 * 1024,
    rules: DEFAULT_SCAN_RULES,
  });
  await end;
}
say({ added: paths.length });

const all = transfers.records().map(({ id }) => id);
await Promise.all(all.map((id) => transfers.settled(id)));
say({
  rest: transfers.records().map(({ id, key, source, state }) => ({
    key,
    path: 'path' in source ? source.path : '',
    state: state.kind,
    kept: state.kind === 'done' ? transfers.receipt(id).parts.kept : 0,
  })),
});
