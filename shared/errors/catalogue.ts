/**
 * Every code Sluice can fail with, in one place: the sentence, the next thing to do, and whether trying again helps.
 * A code is stable once released; docs/errors.md lists them and a test holds the two together.
 */

/** Whether and how the same thing can be tried again. */
export type Retry =
  /** Trying again can help as things are. */
  | 'now'
  /** It can help once the person has done what the hint says. */
  | 'after-fix'
  /** It will never help. */
  | 'never';

/** Facts a sentence is made of; always plain values, so that an error crosses every boundary unharmed. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

interface Entry<D extends ErrorDetails> {
  readonly kind: 'cancelled' | 'expected' | 'bug';
  readonly retry: Retry;
  readonly message: (details: D) => string;
  readonly hint: (details: D) => string;
}

function expected<D extends ErrorDetails = Record<string, never>>(
  retry: Retry,
  message: string | ((details: D) => string),
  hint: string | ((details: D) => string),
): Entry<D> {
  return {
    kind: 'expected',
    retry,
    message: typeof message === 'string' ? () => message : message,
    hint: typeof hint === 'string' ? () => hint : hint,
  };
}

export const catalogue = {
  // ---- anything
  CANCELLED: {
    kind: 'cancelled',
    retry: 'now',
    message: () => 'Cancelled.',
    hint: () => 'Start it again when you like; what was finished is kept.',
  } satisfies Entry<Record<string, never>>,
  BUG: {
    kind: 'bug',
    retry: 'now',
    message: ({ what }) => `Sluice made a mistake: ${what}.`,
    hint: () => 'Nothing you had was lost. Try again, and report it with the details if it happens twice.',
  } satisfies Entry<{ what: string }>,
  INPUT_INVALID: expected<{ what: string }>(
    'after-fix',
    ({ what }) => `That cannot be done as asked: ${what}.`,
    'Correct the value and try again.',
  ),
  NOT_FOUND: expected<{ what: string }>(
    'never',
    ({ what }) => `There is no ${what} any more.`,
    'It may have been removed; reload the list.',
  ),
  UNSUPPORTED_HERE: expected<{ what: string }>(
    'never',
    ({ what }) => `${what} is not possible in this window.`,
    'Use the desktop app for it.',
  ),

  ENGINE_LOST: expected(
    'now',
    'The connection to Sluice was lost.',
    'The page connects again by itself; nothing that was sent is lost.',
  ),

  // ---- files on this computer
  SOURCE_MISSING: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `There is no file at ${path}.`,
    'Check the path; a drive may have been unplugged or the file moved.',
  ),
  SOURCE_UNREADABLE: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `You have no right to read ${path}.`,
    'Give yourself read access to the file, or copy it somewhere you can read.',
  ),
  SOURCE_EMPTY: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} is empty.`,
    'There is nothing in it to look at; check that the export that wrote it has finished.',
  ),
  SOURCE_IS_FOLDER: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} is a folder, not a file.`,
    'Name a file in it; to upload the whole folder, use put.',
  ),
  SOURCE_NOT_A_FILE: expected<{ path: string }>(
    'never',
    ({ path }) => `${path} is not an ordinary file.`,
    'Devices, pipes and sockets cannot be uploaded; copy their content to a file first.',
  ),
  SOURCE_LOCKED: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `Another program keeps ${path} for itself.`,
    'Close the file in that program, or upload a copy of it; what was sent is kept.',
  ),
  SOURCE_CHANGED: expected<{ path: string }>(
    'now',
    ({ path }) => `${path} changed while it was being read.`,
    'Nothing mixed was stored. Wait until the program writing it is done, then try again.',
  ),
  BEGUN_ANEW: expected<{ name: string }>(
    'now',
    ({ name }) => `${name} changed since its upload began, so all of it is sent anew.`,
    'Nothing is to be done: the parts of the earlier content were deleted.',
  ),
  SOURCE_GONE: expected<{ name: string }>(
    'after-fix',
    ({ name }) => `The page no longer holds ${name}.`,
    'Choose the same file again and the upload goes on where it was.',
  ),
  FOLDER_EMPTY: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `There is no file in ${path}.`,
    'Choose a folder that has files in it; hidden and system files may be left out by your choice.',
  ),
  LINK_BROKEN: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} is a link to something that is not there.`,
    'Mend or remove the link; a drive it leads to may have been unplugged.',
  ),
  LINK_CYCLE: expected<{ path: string }>(
    'never',
    ({ path }) => `${path} leads back to a folder that it lies in.`,
    'What is in that folder is taken once already; nothing is missing.',
  ),
  SOURCE_NAME_INVALID: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `The name of ${path} is not valid text, so the file cannot be opened by it.`,
    'Give the file a name of ordinary characters, then add it again.',
  ),
  NAME_TOO_LONG: expected<{ name: string; bytes: number }>(
    'after-fix',
    ({ name, bytes }) => `The key for ${name} would be ${bytes} bytes; S3 allows 1,024.`,
    'Shorten the name of the file, its folders or the prefix of the connection.',
  ),
  DISK_FULL: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `The disk that holds ${path} is full.`,
    'Free some space and try again; what was finished is kept.',
  ),
  DISK_SHORT: expected<{ path: string; needed: string; free: string }>(
    'after-fix',
    ({ path, needed, free }) =>
      `The disk that holds ${path} has ${free} left, and ${needed} are to go there.`,
    'Free some space, or choose a folder on another disk; what was finished is kept.',
  ),
  TARGET_OUTSIDE: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} is a link that leads out of the folder you chose.`,
    'Nothing was written through it. Remove the link, or choose another folder.',
  ),
  NAME_CHANGED: expected<{ name: string; saved: string }>(
    'never',
    ({ name, saved }) => `${name} is saved as ${saved}.`,
    'Not every disk can hold the name it has in the bucket beside the others; its bytes are the same.',
  ),
  TARGET_EXISTS: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `There is already a file at ${path}.`,
    'Choose another name or folder; Sluice never writes over a file by itself.',
  ),
  TARGET_UNWRITABLE: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `You have no right to write to ${path}.`,
    'Choose another folder, or give yourself write access to this one.',
  ),
  FILE_ERROR: expected<{ path: string; reason: string }>(
    'now',
    ({ path, reason }) => `${path} could not be used: ${reason}.`,
    'Check the disk it is on, then try again.',
  ),

  // ---- plans and uploads
  PLAN_IMPOSSIBLE: expected<{ reason: string }>(
    'after-fix',
    ({ reason }) => `This upload cannot be planned: ${reason}.`,
    'Leave the part size to Sluice, or choose one between 5 MiB and 5 GiB that needs at most 10,000 parts.',
  ),
  VERIFY_FAILED: expected<{ key: string; reason: string }>(
    'now',
    ({ key, reason }) => `The stored object ${key} could not be proven to be your file: ${reason}.`,
    'It was not reported as done. Upload it again; if it happens twice, run doctor on the connection.',
  ),
  LIMIT_STANDS_STILL: expected<{ until: string }>(
    'now',
    ({ until }) =>
      until === ''
        ? 'The speed limit lets nothing through.'
        : `The speed limit lets nothing through until ${until}.`,
    'It goes on by itself; or choose another limit in the bar below.',
  ),
  DOWNLOAD_UNPROVEN: expected<{ key: string; reason: string }>(
    'now',
    ({ key, reason }) => `What came of ${key} could not be proven to be the object: ${reason}.`,
    'Nothing was put in its place. Download it again; if it happens twice, run doctor on the connection.',
  ),
  SOURCE_CHANGED_SINCE: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} changed since its upload was begun.`,
    'Nothing mixed was stored. Choose to go on or to begin anew; put takes --changed continue or anew.',
  ),
  LEFTOVER_UNFIT: expected<{ key: string; reason: string }>(
    'after-fix',
    ({ key, reason }) => `The unfinished upload to ${key} cannot be gone on with: ${reason}.`,
    'Choose the file it was begun with, or delete it and upload the file again.',
  ),
  UPLOAD_STATE: expected<{ action: string; state: string }>(
    'never',
    ({ action, state }) => `A transfer that is ${state} cannot ${action}.`,
    'Reload the list; its state changed in the meantime.',
  ),

  // ---- stores
  STORE_UNREACHABLE: expected<{ endpoint: string; reason: string }>(
    'now',
    ({ endpoint, reason }) => `${endpoint} does not answer (${reason}).`,
    'Check the address, the network and any proxy; the upload goes on from where it is.',
  ),
  STORE_BUSY: expected<{ endpoint: string }>(
    'now',
    ({ endpoint }) => `${endpoint} asks to be sent less at a time.`,
    'Nothing is to be done: fewer parts are sent at once until it keeps up.',
  ),
  BUCKET_MISSING: expected<{ bucket: string }>(
    'after-fix',
    ({ bucket }) => `There is no bucket named ${bucket} at this endpoint.`,
    'Check the name and the region, or create the bucket first.',
  ),
  BUCKET_OTHER_REGION: expected<{ bucket: string; region: string }>(
    'after-fix',
    ({ bucket, region }) => `The bucket ${bucket} is in ${region}.`,
    ({ region }) => `Set the region of the connection to ${region}.`,
  ),
  OBJECT_MISSING: expected<{ key: string }>(
    'never',
    ({ key }) => `There is no object ${key}.`,
    'Check the key; the object may have been deleted.',
  ),
  OBJECT_CHANGED: expected<{ key: string }>(
    'now',
    ({ key }) => `${key} was replaced in the bucket while it was being downloaded.`,
    'Nothing was mixed: all of it is fetched from the version that is there now.',
  ),
  OBJECT_EXISTS: expected<{ key: string }>(
    'after-fix',
    ({ key }) => `There is already another object at ${key}.`,
    'It was left as it is. Choose to keep both, to replace it or to skip the file; put takes --existing rename, replace or skip.',
  ),
  CREDENTIALS_MISSING: expected<{ source: string }>(
    'after-fix',
    ({ source }) => `No credentials were found (${source}).`,
    'Sign in with your AWS tool, name a profile, or give keys in the connection.',
  ),
  CREDENTIALS_WRONG: expected<{ reason: string }>(
    'after-fix',
    ({ reason }) => `The store refused the keys (${reason}).`,
    'Check the access key and the secret of the connection.',
  ),
  CREDENTIALS_EXPIRED: expected(
    'after-fix',
    'The credentials have expired.',
    'Sign in again; the upload goes on where it was.',
  ),
  ACCESS_DENIED: expected<{ action: string; resource: string }>(
    'after-fix',
    ({ action, resource }) => `These credentials may not ${action} ${resource}.`,
    'Ask the owner of the bucket for that right, or choose another connection.',
  ),
  CLOCK_SKEWED: expected(
    'after-fix',
    'The clock of this computer is too far off for the store to accept it.',
    'Set the clock, best by the network, and try again.',
  ),
  STORE_REFUSED: expected<{ code: string; reason: string }>(
    'now',
    ({ code, reason }) => `The store refused: ${reason} (${code}).`,
    'Run doctor on the connection to see what this store supports.',
  ),
  OPTION_REFUSED: expected<{ code: string; reason: string }>(
    'after-fix',
    ({ code, reason }) => `The store does not take what the object is to be made with: ${reason} (${code}).`,
    'Change encryption, storage class, metadata or tags in the connection or the options of the drop, and add the files again.',
  ),
  ACCELERATION_UNSUPPORTED: expected<{ bucket: string; reason: string }>(
    'after-fix',
    ({ bucket, reason }) => `Transfer Acceleration is not possible for ${bucket}: ${reason}.`,
    'Switch it off in the connection; uploads go straight to the bucket then.',
  ),
  URI_INVALID: expected<{ uri: string }>(
    'after-fix',
    ({ uri }) => `${uri} is not an address of the form s3://bucket/key.`,
    'Write it as s3://bucket/key.',
  ),

  // ---- tables and runs
  TABLE_NOT_TEXT: expected<{ name: string; kind: string }>(
    'never',
    ({ name, kind }) => `${name} is not a table: it holds ${kind}.`,
    'Sluice reads CSV and its relatives, JSON, Parquet and Excel workbooks; the file itself is uploaded untouched all the same.',
  ),
  TABLE_UNREADABLE: expected<{ name: string; reason: string }>(
    'after-fix',
    ({ name, reason }) => `${name} could not be read as a table: ${reason}.`,
    'Open the Data view to see what was detected.',
  ),
  TABLE_ROW_TOO_LONG: expected<{ name: string; limitMb: number }>(
    'after-fix',
    ({ name, limitMb }) => `${name} has a line of more than ${limitMb} MB, which no row of a table is.`,
    'A quote that never closes makes one line of many, and so does a file without line ends. Check what wrote it; the file itself is uploaded untouched all the same.',
  ),
  TABLE_TOO_WIDE: expected<{ name: string; columns: number; limit: number }>(
    'after-fix',
    ({ name, columns, limit }) => `${name} has ${columns} columns, where ${limit} are the most.`,
    'Export fewer columns, or turn columns into rows where it is made; the file itself is uploaded untouched all the same.',
  ),
  FILE_DAMAGED: expected<{ name: string; what: string; reason: string }>(
    'after-fix',
    ({ name, what, reason }) => `${name} is no whole ${what} file: ${reason}.`,
    'It may have been cut short on its way; fetch or export it again.',
  ),
  ARCHIVE_TOO_LARGE: expected<{ name: string; reason: string }>(
    'after-fix',
    ({ name, reason }) => `${name} was not unpacked to its end: ${reason}.`,
    'Nothing of it was kept. If you trust it, unpack it yourself and choose the file that was in it.',
  ),
  ARCHIVE_UNFIT: expected<{ name: string; reason: string }>(
    'after-fix',
    ({ name, reason }) => `No table can be taken out of ${name}: ${reason}.`,
    'Unpack it yourself and choose the file that holds the table.',
  ),
  ENTRY_MISSING: expected<{ name: string; entry: string }>(
    'after-fix',
    ({ name, entry }) => `There is no file named ${entry} in ${name} that can be a table.`,
    'Choose one of those that are listed for the archive.',
  ),
  SHEET_MISSING: expected<{ name: string; sheet: string }>(
    'after-fix',
    ({ name, sheet }) => `There is no sheet named ${sheet} in ${name}.`,
    'Choose one of those that are listed for the workbook.',
  ),
  WORKBOOK_LOCKED: expected<{ name: string }>(
    'after-fix',
    ({ name }) => `${name} is locked with a password.`,
    'Open it in the program that made it, take the password off, and save it again.',
  ),
  WORKBOOK_UNFIT: expected<{ name: string; kind: string }>(
    'after-fix',
    ({ name, kind }) => `${name} is ${kind}, which Sluice does not read.`,
    'Open it in the program that made it and save it as an Excel workbook (.xlsx) or as CSV.',
  ),
  COLUMN_MISSING: expected<{ column: string }>(
    'after-fix',
    ({ column }) => `There is no column named ${column} in this table.`,
    'Column names count upper and lower case; choose one of those the Data view lists.',
  ),
  RECIPE_INVALID: expected<{ reason: string }>(
    'after-fix',
    ({ reason }) => `This recipe cannot be used: ${reason}.`,
    'Compare it with the form in docs/recipes.md, or start from the built-in Clean recipe.',
  ),
  RECIPE_NEWER: expected<{ version: number }>(
    'after-fix',
    ({ version }) => `This recipe has the form ${version}, which is newer than this Sluice.`,
    'Update Sluice, or ask for the recipe in an older form.',
  ),
  STEP_COLUMN_MISSING: expected<{ step: number; column: string; nearest: string }>(
    'after-fix',
    ({ step, column }) => `Step ${step} names a column that is not there: ${column}.`,
    ({ nearest }) =>
      nearest === ''
        ? 'Choose one of the columns that the steps before it leave.'
        : `Did you mean ${nearest}? Upper and lower case count.`,
  ),
  STEP_INVALID: expected<{ step: number; reason: string }>(
    'after-fix',
    ({ step, reason }) => `Step ${step} cannot be done: ${reason}.`,
    'Change the step, or put one before it that prepares its columns. Nothing was run.',
  ),
  INPUT_NOT_GIVEN: expected<{ name: string }>(
    'after-fix',
    ({ name }) => `The recipe takes rows from a file it calls ${name}, which was not given.`,
    'Say which file that is; run takes --with name=FILE.',
  ),
  JOIN_EXPLODES: expected<{ step: number; rows: number; left: number; right: number; limit: number }>(
    'after-fix',
    ({ step, rows, left, right, limit }) =>
      `The join of step ${step} would make ${rows} rows of ${left} and ${right}, where ${limit} are allowed.`,
    'Its keys repeat on both sides. Add a key, take duplicates out before, or set maxRows in the step.',
  ),
  SQL_NOT_ALLOWED: expected<{ what: string; where: string }>(
    'after-fix',
    ({ what, where }) =>
      where === '' ? `This SQL may not use ${what}.` : `This SQL may not use ${what}, near: ${where}.`,
    'Write one SELECT over the table data, with functions that only compute. docs/recipes.md lists them.',
  ),
  SQL_INVALID: expected<{ reason: string }>(
    'after-fix',
    ({ reason }) => `This SQL cannot be read: ${reason}.`,
    'Correct it and try again; names of columns go into double quotes.',
  ),
  QUERY_TIMEOUT: expected<{ seconds: number }>(
    'after-fix',
    ({ seconds }) => `The SQL was stopped after ${seconds} seconds.`,
    'Let it do less at once, or try it on fewer rows first. Nothing was changed.',
  ),
  QUERY_MEMORY: expected<{ limitMb: number }>(
    'after-fix',
    ({ limitMb }) => `The SQL was stopped because it needed more than ${limitMb} MB of memory.`,
    'Let it make fewer or shorter values at once. Nothing was changed.',
  ),
  FORMAT_UNKNOWN: expected<{ name: string }>(
    'after-fix',
    ({ name }) => `Sluice cannot write ${name}.`,
    'End the name in .csv, .xlsx, .parquet, .jsonl or .json.',
  ),
  OUTPUT_UNFIT: expected<{ format: string; reason: string }>(
    'after-fix',
    ({ format, reason }) => `${format} cannot hold this table: ${reason}.`,
    'Choose another format, such as Parquet or CSV.',
  ),
  OUTPUT_UNPROVEN: expected<{ path: string; rows: number; found: number }>(
    'now',
    ({ path, rows, found }) => `${path} should hold ${rows} rows, but ${found} were read back from it.`,
    'It was taken away. Try again; if it happens again, check the disk.',
  ),
  TABLE_TOO_LARGE: expected<{ name: string; limitMb: number }>(
    'after-fix',
    ({ name, limitMb }) => `${name} needs more memory than the ${limitMb} MB that tables may use.`,
    'Raise the limit of memory for tables in the settings, or free disk space so that more can be set aside there.',
  ),
  SPILL_LIMIT: expected<{ name: string; limitMb: number }>(
    'after-fix',
    ({ name, limitMb }) => `${name} needs more than the ${limitMb} MB of disk that tables may set aside.`,
    'Raise the limit of disk space or of memory for tables in the settings, or take fewer rows at once.',
  ),
  TABLES_MEMORY: expected<{ limitMb: number }>(
    'after-fix',
    ({ limitMb }) => `The table engine took far more memory than the ${limitMb} MB it may, and was stopped.`,
    'Transfers were not touched. Raise the limit of memory for tables in the settings, or take fewer rows at once.',
  ),
  TABLES_CRASHED: expected<{ reason: string }>(
    'now',
    ({ reason }) => `The table engine stopped (${reason}) and was started again.`,
    'Transfers were not touched. Try again; if the file is larger than memory, close other programs first.',
  ),

  // ---- targets
  TARGET_COLUMNS_DIFFER: expected<{ path: string; missing: string; extra: string }>(
    'after-fix',
    ({ path, missing, extra }) =>
      `The columns of ${path} are others${missing === '' ? '' : `; it lacks ${missing}`}${extra === '' ? '' : `; only it has ${extra}`}.`,
    'Nothing was written. Make the names of the columns the same (their order does not matter), or choose another file.',
  ),
  TARGET_CHANGED: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `Another program changed ${path} while rows were being added to it.`,
    'Look at the end of that file: some of the rows may be there. It was left as it is; deliver again once it is right.',
  ),
  TARGET_UNSUPPORTED: expected<{ path: string; reason: string }>(
    'after-fix',
    ({ path, reason }) => `Rows cannot be added to ${path}: ${reason}.`,
    'Save it as CSV in UTF-8, with the names of its columns in the first line, or choose another file.',
  ),
  TARGET_IN_USE: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} is open in another program.`,
    'Close it there and try again.',
  ),

  // ---- chain of custody
  MANIFEST_INVALID: expected<{ path: string; reason: string }>(
    'after-fix',
    ({ path, reason }) => `${path} is not a manifest of a session: ${reason}.`,
    'Name the manifest.json of a session, or one that was saved with sluice manifest.',
  ),
  MANIFEST_NEWER: expected<{ path: string; found: number; known: number }>(
    'after-fix',
    ({ path, found, known }) =>
      `${path} was written by a newer Sluice (form ${found}; this one knows ${known}).`,
    'Use the newer Sluice to check it.',
  ),
  MANIFEST_DAMAGED: expected<{ path: string }>(
    'after-fix',
    ({ path }) => `${path} was changed after it was written: its digest is not that of its content.`,
    'Use an untouched copy, such as the one in the bucket; --anyway checks against what it says now.',
  ),
  VERIFY_DIFFERS: expected<{ differ: number; unchecked: number; files: number }>(
    'never',
    ({ differ, unchecked, files }) =>
      `Of ${files} files, ${differ} do not agree with the manifest and ${unchecked} could not be checked.`,
    'Each of them is named with what differs; the activity of the bucket may say who changed it.',
  ),

  // ---- the app itself
  PORT_IN_USE: expected<{ port: number }>(
    'after-fix',
    ({ port }) => `Port ${port} is in use by another program.`,
    'Choose another with --port, or leave it out to have a free one chosen.',
  ),
  DATA_FOLDER_BUSY: expected<{ folder: string; owner: string }>(
    'after-fix',
    ({ folder, owner }) => `Another Sluice (${owner}) is using ${folder}.`,
    'Use that one, close it first, or choose another folder with --data.',
  ),
  DATA_FOLDER_UNUSABLE: expected<{ folder: string; reason: string }>(
    'after-fix',
    ({ folder, reason }) => `Sluice cannot keep its state in ${folder}: ${reason}.`,
    'Choose another folder with --data.',
  ),
  JOURNAL_NEWER: expected<{ folder: string; found: number; known: number }>(
    'after-fix',
    ({ folder, found, known }) =>
      `The state in ${folder} was written by a newer Sluice (schema ${found}; this one knows ${known}).`,
    'Use the newer Sluice, or choose another folder with --data. Nothing was changed.',
  ),
  JOURNAL_DAMAGED: expected<{ folder: string; reason: string }>(
    'never',
    ({ folder, reason }) => `The journal in ${folder} cannot be read: ${reason}.`,
    'Objects in your buckets are safe. Move the file journal.db aside and start again; uploads are found anew.',
  ),
  RECORD_DAMAGED: expected<{ name: string }>(
    'after-fix',
    ({ name }) => `What the journal holds of ${name} cannot be read.`,
    'Your file and what is stored are as they were. Cancel this entry and add the file again.',
  ),
  SECRETS_UNAVAILABLE: expected<{ reason: string }>(
    'after-fix',
    ({ reason }) => `Keys cannot be kept safely here: ${reason}.`,
    'Use an AWS profile or the default chain instead, or enter the keys again each time.',
  ),
  COMMAND_INVALID: expected<{ reason: string }>(
    'after-fix',
    ({ reason }) => `The command cannot be understood: ${reason}.`,
    'Run sluice --help to see the commands and their options.',
  ),
} as const;

export type ErrorCode = keyof typeof catalogue;

/** What an error of this code must be given. */
export type DetailsOf<C extends ErrorCode> = Parameters<(typeof catalogue)[C]['message']>[0] extends infer D
  ? [D] extends [ErrorDetails]
    ? D
    : Record<string, never>
  : never;
