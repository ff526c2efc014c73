import {
  AS_FOUND,
  cleanRecipe,
  PLAIN_OUTPUTS,
  DEFAULT_SCAN_RULES,
  transferKind,
  waitReason,
  NO_SETTINGS,
  NOTHING_LEFT_OUT,
  type Connection,
  type Output,
  type PartStrip,
  type Preferences,
  type Run,
  type Session,
  type SystemInfo,
  type Transfer,
  type TransferState,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';

/** A fixed moment, so that pictures of the page are the same each time: 20 May 2026, 10:32 UTC. */
export const NOW = Date.UTC(2026, 4, 20, 10, 32);
const MB = 1_000_000;
const PART = 8 * 1024 * 1024;

export const info: SystemInfo = {
  version: '0.1.0',
  dataFolder: '/home/ana/.local/share/sluice',
  platform: 'linux',
  home: '/home/ana',
  downloads: '/home/ana/Downloads',
  keepsExtendedAttributes: true,
  capabilities: {
    nativePicker: false,
    hostPaths: true,
    droppedPaths: false,
    openLocally: false,
    keepsSecrets: false,
  },
};

export const preferences: Preferences = {
  theme: 'system',
  downloadFolder: null,
  browseFolder: null,
  connectionId: 'builtin',
  places: {},
  scan: DEFAULT_SCAN_RULES,
};

export const connections: Connection[] = [
  {
    id: 'builtin',
    kind: 'builtin',
    origin: 'builtin',
    name: 'Built-in bucket',
    endpoint: 'http://127.0.0.1:41873',
    region: 'us-east-1',
    bucket: 'sluice',
    prefix: '',
    credentials: { kind: 'builtin' },
    capabilities: { checksum: 'full-object', conditional: true, learntAt: NOW - 86_400_000 },
    settings: NO_SETTINGS,
  },
  {
    id: 'env',
    kind: 's3',
    origin: 'environment',
    name: 'research-raw',
    endpoint: null,
    region: 'eu-central-1',
    bucket: 'research-raw',
    prefix: 'intake/ana',
    credentials: { kind: 'profile', profile: 'research' },
    capabilities: null,
    settings: NO_SETTINGS,
  },
];

export interface FileSpec {
  readonly name: string;
  readonly size: number;
  readonly state: TransferState;
  readonly parts: PartStrip;
  readonly rate?: number;
  readonly path?: string;
  readonly page?: boolean;
}

const done: TransferState = { kind: 'done' };
const whole = (size: number): PartStrip => [
  { state: 'verified', count: Math.max(1, Math.ceil(size / PART)) },
];

const THERE = new Set(['sent', 'kept', 'resent', 'verified']);

export function transferOf(sessionId: string, id: string, spec: FileSpec, createdAt: number): Transfer {
  const { name, size, state, parts, rate, path, page } = spec;
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const there = parts.reduce((sum, part) => sum + (THERE.has(part.state) ? part.count : 0), 0);
  const flying = parts.reduce((sum, part) => sum + (part.state === 'flying' ? part.count : 0), 0);
  const committed = Math.min(size, Math.round((there / total) * size));
  const left = size - committed;
  return {
    id,
    sessionId,
    direction: 'upload',
    name,
    relativePath: path === undefined ? name : `${path}/${name}`,
    source:
      page === true
        ? { kind: 'page', lastModified: createdAt }
        : { kind: 'path', path: `/data/exports/${path === undefined ? '' : `${path}/`}${name}` },
    size,
    bucket: 'sluice',
    key: `sessions/2026/05/${sessionId}/original/20260520T103200_${id.slice(-8)}_${name.replaceAll(/[^\w.-]/g, '_')}`,
    state,
    progress: {
      committed,
      inFlight: Math.min(left, flying * PART * 0.5),
      total: size,
      bytesPerSecond: rate ?? null,
      secondsLeft: rate === undefined ? null : left / rate,
    },
    parts,
    partSize: PART,
    priority: 0,
    notice: null,
    createdAt,
    finishedAt: state.kind === 'done' ? createdAt + 42_000 : null,
  };
}

const offline = sluiceError('STORE_UNREACHABLE', {
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  reason: 'no route to host',
}).report();
const denied = sluiceError('ACCESS_DENIED', {
  action: 'write to',
  resource: 'research-raw/intake/ana',
}).report();
const gone = sluiceError('SOURCE_GONE', { name: 'interviews-2026.csv' }).report();
const changed = sluiceError('SOURCE_CHANGED', { path: '/data/exports/live-feed.csv' }).report();

/** Every state a transfer can be in, and names that are hard to show. */
export const FILES: readonly FileSpec[] = [
  {
    name: 'orders-2026-q1.csv',
    size: 459 * MB,
    state: { kind: 'transferring' },
    rate: 48.3 * MB,
    parts: [
      { state: 'kept', count: 12 },
      { state: 'sent', count: 14 },
      { state: 'resent', count: 1 },
      { state: 'sent', count: 5 },
      { state: 'flying', count: 4 },
      { state: 'waiting', count: 19 },
    ],
  },
  {
    name: 'sensor-readings-plant-7-line-3-2026-01-01-to-2026-03-31-recalibrated-final-v2 (copy 4) do not use before friday.csv',
    size: 12_400 * MB,
    state: { kind: 'transferring' },
    rate: 22.1 * MB,
    parts: [
      { state: 'sent', count: 310 },
      { state: 'flying', count: 4 },
      { state: 'waiting', count: 1165 },
    ],
  },
  { name: 'Größen & Preise – März 📈👩‍🔬.csv', size: 8.2 * MB, state: done, parts: whole(8.2 * MB) },
  {
    name: 'customers.csv',
    size: 96 * MB,
    state: { kind: 'verifying' },
    parts: [{ state: 'sent', count: 12 }],
  },
  {
    name: 'warehouse.csv',
    size: 210 * MB,
    state: { kind: 'paused' },
    parts: [
      { state: 'sent', count: 9 },
      { state: 'waiting', count: 17 },
    ],
  },
  {
    name: 'telemetry.parquet',
    size: 1200 * MB,
    state: { kind: 'waiting', reason: 'network', error: offline },
    parts: [
      { state: 'sent', count: 61 },
      { state: 'waiting', count: 83 },
    ],
  },
  {
    name: 'interviews-2026.csv',
    size: 64 * MB,
    state: { kind: 'waiting', reason: 'page', error: gone },
    page: true,
    parts: [
      { state: 'sent', count: 3 },
      { state: 'waiting', count: 5 },
    ],
  },
  {
    name: 'live-feed.csv',
    size: 33 * MB,
    state: { kind: 'failed', error: changed },
    parts: [
      { state: 'sent', count: 2 },
      { state: 'waiting', count: 2 },
    ],
  },
  {
    name: 'payroll.csv',
    size: 2.1 * MB,
    state: { kind: 'failed', error: denied },
    parts: [{ state: 'waiting', count: 1 }],
  },
  { name: 'empty-columns.csv', size: 812, state: done, parts: whole(812) },
  {
    name: 'archive.zip',
    size: 88 * MB,
    state: { kind: 'cancelled' },
    parts: [{ state: 'waiting', count: 11 }],
  },
  { name: 'notes.txt', size: 4400, state: { kind: 'queued' }, parts: [{ state: 'waiting', count: 1 }] },
  {
    name: 'readings.csv',
    path: 'plant-7/line-3/2026/january',
    size: 18 * MB,
    state: { kind: 'queued' },
    parts: [{ state: 'waiting', count: 3 }],
  },
];

export function sessionOf(
  id: string,
  title: string,
  createdAt: number,
  transfers: readonly Transfer[],
  outputs: number,
): Session {
  const count = (kind: TransferState['kind']) => transfers.filter(({ state }) => state.kind === kind).length;
  const moving = count('transferring') + count('queued') + count('preparing') + count('verifying');
  const state: Session['state'] =
    transfers.length === 0
      ? 'empty'
      : moving > 0
        ? 'working'
        : count('failed') + count('waiting') > 0
          ? 'attention'
          : count('paused') > 0
            ? 'paused'
            : 'done';
  const live = transfers.filter((transfer) => transfer.state.kind !== 'cancelled');
  return {
    id,
    title,
    connectionId: 'builtin',
    connectionName: 'Built-in bucket',
    bucket: 'sluice',
    prefix: `sessions/2026/05/${id}`,
    createdAt,
    state,
    files: { total: live.length, done: count('done'), failed: count('failed') },
    bytes: {
      total: live.reduce((sum, { size }) => sum + size, 0),
      committed: live.reduce((sum, { progress }) => sum + progress.committed, 0),
      inFlight: live.reduce((sum, { progress }) => sum + progress.inFlight, 0),
      paused: live.reduce(
        (sum, { state: { kind }, progress }) =>
          sum + (kind === 'paused' ? progress.total - progress.committed : 0),
        0,
      ),
    },
    counts: Object.fromEntries(
      transferKind.options.map((kind) => [kind, count(kind)]).filter(([, of]) => of !== 0),
    ) as Session['counts'],
    waits: waitReason.options.flatMap((reason) => {
      const waiting = transfers.flatMap(({ state: of }) =>
        of.kind === 'waiting' && of.reason === reason ? [of.error.message] : [],
      );
      const [message] = waiting;
      return message === undefined ? [] : [{ reason, count: waiting.length, message }];
    }),
    bytesPerSecond: live.reduce((sum, { progress }) => sum + (progress.bytesPerSecond ?? 0), 0),
    scanning: null,
    refused: 0,
    leftOut: NOTHING_LEFT_OUT,
    outputs,
    retentionDays: null,
    custody: null,
    folder: null,
  };
}

const SQL = `WITH source AS (
  SELECT * FROM read_csv('customers.csv', delim = ';', quote = '"', all_varchar = true)
), trimmed AS (
  SELECT trim("id") AS "id", trim("name") AS "name" FROM source
)
SELECT DISTINCT try_cast(nullif("id", '') AS BIGINT) AS "id", nullif("name", '') AS "name"
FROM trimmed;`;

export function runOf(
  id: string,
  sessionId: string,
  transfer: Transfer,
  state: Run['state'],
  at: number,
): Run {
  const over = state.kind === 'done' || state.kind === 'failed';
  return {
    id,
    sessionId,
    transferId: transfer.id,
    sourceName: transfer.name,
    reading: AS_FOUND,
    recipe: cleanRecipe(null),
    formats: ['csv', 'parquet'],
    inputs: {},
    options: PLAIN_OUTPUTS,
    flow: null,
    state,
    progress: over
      ? null
      : { committed: 180 * MB, inFlight: 0, total: 459 * MB, bytesPerSecond: 90 * MB, secondsLeft: 3.1 },
    counts:
      state.kind === 'done'
        ? {
            rowsIn: 1_284_113,
            rowsOut: 1_281_007,
            duplicates: 3106,
            removed: 0,
            added: 0,
            steps: [],
            rejected: 12,
            misfits: { amount: 41, ordered_at: 3 },
          }
        : null,
    sql: state.kind === 'done' ? SQL : null,
    createdAt: at,
    finishedAt: over ? at + 14_300 : null,
  };
}

export function outputOf(
  id: string,
  run: Run,
  name: string,
  format: Output['format'],
  size: number,
  stored = true,
): Output {
  return {
    id,
    sessionId: run.sessionId,
    runId: run.id,
    transferId: run.transferId,
    name,
    format,
    rows: 1_281_007,
    size,
    crc32: 'y/U6HA==',
    defused: 0,
    notes: [],
    bucket: 'sluice',
    key: `sessions/2026/05/${run.sessionId}/processed/${name}`,
    stored,
    createdAt: run.createdAt + 14_000,
  };
}

/** Downloads in the states that look different. */
export function downloadsOf(sessionId: string): readonly Transfer[] {
  const down = (id: string, spec: FileSpec, minutesAgo: number): Transfer => {
    const transfer = transferOf(sessionId, id, spec, NOW - minutesAgo * 60_000);
    return {
      ...transfer,
      direction: 'download',
      source: { kind: 'object', path: `/home/ana/Downloads/${spec.name}` },
    };
  };
  return [
    down(
      'd-1',
      {
        name: 'orders-2026-q1.clean.csv',
        size: 402_113_004,
        state: { kind: 'transferring' },
        rate: 31.4 * MB,
        parts: [
          { state: 'kept', count: 9 },
          { state: 'sent', count: 14 },
          { state: 'flying', count: 6 },
          { state: 'waiting', count: 19 },
        ],
      },
      0,
    ),
    down(
      'd-2',
      {
        name: 'telemetry.parquet',
        size: 1200 * MB,
        state: {
          kind: 'waiting',
          reason: 'disk',
          error: sluiceError('DISK_SHORT', {
            path: '/home/ana/Downloads/telemetry.parquet',
            needed: '1.2 GB',
            free: '310 MB',
          }).report(),
        },
        parts: [{ state: 'waiting', count: 72 }],
      },
      1,
    ),
    {
      ...down(
        'd-3',
        { name: 'Größen & Preise – März 📈👩‍🔬.csv', size: 8.2 * MB, state: done, parts: whole(8.2 * MB) },
        4,
      ),
      notice: sluiceError('OBJECT_CHANGED', { key: 'prices.csv' }).report(),
    },
    down(
      'd-4',
      {
        name: 'payroll.csv',
        size: 2.1 * MB,
        state: {
          kind: 'failed',
          error: sluiceError('TARGET_EXISTS', { path: '/home/ana/Downloads/payroll.csv' }).report(),
        },
        parts: [{ state: 'waiting', count: 1 }],
      },
      9,
    ),
  ];
}
