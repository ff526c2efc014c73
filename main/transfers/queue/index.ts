export { type Live, view } from './live.ts';
export { SessionFiles } from './session-files.ts';
export { Tally } from './tally.ts';
export { Transfers, type TransfersOptions } from './transfers.ts';
