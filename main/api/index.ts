export { ChangeHub } from './changes.ts';
export { createDeliveries, type Deliveries } from './deliveries.ts';
export { fetchObject, fetchPrefix, type Begun } from './downloads.ts';
export { dropFiles, pricePerGbMonth } from './drops.ts';
export { reportsErrors, toWire } from './errors.ts';
export { createRouter } from './router.ts';
export type { CallContext, Services } from './services.ts';
export { addPaths, type Adding, type AddOptions } from './add-paths.ts';
