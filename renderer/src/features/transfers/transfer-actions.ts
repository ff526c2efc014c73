import { useMemo } from 'react';
import { type Transfer } from '#shared/domain';
import { assertNever, shortenMiddle } from '#shared/lib';
import { attempt, doUnlessUndone, tell } from '#renderer/components';
import { openFileInput } from '#renderer/features/intake';
import { useWorkbench } from '#renderer/state';
import { oneFile } from '#renderer/uploads';

export type ActionName = 'pause' | 'resume' | 'again' | 'replace' | 'choose' | 'cancel';

export const ACTION_WORDS: Readonly<Record<ActionName, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  again: 'Try again',
  replace: 'Replace what is there',
  choose: 'Choose the file again',
  cancel: 'Cancel',
};

/** @returns what an action is called for a transfer as it is */
export const actionWord = (name: ActionName, { state }: Transfer): string =>
  name === 'resume' && state.kind === 'scheduled' ? 'Start now' : ACTION_WORDS[name];

const isInTheWay = (code: string): boolean => code === 'OBJECT_EXISTS' || code === 'TARGET_EXISTS';

/** @returns what can be done with a transfer as it is, the most likely first */
export function actionsOf({ state, source }: Transfer, held: boolean): readonly ActionName[] {
  switch (state.kind) {
    case 'scheduled':
      return ['resume', 'pause', 'cancel'];
    case 'queued':
    case 'preparing':
    case 'transferring':
      return ['pause', 'cancel'];
    case 'waiting':
      if (state.reason === 'page') return held ? ['again', 'cancel'] : ['choose', 'cancel'];
      return ['again', 'pause', 'cancel'];
    case 'paused':
      return source.kind === 'page' && !held ? ['choose', 'cancel'] : ['resume', 'cancel'];
    case 'failed':
      if (state.error.retry === 'never') return ['cancel'];
      if (isInTheWay(state.error.code) && source.kind !== 'page') return ['again', 'replace', 'cancel'];
      return source.kind === 'page' && !held ? ['choose', 'cancel'] : ['again', 'cancel'];
    case 'verifying':
    case 'done':
    case 'cancelled':
      return [];
    default:
      return assertNever(state);
  }
}

const NAME_LENGTH = 32;
/** Of a transfer in these states nothing moves, so nothing has to be held back while undoing is open. */
const STILL: ReadonlySet<Transfer['state']['kind']> = new Set(['paused', 'failed', 'waiting']);

export function useTransferActions(): (name: ActionName, transfer: Transfer) => void {
  const { client, uploads, state } = useWorkbench();
  return useMemo(() => {
    const keep = (one: Promise<Transfer>) =>
      one.then((transfer) => state.apply([{ kind: 'transfers', transfers: [transfer] }]));
    const resume = ({ id }: Transfer) => keep(client.transfers.resume({ id })).then(() => uploads.again(id));
    const cancel = (transfer: Transfer) => {
      const { id, name } = transfer;
      const still = STILL.has(transfer.state.kind);
      if (!still) attempt(() => keep(client.transfers.pause({ id })));
      doUnlessUndone(
        `${shortenMiddle(name, NAME_LENGTH)} is cancelled; its parts are deleted.`,
        () => attempt(() => keep(client.transfers.cancel({ id }))),
        () => !still && attempt(() => resume(transfer)),
      );
    };
    const choose = ({ name, size, relativePath, sessionId }: Transfer) =>
      openFileInput(false, (files) => {
        const file = files.find((one) => one.name === name && one.size === size);
        if (file === undefined) {
          tell(`That is another file: choose ${shortenMiddle(name, NAME_LENGTH)} with the same size.`);
          return;
        }
        attempt(() =>
          uploads.add({
            sessionId,
            connectionId: null,
            found: oneFile(file, relativePath),
            places: new Map(),
            onSession: () => undefined,
            onBegun: () => undefined,
          }),
        );
      });
    return (action, transfer) => {
      switch (action) {
        case 'pause':
          return attempt(() => keep(client.transfers.pause({ id: transfer.id })));
        case 'resume':
        case 'again':
          return attempt(() => resume(transfer));
        case 'replace':
          return attempt(() => keep(client.transfers.replace({ id: transfer.id })));
        case 'choose':
          return choose(transfer);
        case 'cancel':
          return cancel(transfer);
        default:
          return assertNever(action);
      }
    };
  }, [client, uploads, state]);
}
