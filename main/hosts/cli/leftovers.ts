import { pricePerGbMonth } from '#main/api';
import { parseS3Uri } from '#main/storage';
import type { Leftover } from '#shared/domain';
import { formatBytes, formatDuration } from '#shared/lib';
import { withEngine, type Context } from './context.ts';
import { connectionFor } from './destination.ts';

export interface LeftoversOptions {
  readonly remove: boolean;
  /** Also those that an upload of this machine could go on with. */
  readonly known: boolean;
  /** Seconds; null where it was not said. */
  readonly olderThan: number | null;
}

/** What another program begins is not touched on its first day, unless the command says an age. */
const DAY_SECONDS = 86_400;

/** Lists unfinished uploads of a bucket or prefix that nothing here is sending, or deletes them. */
export async function leftovers(
  context: Context,
  uri: string | undefined,
  options: LeftoversOptions,
): Promise<void> {
  const at = uri === undefined ? null : parseS3Uri(uri);
  await withEngine(context, { bucket: at?.bucket ?? null }, async (engine, environment) => {
    const { leftovers: service, clock } = engine.services;
    const connection = connectionFor(engine, environment, at?.bucket ?? null);
    const now = clock.now();
    const all = await service.list(connection.id, at?.key ?? '', context.signal);
    const age = ({ startedAt }: Leftover): number => (now - startedAt) / 1000;
    const shown = all.filter((one) => age(one) >= (options.olderThan ?? 0));
    const fate = (one: Leftover): 'kept' | 'deleted' => {
      if (!options.remove) return 'kept';
      if (one.known !== null && one.known.sourceThere && !options.known) return 'kept';
      return one.mayBeInUse && age(one) < (options.olderThan ?? DAY_SECONDS) ? 'kept' : 'deleted';
    };
    const doomed = shown.filter((one) => fate(one) === 'deleted');
    if (doomed.length > 0) await service.remove(connection.id, doomed);

    const price = pricePerGbMonth(connection.endpoint);
    const bytes = shown.reduce((sum, one) => sum + one.bytes, 0);
    const documents = shown.map((one) => ({
      ...one,
      uri: `s3://${connection.bucket}/${one.key}`,
      startedAt: new Date(one.startedAt).toISOString(),
      ageSeconds: Math.round(age(one)),
      deleted: fate(one) === 'deleted',
    }));
    const lines = shown.flatMap((one) => [
      `${formatBytes(one.bytes).padStart(8)}  ${formatDuration(age(one)).padStart(9)}  s3://${connection.bucket}/${one.key}`,
      `          ${note(one, fate(one), options.remove)}`,
    ]);
    const cost =
      price === null
        ? ''
        : `, about $${((bytes / 1e9) * price).toFixed(2)} a month at the list price of $${price} a GB`;
    const sum = `${shown.length} unfinished ${shown.length === 1 ? 'upload' : 'uploads'}, ${formatBytes(bytes)}${cost}`;
    context.printer.result(
      {
        bucket: connection.bucket,
        bytes,
        pricePerGbMonth: price,
        deleted: doomed.length,
        leftovers: documents,
      },
      [...lines, options.remove ? `${sum}; ${doomed.length} deleted` : sum],
    );
  });
}

function note(one: Leftover, fate: 'kept' | 'deleted', removing: boolean): string {
  const { known, mayBeInUse, parts } = one;
  const what = `${parts} ${parts === 1 ? 'part' : 'parts'}`;
  const whose =
    known === null
      ? `nobody here knows it${mayBeInUse ? '; another program may be sending it' : ''}`
      : `${known.state} upload of ${known.path ?? 'a file of a page'}${known.sourceThere ? '; put goes on with it' : ', which is not there any more'}`;
  return `${what}, ${whose}${removing ? ` · ${fate}` : ''}`;
}
