import type { ErrorCode } from '#shared/errors';

/** What the command ends with. Documented in docs/cli.md. */
export const EXIT = { ok: 0, failed: 1, usage: 2, source: 3, store: 4, disk: 5, interrupted: 130 } as const;

const BY_CODE: Readonly<Partial<Record<ErrorCode, number>>> = {
  COMMAND_INVALID: EXIT.usage,
  INPUT_INVALID: EXIT.usage,
  URI_INVALID: EXIT.usage,
  FORMAT_UNKNOWN: EXIT.usage,
  PLAN_IMPOSSIBLE: EXIT.usage,
  RECIPE_INVALID: EXIT.usage,
  COLUMN_MISSING: EXIT.usage,
  SOURCE_MISSING: EXIT.source,
  SOURCE_UNREADABLE: EXIT.source,
  SOURCE_EMPTY: EXIT.source,
  SOURCE_IS_FOLDER: EXIT.source,
  SOURCE_NOT_A_FILE: EXIT.source,
  SOURCE_CHANGED: EXIT.source,
  BEGUN_ANEW: EXIT.source,
  SOURCE_GONE: EXIT.source,
  FOLDER_EMPTY: EXIT.source,
  NAME_TOO_LONG: EXIT.source,
  TABLE_NOT_TEXT: EXIT.source,
  TABLE_UNREADABLE: EXIT.source,
  TABLE_TOO_LARGE: EXIT.source,
  STORE_UNREACHABLE: EXIT.store,
  STORE_BUSY: EXIT.store,
  STORE_REFUSED: EXIT.store,
  OPTION_REFUSED: EXIT.store,
  ACCELERATION_UNSUPPORTED: EXIT.store,
  BUCKET_MISSING: EXIT.store,
  BUCKET_OTHER_REGION: EXIT.store,
  OBJECT_MISSING: EXIT.store,
  OBJECT_CHANGED: EXIT.store,
  CREDENTIALS_MISSING: EXIT.store,
  CREDENTIALS_WRONG: EXIT.store,
  CREDENTIALS_EXPIRED: EXIT.store,
  ACCESS_DENIED: EXIT.store,
  CLOCK_SKEWED: EXIT.store,
  VERIFY_FAILED: EXIT.store,
  DISK_FULL: EXIT.disk,
  TARGET_EXISTS: EXIT.disk,
  TARGET_UNWRITABLE: EXIT.disk,
  TARGET_COLUMNS_DIFFER: EXIT.disk,
  TARGET_CHANGED: EXIT.disk,
  TARGET_UNSUPPORTED: EXIT.disk,
  TARGET_IN_USE: EXIT.disk,
  FILE_ERROR: EXIT.disk,
  DATA_FOLDER_BUSY: EXIT.disk,
  DATA_FOLDER_UNUSABLE: EXIT.disk,
  JOURNAL_NEWER: EXIT.disk,
  JOURNAL_DAMAGED: EXIT.disk,
  CANCELLED: EXIT.interrupted,
};

export function exitCodeOf(code: ErrorCode): number {
  return BY_CODE[code] ?? EXIT.failed;
}
