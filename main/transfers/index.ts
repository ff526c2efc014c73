export { Limits } from './limits.ts';
export { PACKED_TYPE, packerFor, Spool, SUFFIX, unpack, type Packer } from './packing.ts';
export { readsAttributes } from './attributes.ts';
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
export { fileFits, type Fit } from './adopt.ts';
export { digestFile } from './digest.ts';
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
} from './existing.ts';
export { LIMITS, planUpload, type UploadPlan } from './plan.ts';
export { makeFolder, publish, targetError } from './publish.ts';
export { Transfers, type TransfersOptions } from './queue.ts';
export { assertOrdinary, looksLike, sourceError } from './source.ts';
export { Breath } from './breath.ts';
export { lonely } from './line.ts';
export { withRetry } from './retry.ts';
export { scan, type FoundFile, type Refused, type ScanBatch } from './scan.ts';
export { type Tally } from './tally.ts';
export { type SessionFiles } from './session-files.ts';
export { sortPatiently } from './sort.ts';
export { view as viewOf, type Live } from './live.ts';
export { isActive, isAtRest } from './state.ts';
