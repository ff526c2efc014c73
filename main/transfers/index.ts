export {
  assertRoom,
  crc32OfFile,
  fetchCopy,
  localName,
  makeFoldersBelow,
  placeObjects,
  planDownload,
  rootOf,
  type ListedObject,
  type Need,
  type PlacedObject,
} from './download/index.ts';
export { LIMITS, planUpload, type UploadPlan } from './plan.ts';
export { makeFolder, publish, targetError } from './publish.ts';
export { Transfers, type TransfersOptions } from './queue.ts';
export { scan, type FoundFile, type Refused } from './scan.ts';
export { assertOrdinary, sourceError } from './source.ts';
export { isActive, isAtRest } from './state.ts';
