import { z } from 'zod';

/** The name of a column, letter for letter. */
export const columnName = z
  .string()
  .min(1)
  .max(1000)
  .refine((name) => !name.includes('\0'), 'a name holds no zero byte');
export const columnNames = z.array(columnName).min(1).max(5000);

/** What every step may say about itself: why it is there. */
export const noted = { note: z.string().max(1000).optional() };

/** Steps that change which columns there are, what they are called and where they stand. */
export const columnSteps = [
  /** Only these, in this order. */
  z.strictObject({ kind: z.literal('choose-columns'), columns: columnNames, ...noted }),
  z.strictObject({ kind: z.literal('drop-columns'), columns: columnNames, ...noted }),
  z.strictObject({
    kind: z.literal('rename-columns'),
    names: z
      .array(z.strictObject({ from: columnName, to: columnName }))
      .min(1)
      .max(5000),
    ...noted,
  }),
  /** These first, in this order; the others follow as they stood. */
  z.strictObject({ kind: z.literal('reorder-columns'), columns: columnNames, ...noted }),
] as const;
