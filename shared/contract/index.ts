import { drops, leftovers } from './choices.ts';
import { files, system } from './system.ts';
import { connections } from './connections.ts';
import { downloads } from './downloads.ts';
import { pageUploads } from './page-uploads.ts';
import { outputs, targets } from './results.ts';
import { flows, recipes, runs } from './runs.ts';
import { sessions } from './sessions.ts';
import { tables } from './tables.ts';
import { limits, transfers } from './transfers.ts';

/** All the renderer knows of the engine. */
export const contract = {
  system,
  files,
  connections,
  sessions,
  transfers,
  limits,
  downloads,
  pageUploads,
  drops,
  leftovers,
  tables,
  runs,
  recipes,
  flows,
  outputs,
  targets,
};
export type Contract = typeof contract;

/** Raised when the two sides could no longer understand each other; said in the first message of a carrier. */
export const PROTOCOL_VERSION = 1;

export { PORT_MESSAGE, type SluiceBridge } from './bridge.ts';
export { change, fileRef, refusal, type Change, type FileRef, type Refusal } from './system.ts';
export { type BridgeChannels } from './bridge-channels.ts';
export { fileFrame, type FileFrame } from './transfers.ts';
export { procedurePaths } from './paths.ts';
export { reportFromWire } from './wire-error.ts';
