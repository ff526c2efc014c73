import { environmentConnection, readEnvironment } from '#main/storage';
import type { Connection } from '#shared/domain';

/**
 * Takes what a `.env` in the working folder says of AWS into the environment, where the default chain looks, and makes
 * the connection that it describes.
 * @param bucket another bucket of the same store
 */
export function connectionOfEnvironment(bucket: string | null = null): Connection | null {
  const variables = readEnvironment(process.cwd(), process.env);
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith('AWS_') && value !== undefined) process.env[name] ??= value;
  }
  return environmentConnection(variables, bucket);
}
