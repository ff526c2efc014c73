/** Waiting for the disk: without standing still, and until a name is safe. */
export { FileSync } from './file-sync.ts';
export { GroupSync } from './group-sync.ts';
export { syncFolder } from './sync-folder.ts';
