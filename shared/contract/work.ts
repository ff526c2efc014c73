import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  activity,
  chartData,
  chartSpec,
  column,
  columnFacts,
  columnSpan,
  connection,
  connectionChange,
  connectionDraft,
  connectionSettings,
  custody,
  DEFAULT_SCAN_RULES,
  delivery,
  fileQuery,
  fileCheck,
  finding,
  fix,
  flow,
  flowDraft,
  found,
  limitOverride,
  limits as limitsNow,
  loadFrame,
  onExistingFile,
  output,
  outputFormat,
  outputOptions,
  PLAIN_OUTPUTS,
  partStrip,
  reading,
  receipt,
  inputName,
  recipe,
  relations,
  recipePreview,
  rejectsPage,
  rowWindow,
  run,
  savedRecipe,
  scanRules,
  session,
  tablePreview,
  tablesSettings,
  tableProfile,
  tableView,
  transfer,
  transferSettings,
  verification,
} from '#shared/domain';
import { pagePlace } from './choices.ts';
import { fails, procedure } from './procedure.ts';
import { howToSend, priority } from './how-to-send.ts';
import { fileRef, refusal } from './system.ts';

const byId = z.object({ id: z.string().max(100) });
const window = { offset: z.number().int().nonnegative(), limit: z.number().int().positive().max(1000) };

/** What a page that looks at a window of rows is told. Records are whole: applying one twice is harmless. */
export const fileFrame = z.object({
  /** How many rows there are in all. */
  total: z.number(),
  /** The rows of the window, in order; null while they are the same as before. */
  ids: z.array(z.string()).nullable(),
  /** Those that came into the window, or changed. */
  transfers: z.array(transfer),
});
export type FileFrame = z.infer<typeof fileFrame>;

export const connections = {
  list: procedure().output(z.array(connection)),
  add: procedure('SECRETS_UNAVAILABLE').input(connectionDraft).output(connection),
  /** `change` only for a connection that was made here; settings for every one. They hold for files added from now on. */
  update: procedure('NOT_FOUND', 'SECRETS_UNAVAILABLE', 'ACCELERATION_UNSUPPORTED')
    .input(byId.extend({ change: connectionChange.nullable(), settings: connectionSettings }))
    .output(connection),
  remove: procedure('NOT_FOUND').input(byId).output(z.void()),
  /** Asks the store everything an upload will need, and leaves nothing behind. Saves what it learns. */
  doctor: procedure('NOT_FOUND').input(byId).output(z.array(finding)),
  /** Writes the CORS rule that lets a page upload straight to the bucket. */
  allowPages: procedure('NOT_FOUND', ...fails.store)
    .input(byId)
    .output(z.void()),
};

export const sessions = {
  list: procedure().output(z.array(session)),
  rename: procedure('NOT_FOUND')
    .input(byId.extend({ title: z.string().trim().min(1).max(200) }))
    .output(session),
  /** Null keeps the objects. */
  setRetention: procedure('NOT_FOUND')
    .input(byId.extend({ days: z.number().int().min(1).max(3650).nullable() }))
    .output(session),
  /** Null takes it away. */
  setCustody: procedure('NOT_FOUND')
    .input(byId.extend({ custody: custody.nullable() }))
    .output(session),
  /** All that it brought, sealed; the text of a file to be saved under that name. */
  manifest: procedure('NOT_FOUND')
    .input(byId)
    .output(z.object({ name: z.string(), text: z.string() })),
  /** Asks the store about every file again. Names those that do not agree, as far as they are not too many. */
  verify: procedure('NOT_FOUND', ...fails.store)
    .input(byId)
    .output(z.object({ verification, checks: z.array(fileCheck) })),
  /** Takes the session and all its objects out of the bucket. Cannot be undone. */
  remove: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store)
    .input(byId)
    .output(z.void()),
  /** What was not taken of its drops, and why. */
  refused: procedure('NOT_FOUND')
    .input(byId.extend(window))
    .output(z.object({ total: z.number(), refused: z.array(refusal) })),
  activity: procedure('NOT_FOUND').input(byId).output(z.array(activity)),
};

