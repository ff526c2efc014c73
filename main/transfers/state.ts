import { sluiceError } from '#shared/errors';
import type { TransferState } from '#shared/domain';

type Kind = TransferState['kind'];

/** Which state may follow which. Everything that changes a state asks this table. */
const TRANSITIONS: Readonly<Record<Kind, readonly Kind[]>> = {
  scheduled: ['queued', 'paused', 'cancelled', 'failed'],
  queued: ['scheduled', 'preparing', 'transferring', 'paused', 'cancelled', 'failed'],
  preparing: ['transferring', 'verifying', 'waiting', 'queued', 'scheduled', 'paused', 'failed', 'cancelled'],
  transferring: ['verifying', 'waiting', 'queued', 'scheduled', 'paused', 'failed', 'cancelled'],
  waiting: ['queued', 'scheduled', 'preparing', 'transferring', 'verifying', 'paused', 'failed', 'cancelled'],
  verifying: ['done', 'waiting', 'queued', 'paused', 'failed', 'cancelled', 'transferring'],
  paused: ['queued', 'scheduled', 'cancelled'],
  failed: ['queued', 'scheduled', 'cancelled'],
  done: [],
  cancelled: [],
};

export function mayFollow(from: Kind, to: Kind): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}

/** @throws UPLOAD_STATE where a person asked for what cannot be */
export function assertMayFollow(from: Kind, to: Kind, action: string): void {
  if (!mayFollow(from, to)) throw sluiceError('UPLOAD_STATE', { action, state: from });
}

/** Nothing more will happen to it unless a person asks. */
export function isAtRest(state: TransferState): boolean {
  return (
    state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled' || state.kind === 'paused'
  );
}

export function isActive(state: TransferState): boolean {
  return (
    state.kind === 'preparing' ||
    state.kind === 'transferring' ||
    state.kind === 'verifying' ||
    state.kind === 'waiting'
  );
}
