import { form, type StepForm } from './form.ts';

const which = { kind: 'columns', key: 'columns', label: 'Columns' } as const;

export const columnForms: readonly StepForm[] = [
  form('choose-columns', {
    group: 'Columns',
    title: 'Keep only some columns',
    about: 'Only these, in this order.',
    also: 'choose select subset',
    blank: { columns: [] },
    fields: [which],
  }),
  form('drop-columns', {
    group: 'Columns',
    title: 'Leave out columns',
    about: 'All others stay.',
    also: 'drop remove delete',
    blank: { columns: [] },
    fields: [which],
  }),
  form('rename-columns', {
    group: 'Columns',
    title: 'Rename columns',
    about: 'Values stay as they are.',
    also: 'name header',
    blank: { names: [{ from: '', to: '' }] },
    fields: [
      {
        kind: 'list',
        key: 'names',
        label: 'New names',
        add: 'Another column',
        blank: { from: '', to: '' },
        item: [
          { kind: 'column', key: 'from', label: 'Column' },
          { kind: 'text', key: 'to', label: 'New name' },
        ],
      },
    ],
  }),
  form('reorder-columns', {
    group: 'Columns',
    title: 'Put columns first',
    about: 'These lead, in this order; the others follow as they stood.',
    also: 'reorder move sort order',
    blank: { columns: [] },
    fields: [which],
  }),
  form('derive', {
    group: 'Columns',
    title: 'Compute a column',
    about: 'A new column from an SQL expression over the same row.',
    also: 'derive calculate formula expression add sql',
    blank: { name: '', expression: '' },
    fields: [
      { kind: 'text', key: 'name', label: 'Name of the new column' },
      {
        kind: 'text',
        key: 'expression',
        label: 'Expression',
        description: 'Names of columns go into double quotes, texts into single ones.',
        placeholder: '"price" * "quantity"',
        mono: true,
        long: true,
      },
    ],
  }),
];
