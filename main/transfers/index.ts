export { Limits } from './limits/index.ts';
export { PACKED_TYPE, packerFor, Spool, SUFFIX, unpack, type Packer } from './source/index.ts';
export { readsAttributes } from './source/index.ts';
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
export { fileFits, type Fit } from './existing/index.ts';
export { digestFile } from './source/index.ts';
export {
  CHOICES,
  choiceBy,
  decide,
  freeKey,
  likeness,
  renamedKey,
  yardstickWords,
  type ChangedPolicy,
  type Decision,
  type ExistingPolicy,
  type LeftoverPolicy,
  type Likeness,
  type Policies,
} from './existing/index.ts';
export { LIMITS, planUpload, type UploadPlan } from './plan.ts';
export { makeFolder, publish, targetError } from './publish.ts';
export { Transfers, type TransfersOptions } from './queue/index.ts';
export { assertOrdinary, looksLike, sourceError } from './source/index.ts';
export { Breath } from './folders/index.ts';
export { lonely } from './line/index.ts';
export { withRetry } from './line/index.ts';
export { scan, type FoundFile, type Refused, type ScanBatch } from './folders/index.ts';
export { type Tally } from './queue/index.ts';
export { type SessionFiles } from './queue/index.ts';
export { sortPatiently } from './folders/index.ts';
export { view as viewOf, type Live } from './queue/index.ts';
export { isActive, isAtRest } from './state.ts';
