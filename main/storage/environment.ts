import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { NO_SETTINGS, type Connection } from '#shared/domain';

/** First that is set names the bucket. */
const BUCKET_VARIABLES = ['SLUICE_BUCKET', 'S3_BUCKET_NAME', 'AWS_BUCKET_NAME', 'AWS_TEMP_BUCKET'] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/** What a `.env` in the working folder says, under what the environment itself says. */
export function readEnvironment(folder: string, variables: Variables): Variables {
  let file: Record<string, string | undefined> = {};
  try {
    file = parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return { ...file, ...variables };
}

/** @returns the connection that the variables describe, or null where they name no bucket */
export function environmentConnection(
  variables: Variables,
  bucketOverride: string | null = null,
): Connection | null {
  const bucket =
    bucketOverride ?? BUCKET_VARIABLES.map((name) => variables[name]).find((value) => (value ?? '') !== '');
  if (bucket === undefined) return null;
  const region = variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = variables['AWS_ENDPOINT_URL_S3'] ?? variables['AWS_ENDPOINT_URL'] ?? null;
  const store = endpoint === null || endpoint === '' ? null : endpoint.replace(/\/+$/, '');
  return {
    // The same store has the same id from start to start, so that transfers find it again.
    id: `environment:${store ?? region}/${bucket}`,
    kind: 's3',
    origin: 'environment',
    name: bucket,
    endpoint: store,
    region,
    bucket,
    prefix: (variables['SLUICE_PREFIX'] ?? '').replace(/^\/+|\/+$/g, ''),
    credentials: { kind: 'default-chain' },
    capabilities: null,
    settings: NO_SETTINGS,
  };
}