export const transfers = {
  /** Starts uploads of files and folders, in a new session or one that exists. */
  add: procedure('NOT_FOUND', ...fails.source, ...fails.store)
    .input(
      z.object({
        sessionId: z.string().nullable(),
        connectionId: z.string().nullable(),
        files: z.array(fileRef).min(1).max(100_000),
        ...howToSend,
        /** What is taken of folders. */
        scan: scanRules.default(DEFAULT_SCAN_RULES),
      }),
    )
    .output(
      z.object({
        session,
        added: z.number(),
        refused: z.array(refusal),
        /** Whether more is still being found: then `session.scanning` tells how far, and `sessions.refused` what was refused. */
        scanning: z.boolean(),
      }),
    ),
  list: procedure('NOT_FOUND')
    .input(fileQuery.extend(window))
    .output(z.object({ total: z.number(), transfers: z.array(transfer) })),
  /** The rows that a page looks at: all of them at once, then what changed, at most ten times a second. */
  watch: procedure('NOT_FOUND')
    .input(fileQuery.extend(window).extend({ also: z.array(z.string().max(100)).max(100).default([]) }))
    .output(eventIterator(fileFrame)),
  /** The next row whose name or path begins so, from an index on and round; null where there is none. */
  seek: procedure('NOT_FOUND')
    .input(fileQuery.extend({ prefix: z.string().min(1).max(200), from: z.number().int().nonnegative() }))
    .output(z.number().nullable()),
  /** Those of them that there are. */
  get: procedure()
    .input(z.object({ ids: z.array(z.string().max(100)).max(1000) }))
    .output(z.array(transfer)),
  pause: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  /** Also starts a failed one again; what the store has is kept. */
  resume: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  cancel: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  /** Of one that failed since something stands where it goes: goes on, and over it. */
  replace: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(transfer),
  /** Before or behind all others, or by number: larger goes first. Acts on what has not started. */
  prioritise: procedure('NOT_FOUND')
    .input(
      z.object({
        ids: z.array(z.string().max(100)).min(1).max(100_000),
        to: z.union([z.enum(['first', 'last']), priority]),
      }),
    )
    .output(z.void()),
  /** Starts by itself at this time, ms since the epoch; null starts it now. */
  schedule: procedure('NOT_FOUND', 'UPLOAD_STATE')
    .input(byId.extend({ at: z.number().int().positive().nullable() }))
    .output(transfer),
  pauseAll: procedure().output(z.void()),
  resumeAll: procedure().output(z.void()),
  receipt: procedure('NOT_FOUND').input(byId).output(receipt),
  /** The same for people: a page to be saved under that name. */
  receiptPage: procedure('NOT_FOUND')
    .input(byId)
    .output(z.object({ name: z.string(), html: z.string() })),
};

/** How much of the line transfers may take. */
export const limits = {
  get: procedure().output(limitsNow),
  /** Acts at once; what was said by hand is kept. */
  set: procedure()
    .input(transferSettings.omit({ override: true }))
    .output(limitsNow),
  /** Over everything else, until then; null goes back to what is set. */
  override: procedure().input(limitOverride.nullable()).output(limitsNow),
};

/** From a bucket to the engine's machine, through the same queue; pausing, resuming and the rest is of `transfers`. */
export const downloads = {
  /** Into a folder, checked. With `ask`, nothing is begun where a file stands in the way, and it is said which. */
  add: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store, ...fails.disk)
    .input(
      z.object({
        of: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('outputs'), ids: z.array(z.string().max(100)).min(1).max(10_000) }),
          /** Files as they were uploaded, by their transfers. */
          z.object({ kind: z.literal('originals'), ids: z.array(z.string().max(100)).min(1).max(10_000) }),
          z.object({
            kind: z.literal('keys'),
            sessionId: z.string(),
            keys: z.array(z.string().min(1).max(1024)).min(1).max(10_000),
          }),
        ]),
        folder: fileRef,
        existing: z.enum(['ask', ...onExistingFile.options]),
      }),
    )
    .output(
      z.object({
        transfers: z.array(transfer),
        refused: z.array(refusal),
        inTheWay: z.object({ count: z.number(), names: z.array(z.string()) }).nullable(),
      }),
    ),
  /** What is, or was, fetched from drops, newest first. That of a session that is a download are its files. */
  list: procedure()
    .input(z.object({ limit: z.number().int().positive().max(1000) }))
    .output(z.array(transfer)),
  /** Shows the file, or the folder it goes to, in the system's file manager. Needs `openLocally`. */
  reveal: procedure('NOT_FOUND', 'UNSUPPORTED_HERE', ...fails.disk)
    .input(byId)
    .output(z.void()),
};

