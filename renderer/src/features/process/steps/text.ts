import { form, type StepForm } from './form.ts';

const maybe = {
  kind: 'columns',
  key: 'columns',
  label: 'Columns',
  accepts: 'text',
  none: 'All columns of text',
} as const;
const texts = { kind: 'columns', key: 'columns', label: 'Columns', accepts: 'text' } as const;

export const textForms: readonly StepForm[] = [
  form('trim', {
    group: 'Text',
    title: 'Trim',
    about: 'White space goes off both ends of every text cell.',
    also: 'strip blanks spaces whitespace',
    fields: [maybe],
  }),
  form('change-case', {
    group: 'Text',
    title: 'Change case',
    about: 'Upper or lower case.',
    also: 'uppercase lowercase capitals',
    blank: { columns: [], to: 'lower' },
    fields: [
      texts,
      {
        kind: 'choice',
        key: 'to',
        label: 'Write in',
        options: [
          { value: 'lower', label: 'lower case' },
          { value: 'upper', label: 'UPPER CASE' },
        ],
      },
    ],
  }),
  form('replace-text', {
    group: 'Text',
    title: 'Find and replace',
    about: 'A text, a whole cell, or what a regular expression matches.',
    also: 'regex substitute pattern change value',
    blank: { columns: [], match: 'text', find: '', with: '', ignoreCase: false },
    fields: [
      texts,
      {
        kind: 'choice',
        key: 'match',
        label: 'Look for',
        options: [
          { value: 'text', label: 'A text anywhere in the cell' },
          { value: 'whole-cell', label: 'The whole cell' },
          { value: 'pattern', label: 'A regular expression' },
        ],
      },
      { kind: 'text', key: 'find', label: 'Find', mono: true },
      {
        kind: 'text',
        key: 'with',
        label: 'Replace with',
        description: 'With a regular expression, \\1 is its first group.',
        mono: true,
        maybeEmpty: true,
      },
      { kind: 'flag', key: 'ignoreCase', label: 'Ignore upper and lower case' },
      { kind: 'tester', key: 'find', label: 'Try it' },
    ],
  }),
  form('split-column', {
    group: 'Text',
    title: 'Split a column',
    about: 'Cuts a text at a separator; the last new column takes what is left.',
    also: 'separate divide',
    blank: { column: '', separator: ',', into: [], keep: false },
    fields: [
      { kind: 'column', key: 'column', label: 'Column', accepts: 'text' },
      { kind: 'text', key: 'separator', label: 'Separator', mono: true },
      {
        kind: 'words',
        key: 'into',
        label: 'New columns',
        description: 'At least two names, each ended with Enter.',
        placeholder: 'Name, then Enter',
      },
      { kind: 'flag', key: 'keep', label: 'Keep the column as it was too' },
    ],
  }),
  form('merge-columns', {
    group: 'Text',
    title: 'Put columns together',
    about: 'Joins texts with a separator; missing ones are left out with theirs.',
    also: 'merge concatenate combine join',
    blank: { columns: [], separator: ' ', into: '', keep: false },
    fields: [
      { kind: 'columns', key: 'columns', label: 'Columns' },
      { kind: 'text', key: 'separator', label: 'Between them', mono: true, maybeEmpty: true },
      { kind: 'text', key: 'into', label: 'Name of the new column' },
      { kind: 'flag', key: 'keep', label: 'Keep the columns as they were too' },
    ],
  }),
];
