import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  chartData,
  chartSpec,
  columnFacts,
  columnSpan,
  fix,
  found,
  loadFrame,
  reading,
  relations,
  rejectsPage,
  rowWindow,
  tablePreview,
  tablesSettings,
  tableProfile,
  tableView,
} from '#shared/domain';
import { window } from './common.ts';
import { fails, procedure } from './procedure.ts';

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
