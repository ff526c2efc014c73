/** From an object to a file: what it is called, where it may go, its ranges, its proof, its place. */
export { fetchCopy, type CopyJob } from './copy.ts';
export { type DownloadTools } from './context.ts';
export { discard, download } from './download.ts';
export { localName, placeObjects, type ListedObject, type PlacedObject } from './names.ts';
export { makeFoldersBelow, rootOf, type Place } from './place.ts';
export { planDownload, type DownloadPlan } from './plan.ts';
export { crc32OfFile } from './proof.ts';
export { assertRoom, Room, type Need } from './room.ts';
