import type { S3Client } from '@aws-sdk/client-s3';
import type { StoreAccess } from './access.ts';
import { USUAL_MS } from './patience.ts';
import { EXPIRED, NoAnswer, SKEWED } from './wire/index.ts';

export interface SdkOptions {
  readonly abortSignal: AbortSignal;
}

/** Requests by the SDK under the same rules as those on the wire: a limit of time, keys renewed once, one clock. */
export class SdkRequests {
  readonly #access: StoreAccess;

  constructor(access: StoreAccess) {
    this.#access = access;
  }

  /**
   * @param work sends one request with these options; may be called twice
   * @throws what the SDK throws, or NoAnswer
   */
  async ask<T>(
    work: (client: S3Client, options: SdkOptions) => Promise<T>,
    signal?: AbortSignal,
    limitMs = USUAL_MS,
  ): Promise<T> {
    const { client, keys, clock } = this.#access;
    const tried = { keys: false, clock: false };
    for (;;) {
      const used = await keys.current();
      const late = AbortSignal.timeout(limitMs);
      const offset = clock.now() - Date.now();
      client.config.systemClockOffset = offset;
      try {
        return await work(client, {
          abortSignal: signal === undefined ? late : AbortSignal.any([signal, late]),
        });
      } catch (error) {
        if (late.aborted && signal?.aborted !== true) {
          throw new NoAnswer(`it did not answer for ${limitMs / 1000} s`, { cause: error });
        }
        const name = error instanceof Error ? error.name : '';
        if (EXPIRED.has(name) && !tried.keys && (await keys.refresh(used)) !== used) tried.keys = true;
        else if (name === SKEWED && !tried.clock) tried.clock = true;
        else throw error;
      } finally {
        const learnt = client.config.systemClockOffset;
        if (learnt !== offset) clock.adopt(Date.now() + learnt);
      }
    }
  }
}
