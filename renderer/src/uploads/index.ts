export { PageUploads, type QueueView } from './queue.ts';
export { crcOfFile } from './crc-of-file.ts';
export { type SendPlace } from './send-file.ts';
export {
  chosenFiles,
  droppedFiles,
  foundAll,
  oneFile,
  type Found,
  type PageDrop,
  type PageSource,
} from './walk.ts';
