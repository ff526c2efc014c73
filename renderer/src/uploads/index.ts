export { PageUploads, type QueueView } from './queue.ts';
export { type PageFile } from './send-file.ts';
export { chosenFiles, droppedFiles, oneFile, type Found, type PageDrop } from './walk.ts';
