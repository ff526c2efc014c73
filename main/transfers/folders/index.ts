/** What is in a folder, in an order of its own, without holding up anything else. */
export { Breath } from './breath.ts';
export { type FoundFile, type Refused, type ScanBatch, scan } from './scan.ts';
export { sortPatiently } from './sort.ts';
