import { oc } from '@orpc/contract';
import { z } from 'zod';
import { type ErrorCode } from '#shared/errors';

/** What an error carries over the wire beside its code and sentence. */
export const errorData = z.object({
  hint: z.string(),
  retry: z.enum(['now', 'after-fix', 'never']),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Codes any procedure may fail with. */
const COMMON = ['CANCELLED', 'BUG', 'INPUT_INVALID'] as const satisfies readonly ErrorCode[];

type ErrorMap<C extends ErrorCode> = { [K in C]: { readonly data: typeof errorData } };

/** @returns the base of a procedure that may fail with the given codes, beside the common ones */
export function procedure<const C extends ErrorCode>(...codes: readonly C[]) {
  const all = [...COMMON, ...codes];
  return oc.errors(
    Object.fromEntries(all.map((code) => [code, { data: errorData }])) as ErrorMap<
      C | (typeof COMMON)[number]
    >,
  );
}

/** Groups of codes that belong together. */
export const fails = {
  source: [
    'SOURCE_MISSING',
    'SOURCE_UNREADABLE',
    'SOURCE_EMPTY',
    'SOURCE_IS_FOLDER',
    'SOURCE_NOT_A_FILE',
    'SOURCE_CHANGED',
    'SOURCE_GONE',
    'SOURCE_NAME_INVALID',
    'FOLDER_EMPTY',
    'LINK_BROKEN',
    'LINK_CYCLE',
    'NAME_TOO_LONG',
    'FILE_ERROR',
  ],
  target: ['TARGET_COLUMNS_DIFFER', 'TARGET_CHANGED', 'TARGET_UNSUPPORTED', 'TARGET_IN_USE'],
  disk: ['DISK_FULL', 'DISK_SHORT', 'TARGET_EXISTS', 'TARGET_OUTSIDE', 'TARGET_UNWRITABLE', 'FILE_ERROR'],
  store: [
    'STORE_UNREACHABLE',
    'STORE_BUSY',
    'BUCKET_MISSING',
    'BUCKET_OTHER_REGION',
    'OBJECT_MISSING',
    'OBJECT_CHANGED',
    'CREDENTIALS_MISSING',
    'CREDENTIALS_WRONG',
    'CREDENTIALS_EXPIRED',
    'ACCESS_DENIED',
    'CLOCK_SKEWED',
    'STORE_REFUSED',
    'OPTION_REFUSED',
    'ACCELERATION_UNSUPPORTED',
    'VERIFY_FAILED',
    'DOWNLOAD_UNPROVEN',
    'PLAN_IMPOSSIBLE',
  ],
  table: [
    'TABLE_NOT_TEXT',
    'TABLE_UNREADABLE',
    'TABLE_ROW_TOO_LONG',
    'TABLE_TOO_WIDE',
    'TABLE_TOO_LARGE',
    'FILE_DAMAGED',
    'ARCHIVE_TOO_LARGE',
    'ARCHIVE_UNFIT',
    'ENTRY_MISSING',
    'SHEET_MISSING',
    'WORKBOOK_LOCKED',
    'WORKBOOK_UNFIT',
    'COLUMN_MISSING',
    'RECIPE_INVALID',
    'FORMAT_UNKNOWN',
    'TABLES_MEMORY',
    'TABLES_CRASHED',
  ],
  recipe: [
    'STEP_COLUMN_MISSING',
    'STEP_INVALID',
    'INPUT_NOT_GIVEN',
    'JOIN_EXPLODES',
    'SQL_NOT_ALLOWED',
    'SQL_INVALID',
    'QUERY_TIMEOUT',
    'QUERY_MEMORY',
  ],
} as const satisfies Record<string, readonly ErrorCode[]>;
