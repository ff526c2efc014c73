export { Limits } from './limits/index.ts';
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
export { Transfers, type SessionFiles, type Tally, type TransfersOptions } from './queue/index.ts';
export {
  assertOrdinary,
  digestFile,
  looksLike,
  PACKED_TYPE,
  packerFor,
  readsAttributes,
  sourceError,
  Spool,
  SUFFIX,
  unpack,
  type Packer,
} from './source/index.ts';
export { lonely, withRetry } from './line/index.ts';
export {
  Breath,
  scan,
  sortPatiently,
  type FoundFile,
  type Refused,
  type ScanBatch,
} from './folders/index.ts';
export { view as viewOf, type Live } from './live.ts';
export { isActive, isAtRest } from './state.ts';
