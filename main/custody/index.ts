export { makeManifest, type ManifestFacts } from './manifest.ts';
export { manifestText, readManifest, seal } from './seal.ts';
export { verify, type Place, type VerifyOptions } from './verify.ts';
export { receiptPage, type ReceiptPageOptions } from './receipt-page.ts';
