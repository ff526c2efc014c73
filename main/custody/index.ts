export { makeManifest, type ManifestFacts } from './manifest.ts';
export { manifestText, readManifest, seal } from './seal.ts';
export { verify, type Place, type VerifyOptions } from './verify.ts';
export { receiptPage, type ReceiptPageOptions } from './receipt-page.ts';
export { CustodyDesk, type CustodyDeskOptions } from './desk.ts';
export { receiptText, saveReceipt, saveText } from './save.ts';