/** A file the page holds and sends straight to the bucket; created, completed and proven by the engine. */
export const pageUploads = {
  begin: procedure('NOT_FOUND', 'OBJECT_EXISTS', ...fails.source, ...fails.store)
    .input(
      z.object({
        sessionId: z.string().nullable(),
        connectionId: z.string().nullable(),
        name: z.string().min(1).max(4096),
        relativePath: z.string().min(1).max(4096),
        size: z.number().int().nonnegative(),
        lastModified: z.number(),
        contentType: z.string().max(200),
        options: howToSend.options,
        priority: howToSend.priority,
        /** The upload to go on with, where the page knows it: it was paused, or the engine was away. */
        transferId: z.string().nullable(),
        /** Where it goes, for a page that was told; left out, into a folder of the session's own. */
        place: pagePlace.nullable().default(null),
      }),
    )
    .output(
      z.object({
        session,
        transfer,
        /** Parts the store already has from an earlier try with the same file. */
        parts: partStrip,
      }),
    ),
  /** Signs one PUT a part. The page has read the part and computed its CRC-32, which the store will check. */
  sign: procedure('NOT_FOUND', 'UPLOAD_STATE', ...fails.store)
    .input(
      z.object({
        id: z.string(),
        parts: z
          .array(z.object({ number: z.number().int().positive(), crc32: z.string() }))
          .min(1)
          .max(64),
      }),
    )
    .output(
      z.array(z.object({ number: z.number(), url: z.string(), headers: z.record(z.string(), z.string()) })),
    ),
  /** What arrived, and how much is on its way. */
  report: procedure('NOT_FOUND', 'UPLOAD_STATE')
    .input(
      z.object({
        id: z.string(),
        inFlight: z.number().nonnegative(),
        flying: z.array(z.number().int().positive()).max(64),
        sent: z.array(
          z.object({ number: z.number().int().positive(), etag: z.string().nullable(), crc32: z.string() }),
        ),
      }),
    )
    .output(z.object({ state: z.enum(['go-on', 'paused', 'stopped']) })),
  complete: procedure('NOT_FOUND', 'UPLOAD_STATE', 'OBJECT_EXISTS', ...fails.store)
    .input(byId)
    .output(transfer),
};

const ofRows = [...fails.source, ...fails.store, ...fails.table, 'DISK_FULL', 'DISK_SHORT'] as const;
const ofView = z.object({ transferId: z.string(), view: tableView });

