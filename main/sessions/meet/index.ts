import { stat } from 'node:fs/promises';
import { isSluiceError, type ErrorReport } from '#shared/errors';
import { eachOf } from '../each-of.ts';
import { Begun } from './begun.ts';
import { thereAlready } from './there.ts';
import { REQUESTS, type DropFile, type Encounter, type Meeting, type MeetTools } from './types.ts';
import { uploadedBefore } from './uploaded.ts';

export { alike } from './there.ts';
export type { DropFile, Encounter, Meeting, MeetTools } from './types.ts';

/**
 * Finds out what the files of a drop meet where they are to go: objects, uploads that were begun, and themselves.
 * @param prefix where names are kept, null where every file gets a key of its own
 */
export async function meet(
  files: readonly { readonly file: DropFile; readonly key: string | null }[],
  prefix: string | null,
  tools: MeetTools,
): Promise<readonly Meeting[]> {
  const began = new Begun(tools);
  const first = await eachOf(files, REQUESTS, async ({ file, key }) => ({
    file,
    key,
    ...(await began.of(file, key)),
  }));
  const open = first.filter(({ goesOn, met }) => goesOn === null && met.length === 0);
  const errors = new Map<DropFile, ErrorReport>();
  const refuse = (file: DropFile, error: unknown): void => {
    if (tools.signal.aborted || !isSluiceError(error) || !error.code.startsWith('SOURCE_')) throw error;
    errors.set(file, error.report());
  };
  const more =
    prefix === null ? await uploadedBefore(open, tools, refuse) : await thereAlready(open, tools, refuse);
  return Promise.all(
    first.map(async (one) => ({
      ...one,
      error: errors.get(one.file) ?? null,
      met: await Promise.all(
        [...one.met, ...(more.get(one.file) ?? [])].map((each) => dated(one.file, each)),
      ),
    })),
  );
}

/** With the time the file here was last changed: it is looked at only where there is something to choose. */
async function dated({ source }: DropFile, encounter: Encounter): Promise<Encounter> {
  if (source.kind === 'page') return encounter;
  const at = await stat(source.path).then(
    ({ mtimeMs }) => Math.round(mtimeMs),
    () => null,
  );
  const { conflict } = encounter;
  return { ...encounter, conflict: { ...conflict, here: { ...conflict.here, at } } };
}
