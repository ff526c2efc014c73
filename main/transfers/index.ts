export { candidatePaths, download, type DownloadJob } from './download.ts';
export { LIMITS, planUpload, type UploadPlan } from './plan.ts';
export { makeFolder, publish, targetError } from './publish.ts';
export { Transfers, type TransfersOptions } from './queue.ts';
export { Breath } from './breath.ts';
export { scan, type FoundFile, type Refused, type ScanBatch } from './scan.ts';
export { sortPatiently } from './sort.ts';
export { assertOrdinary, sourceError } from './source.ts';
export { isActive, isAtRest } from './state.ts';
