/** All transfers of this machine: who starts next, what is known of them, and what can be done with them. */
export type { SessionFiles } from './session-files.ts';
export type { Tally } from './tally.ts';
export { Transfers, type TransfersOptions } from './transfers.ts';
