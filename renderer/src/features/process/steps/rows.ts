import { form, type StepForm } from './form.ts';

export const rowForms: readonly StepForm[] = [
  form('filter', {
    group: 'Rows',
    title: 'Keep rows where…',
    about: 'Rows for which it is true stay.',
    also: 'filter where condition remove',
    blank: { where: { all: [{ column: '', is: 'equal', value: '' }] } },
    fields: [{ kind: 'condition', key: 'where', label: 'Keep rows where' }],
  }),
  form('sort', {
    group: 'Rows',
    title: 'Sort',
    about: 'By one column or more.',
    also: 'order ascending descending',
    blank: { by: [{ column: '', descending: false }] },
    fields: [
      {
        kind: 'list',
        key: 'by',
        label: 'Sort by',
        add: 'Then by',
        blank: { column: '', descending: false },
        item: [
          { kind: 'column', key: 'column', label: 'Column' },
          { kind: 'flag', key: 'descending', label: 'Falling' },
        ],
      },
    ],
  }),
  form('limit', {
    group: 'Rows',
    title: 'Keep the first rows',
    about: 'A number of rows, after some that are skipped.',
    also: 'limit head top skip',
    blank: { rows: 1000, skip: 0 },
    fields: [
      { kind: 'number', key: 'rows', label: 'Rows', min: 0, whole: true },
      { kind: 'number', key: 'skip', label: 'Skip before them', min: 0, whole: true },
    ],
  }),
  form('drop-exact-duplicates', {
    group: 'Duplicates',
    title: 'Drop exact duplicates',
    about: 'Rows equal to an earlier one in every column go.',
    also: 'distinct unique deduplicate',
  }),
  form('drop-duplicates', {
    group: 'Duplicates',
    title: 'Drop duplicates by key',
    about: 'Of rows with the same key one stays.',
    also: 'distinct unique deduplicate id',
    blank: { keys: [], keep: 'first' },
    fields: [
      { kind: 'columns', key: 'keys', label: 'Key columns' },
      {
        kind: 'choice',
        key: 'keep',
        label: 'Keep',
        options: [
          { value: 'first', label: 'The first of them' },
          { value: 'last', label: 'The last of them' },
        ],
      },
    ],
  }),
];
