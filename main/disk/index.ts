/** Waiting for the disk without standing still. */
export { FileSync } from './file-sync.ts';
export { GroupSync } from './group-sync.ts';
