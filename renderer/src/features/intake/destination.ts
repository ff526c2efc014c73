import { type Connection } from '#shared/domain';
import { useConnections, usePreferences } from '#renderer/state';

/** The connection new sessions go to. */
export function useDestination(): Connection | null {
  const connections = useConnections();
  const chosen = usePreferences()?.connectionId;
  return connections.find(({ id }) => id === chosen) ?? connections[0] ?? null;
}

/** @returns e.g. `s3://bucket/prefix` */
export function addressOf({ bucket, prefix }: Pick<Connection, 'bucket' | 'prefix'>): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}
