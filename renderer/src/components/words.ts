import {
  type RunState,
  type Session,
  type Transfer,
  type TransferState,
  type WaitReason,
} from '#shared/domain';
import { assertNever } from '#shared/lib';
import { ahead } from '#renderer/lib';

export const WAITS: Readonly<Record<WaitReason, string>> = {
  network: 'Waits for network',
  credentials: 'Waits for keys',
  disk: 'Waits for space',
  limit: 'Waits: limit',
  page: 'Waits for file',
};

export function transferWord(state: TransferState, direction: Transfer['direction'] = 'upload'): string {
  switch (state.kind) {
    case 'queued':
      return 'Waits its turn';
    case 'scheduled':
      return `Starts at ${ahead(state.at)}`;
    case 'preparing':
      return 'Getting ready';
    case 'transferring':
      return direction === 'upload' ? 'Sending' : 'Coming';
    case 'waiting':
      return WAITS[state.reason];
    case 'verifying':
      return 'Being proven';
    case 'paused':
      return 'Paused';
    case 'done':
      return 'Proven';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return 'Cancelled';
    default:
      return assertNever(state);
  }
}

export function runWord({ kind }: RunState): string {
  switch (kind) {
    case 'queued':
      return 'Waits its turn';
    case 'fetching':
      return 'Bringing the file here';
    case 'loading':
      return 'Reading the table';
    case 'transforming':
      return 'Working on the rows';
    case 'writing':
      return 'Writing';
    case 'checking':
      return 'Reading again what was written';
    case 'uploading':
      return 'Storing in the bucket';
    case 'finishing':
      return 'Finishing';
    case 'done':
      return 'Done';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return 'Cancelled';
    default:
      return assertNever(kind);
  }
}

export const SESSION_WORDS: Readonly<Record<Session['state'], string>> = {
  empty: 'Empty',
  working: 'Working',
  paused: 'Paused',
  attention: 'Needs you',
  done: 'Done',
};

export const FORMAT_WORDS = {
  csv: 'CSV',
  xlsx: 'Excel workbook',
  parquet: 'Parquet',
  jsonl: 'JSON lines',
  json: 'JSON',
} as const;

/** @returns e.g. `1 file`, `12 files` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