export const tables = {
  /** How much of this machine tables may take. */
  settings: procedure().output(tablesSettings),
  /** Holds from the next time on that the process of tables starts, which is as soon as it has nothing to do. */
  setSettings: procedure().input(tablesSettings).output(tablesSettings),
  /** How the file is read: what a person asked for, the rest as it is found. */
  reading: procedure('NOT_FOUND')
    .input(z.object({ transferId: z.string() }))
    .output(reading),
  /** From now on the file is read so, by all that follows; runs that are under way are not touched. */
  setReading: procedure('NOT_FOUND')
    .input(z.object({ transferId: z.string(), reading }))
    .output(z.void()),
  /** With a reading, as it would look if it were read so; null reads it as it was last set. */
  preview: procedure('NOT_FOUND', ...fails.source, ...fails.store, ...fails.table, 'DISK_FULL')
    .input(z.object({ transferId: z.string(), reading: reading.nullable().default(null) }))
    .output(tablePreview),
  /** Reads the whole file; can be cancelled. */
  profile: procedure('NOT_FOUND', ...fails.source, ...fails.store, ...fails.table, 'DISK_FULL')
    .input(z.object({ transferId: z.string() }))
    .output(tableProfile),
  /** Makes all rows ready to be scrolled, sorted and searched, and tells how far it is; ends once they are. */
  load: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string() }))
    .output(eventIterator(loadFrame)),
  /** A window of the rows in some order. Waits for what it needs: the first rows, or all of them. */
  rows: procedure('NOT_FOUND', ...ofRows)
    .input(
      ofView.extend({
        offset: z.number().int().nonnegative(),
        limit: z.number().int().min(1).max(500),
        columns: columnSpan,
      }),
    )
    .output(rowWindow),
  /** Counts the rows that hold a text, and finds the next from an offset on, or before it; round the end. */
  find: procedure('NOT_FOUND', ...ofRows)
    .input(
      ofView.extend({
        text: z.string().min(1).max(1000),
        from: z.number().int().nonnegative(),
        backwards: z.boolean(),
      }),
    )
    .output(found),
  /** The most common values of a column, those that hold a text. */
  values: procedure('NOT_FOUND', ...ofRows)
    .input(
      ofView.extend({
        column: z.number().int().nonnegative(),
        text: z.string().max(1000),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .output(z.array(z.object({ value: z.string(), count: z.number() }))),
  /** Cells between tabs, rows between line feeds. */
  copy: procedure('NOT_FOUND', ...ofRows)
    .input(
      ofView.extend({
        offset: z.number().int().nonnegative(),
        count: z.number().int().positive(),
        /** Indexes, in the order they are written. */
        columns: z.array(z.number().int().nonnegative()).min(1).max(10_000),
        header: z.boolean(),
      }),
    )
    .output(z.object({ text: z.string() })),
  /** A closer look at one column: its forms, what is odd about it, and where. */
  facts: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string(), column: z.number().int().nonnegative() }))
    .output(columnFacts),
  /** How far each column tells a target. */
  relations: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string(), target: z.number().int().nonnegative() }))
    .output(relations),
  /** All there is to say of the table: a page of HTML that needs nothing else, or JSON; to be saved under that name. */
  report: procedure('NOT_FOUND', ...ofRows)
    .input(
      z.object({
        transferId: z.string(),
        as: z.enum(['html', 'json']),
        target: z.number().int().nonnegative().nullable(),
      }),
    )
    .output(z.object({ name: z.string(), text: z.string() })),
  /** What a chart of all rows shows, summed up to a few thousand points. */
  chart: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string(), chart: chartSpec }))
    .output(chartData),
  rejects: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string(), ...window }))
    .output(rejectsPage),
  /** All that were kept, to be saved under that name: as CSV with line, byte, reason and text, or as they stand in the file. */
  exportRejects: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string(), as: z.enum(['csv', 'lines']) }))
    .output(z.object({ name: z.string(), text: z.string() })),
  /** A text cut into cells the way the file is cut. */
  cut: procedure('NOT_FOUND', ...ofRows)
    .input(z.object({ transferId: z.string(), raw: z.string().max(100_000) }))
    .output(z.object({ cells: z.array(z.string()) })),
  /** From now on the line is a row of the table, at its end, for all that follows. */
  fix: procedure('NOT_FOUND')
    .input(z.object({ transferId: z.string(), fix }))
    .output(z.void()),
  unfix: procedure('NOT_FOUND')
    .input(z.object({ transferId: z.string(), byte: z.number().int().nonnegative() }))
    .output(z.void()),
};

