export { PageUploads, type QueueView } from './queue.ts';
export { crcOfFile } from './crc-of-file.ts';
export { type PageFile, type SendPlace } from './send-file.ts';
export { chosenFiles, droppedFiles } from './walk.ts';
