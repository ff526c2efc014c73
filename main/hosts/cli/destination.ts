import type { Engine } from '#main/engine';
import { BUILTIN_CONNECTION } from '#main/storage';
import type { Connection } from '#shared/domain';

/**
 * Which store a command means. One of the person's own with that bucket; else the endpoint that the environment names;
 * else the app's own bucket, by its name or where no bucket is named at all; else AWS.
 * @param bucket as the command names it, or null
 */
export function connectionFor(
  engine: Engine,
  environment: Connection | null,
  bucket: string | null,
): Connection {
  const { connections } = engine.services;
  const own = connections.list().find(({ origin, bucket: name }) => origin === 'user' && name === bucket);
  if (own !== undefined) return own;
  const isBuiltin = bucket === engine.bucket.bucket && environment?.endpoint === null;
  return environment === null || isBuiltin ? connections.get(BUILTIN_CONNECTION) : environment;
}
