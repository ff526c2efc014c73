export { manifestPieces } from './pieces.ts';
export { manifestFileOf } from './manifest.ts';
export { readManifest } from './read-manifest.ts';
export { verify, type Place, type VerifyOptions } from './verify.ts';
export { receiptPage, type ReceiptPageOptions } from './receipt-page.ts';
export { CustodyDesk, type CustodyDeskOptions } from './desk.ts';
export { receiptText, saveReceipt, saveText } from './save.ts';
