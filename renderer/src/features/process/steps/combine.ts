import { form, type StepForm } from './form.ts';

const other = {
  kind: 'file',
  key: 'with',
  label: 'Other file',
  description: 'A file of this session.',
} as const;

export const combineForms: readonly StepForm[] = [
  form('join', {
    group: 'Combine files',
    title: 'Join another file',
    about: 'Puts columns of another file beside the rows that match.',
    also: 'lookup vlookup merge',
    blank: { with: '', how: 'left', keys: [{ left: '', right: '' }], suffix: '_2' },
    fields: [
      other,
      {
        kind: 'choice',
        key: 'how',
        label: 'Rows',
        options: [
          { value: 'left', label: 'All rows of this file' },
          { value: 'inner', label: 'Only rows that match' },
          { value: 'right', label: 'All rows of the other file' },
          { value: 'full', label: 'All rows of both' },
          { value: 'anti', label: 'Only rows that match nothing' },
        ],
      },
      {
        kind: 'list',
        key: 'keys',
        label: 'Match where',
        add: 'And where',
        blank: { left: '', right: '' },
        item: [
          { kind: 'column', key: 'left', label: 'Column here' },
          { kind: 'column', key: 'right', label: 'Is column there', ofOther: true },
        ],
      },
      {
        kind: 'text',
        key: 'suffix',
        label: 'After names that are taken',
        mono: true,
      },
      {
        kind: 'number',
        key: 'maxRows',
        label: 'Most rows it may make',
        min: 1,
        whole: true,
        none: 'A million, or ten times the larger file',
      },
    ],
  }),
  form('append', {
    group: 'Combine files',
    title: 'Put another file below',
    about: 'Its rows, column by column of the same name.',
    also: 'append union stack concat',
    blank: { with: '' },
    fields: [other],
  }),
];
