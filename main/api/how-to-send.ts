import { mergeOptions, type Connection, type UploadOptionsChange } from '#shared/domain';

/** What a drop says of its own. */
interface HowToSend {
  /** Over those of the connection. */
  readonly options?: UploadOptionsChange | undefined;
  /** ms since the epoch. */
  readonly notBefore?: number | null | undefined;
  readonly priority?: number | undefined;
}

/** What a connection has, with what the drop says over it. */
export function howToSend(connection: Connection, { options, notBefore, priority }: HowToSend) {
  return {
    options: mergeOptions(connection.settings.upload, options),
    notBefore: notBefore ?? null,
    priority: priority ?? 0,
  };
}