export const runs = {
  start: procedure('NOT_FOUND', ...fails.table, ...fails.recipe)
    .input(
      z.object({
        transferId: z.string(),
        recipe,
        inputs: z.record(inputName, z.string().max(100)).default({}),
        formats: z.array(outputFormat).min(1).max(outputFormat.options.length),
        options: outputOptions.default(PLAIN_OUTPUTS),
      }),
    )
    .output(run),
  list: procedure('NOT_FOUND')
    .input(z.object({ sessionId: z.string() }))
    .output(z.array(run)),
  cancel: procedure('NOT_FOUND', 'UPLOAD_STATE').input(byId).output(run),
  /** What each step would change, tried on the first rows of the file; a step that cannot be done is said in the answer. */
  previewSteps: procedure(
    'NOT_FOUND',
    ...fails.source,
    ...fails.store,
    ...fails.table,
    ...fails.recipe,
    'DISK_FULL',
  )
    .input(
      z.object({
        transferId: z.string(),
        recipe,
        /** Other files that the recipe takes rows from: their transfers, by the name it has for them. */
        inputs: z.record(inputName, z.string()).default({}),
      }),
    )
    .output(recipePreview),
  /** A recipe that prepares the file for learning to predict a column. Reads the whole file; can be cancelled. */
  suggest: procedure('NOT_FOUND', ...fails.source, ...fails.store, ...fails.table, 'DISK_FULL')
    .input(z.object({ transferId: z.string(), target: z.string().min(1).max(1000) }))
    .output(recipe),
};

/** What is done by itself with uploads that are like the one a flow was made for. */
export const flows = {
  list: procedure().output(z.array(flow)),
  /** With an id, changes that one. It holds for uploads that are begun from now on. */
  save: procedure('NOT_FOUND')
    .input(z.object({ id: z.string().max(100).nullable(), flow: flowDraft }))
    .output(flow),
  remove: procedure('NOT_FOUND').input(byId).output(z.void()),
};

/** Recipes that are kept for later. */
export const recipes = {
  list: procedure().output(z.array(savedRecipe)),
  save: procedure('NOT_FOUND')
    .input(z.object({ id: z.string().max(100).nullable(), recipe }))
    .output(savedRecipe),
  remove: procedure('NOT_FOUND').input(byId).output(z.void()),
};

export const outputs = {
  list: procedure('NOT_FOUND')
    .input(z.object({ sessionId: z.string() }))
    .output(z.array(output)),
  /** The first rows, as text. */
  preview: procedure('NOT_FOUND', ...fails.store, ...fails.table, ...fails.source, ...fails.disk)
    .input(byId)
    .output(z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.string().nullable())) })),
  /** Its columns with their types. */
  columns: procedure('NOT_FOUND', ...fails.store, ...fails.table, ...fails.source, ...fails.disk)
    .input(byId)
    .output(z.array(column)),
  /** What a chart of all its rows shows, summed up to a few thousand points. */
  chart: procedure('NOT_FOUND', ...fails.store, ...fails.table, ...fails.source, ...fails.disk)
    .input(byId.extend({ chart: chartSpec }))
    .output(chartData),
  /** A presigned address of the object; `attachment` makes a browser save it under its name. */
  link: procedure('NOT_FOUND', 'UNSUPPORTED_HERE', ...fails.store)
    .input(byId.extend({ seconds: z.number().int().min(1).max(604_800), attachment: z.boolean() }))
    .output(z.object({ url: z.string(), expiresAt: z.number() })),
  /** As `downloads.add`, beside what is there, and waits for it. @returns where it is */
  download: procedure('NOT_FOUND', 'UPLOAD_STATE', 'UNSUPPORTED_HERE', ...fails.store, ...fails.disk)
    .input(byId.extend({ folder: fileRef }))
    .output(z.object({ path: z.string() })),
  /** With the system's program. Needs `openLocally`. */
  open: procedure('NOT_FOUND', 'UNSUPPORTED_HERE', ...fails.store, ...fails.disk)
    .input(byId)
    .output(z.void()),
  reveal: procedure('NOT_FOUND', 'UNSUPPORTED_HERE', ...fails.store, ...fails.disk)
    .input(byId)
    .output(z.void()),
};

export const targets = {
  /** Appends an output to a CSV file of the engine's machine, exactly once. */
  deliver: procedure(
    'NOT_FOUND',
    ...fails.target,
    ...fails.source,
    ...fails.store,
    ...fails.disk,
    ...fails.table,
  )
    .input(z.object({ outputId: z.string(), file: fileRef }))
    .output(delivery),
  deliveries: procedure('NOT_FOUND')
    .input(z.object({ sessionId: z.string() }))
    .output(z.array(delivery)),
};
