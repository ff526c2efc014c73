export type { Book, SheetPlace } from './book.ts';
export type { SheetLayout } from './layout.ts';
export { isWorkbook, refuseCompound, refuseOtherOffice } from './refuse.ts';
export { openWorkbook, rewriteWorkbook, workbookFormat } from './table.ts';
