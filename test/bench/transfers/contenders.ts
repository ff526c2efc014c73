import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { BucketAccess } from '../../e2e/support/engine.ts';
import { CLI, cleanEnvironment, type Terms } from '../bench.ts';
import type { Command } from '../measure.ts';

/** A store as a contender is told of it. */
export interface Store extends BucketAccess {
  /** PEM of who vouches for its certificate; null over http. */
  readonly authority: string | null;
}

/** What is sent where: the same for all. */
export interface Errand {
  readonly source: string;
  readonly isFolder: boolean;
  /** A key, or a prefix for what is in a folder. */
  readonly to: string;
  readonly store: Store;
}

export type PeerName = 'aws' | 'rclone' | 's5cmd';
export type ContenderName = 'sluice' | PeerName;

export interface Present {
  readonly name: ContenderName;
  /** @param round of which nothing is known from the rounds before */
  readonly command: (errand: Errand, round: number) => Promise<Command>;
}

/** @returns those who are on this machine, and a note for each who is not */
export function contenders(
  terms: Terms,
  peers: readonly PeerName[],
): { readonly present: readonly Present[]; readonly notes: readonly string[] } {
  const found = peers.map((name) => ({ name, program: onPath(name) }));
  return {
    present: [
      { name: 'sluice', command: (errand, round) => put(terms, errand, `state-${errand.to}-${round}`) },
      ...found.flatMap(({ name, program }) =>
        program === null
          ? []
          : [{ name, command: async (errand: Errand) => COMMANDS[name](terms, program, errand) }],
      ),
    ],
    notes: found.flatMap(({ name, program }) =>
      program === null ? [`not measured: ${name} is not on this machine`] : [],
    ),
  };
}

/** @param state the name of the folder that holds what Sluice knows */
export async function put(
  terms: Terms,
  { source, to, store }: Errand,
  state: string,
  flags: readonly string[] = [],
): Promise<Command> {
  const data = join(terms.scratch, state.replaceAll('/', '-'));
  await mkdir(data, { recursive: true });
  return {
    program: process.execPath,
    args: [...CLI, 'put', source, '--to', `s3://${store.bucket}/${to}`, '--data', data, '--json', ...flags],
    env: environment(terms, store),
    cwd: data,
  };
}

const COMMANDS: Readonly<Record<PeerName, (terms: Terms, program: string, errand: Errand) => Command>> = {
  aws: (terms, program, { source, isFolder, to, store }) => ({
    program,
    args: [
      's3',
      'cp',
      source,
      `s3://${store.bucket}/${to}`,
      '--endpoint-url',
      store.endpoint,
      '--no-progress',
      ...(isFolder ? ['--recursive', '--only-show-errors'] : []),
    ],
    env: environment(terms, store),
    cwd: terms.scratch,
  }),
  rclone: (terms, program, { source, isFolder, to, store }) => ({
    program,
    args: [isFolder ? 'copy' : 'copyto', source, `bench:${store.bucket}/${to}`],
    env: {
      ...environment(terms, store),
      RCLONE_CONFIG: join(terms.scratch, 'no-rclone-config'),
      RCLONE_CONFIG_BENCH_TYPE: 's3',
      RCLONE_CONFIG_BENCH_PROVIDER: 'Other',
      RCLONE_CONFIG_BENCH_ENDPOINT: store.endpoint,
      RCLONE_CONFIG_BENCH_REGION: store.region,
      RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: store.accessKeyId,
      RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: store.secretAccessKey,
      RCLONE_S3_NO_CHECK_BUCKET: 'true',
    },
    cwd: terms.scratch,
  }),
  s5cmd: (terms, program, { source, isFolder, to, store }) => ({
    program,
    args: [
      '--endpoint-url',
      store.endpoint,
      'cp',
      isFolder ? `${source}/` : source,
      `s3://${store.bucket}/${to}${isFolder ? '/' : ''}`,
    ],
    env: environment(terms, store),
    cwd: terms.scratch,
  }),
};

function environment(terms: Terms, store: Store): NodeJS.ProcessEnv {
  return {
    ...cleanEnvironment(terms.scratch),
    AWS_ENDPOINT_URL_S3: store.endpoint,
    AWS_REGION: store.region,
    AWS_DEFAULT_REGION: store.region,
    AWS_ACCESS_KEY_ID: store.accessKeyId,
    AWS_SECRET_ACCESS_KEY: store.secretAccessKey,
    // Node adds its authority to those it knows; the others take theirs instead.
    ...(store.authority === null
      ? {}
      : {
          NODE_EXTRA_CA_CERTS: store.authority,
          AWS_CA_BUNDLE: store.authority,
          SSL_CERT_FILE: store.authority,
        }),
  };
}

export function onPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return folders.map((entry) => join(entry, name)).find((path) => existsSync(path)) ?? null;
}
