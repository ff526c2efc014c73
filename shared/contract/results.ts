import { z } from 'zod';
import { chartData, chartSpec, column, delivery, output } from '#shared/domain';
import { byId } from './common.ts';
import { fails, procedure } from './procedure.ts';
import { fileRef } from './system.ts';

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
