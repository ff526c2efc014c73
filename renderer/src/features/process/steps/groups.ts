import { form, type Option, type StepForm } from './form.ts';

const MEASURES: readonly Option[] = [
  { value: 'count', label: 'Number of rows' },
  { value: 'count-present', label: 'Number of values' },
  { value: 'count-distinct', label: 'Number of different values' },
  { value: 'sum', label: 'Sum' },
  { value: 'mean', label: 'Mean' },
  { value: 'median', label: 'Median' },
  { value: 'smallest', label: 'Smallest' },
  { value: 'largest', label: 'Largest' },
  { value: 'deviation', label: 'Standard deviation' },
  { value: 'first', label: 'First' },
  { value: 'last', label: 'Last' },
];
const ofColumn = 'None (only for the number of rows)';

export const groupForms: readonly StepForm[] = [
  form('group', {
    group: 'Group and pivot',
    title: 'Group and measure',
    about: 'One row for each group, with counts, sums, means and more.',
    also: 'aggregate summarize sum average count by',
    blank: { by: [], measures: [{ measure: 'count', column: null, into: 'rows' }] },
    fields: [
      { kind: 'columns', key: 'by', label: 'Group by', none: 'One group of all rows', emptyList: true },
      {
        kind: 'list',
        key: 'measures',
        label: 'Measures',
        add: 'Another measure',
        blank: { measure: 'sum', column: null, into: '' },
        item: [
          { kind: 'choice', key: 'measure', label: 'Measure', options: MEASURES },
          { kind: 'column', key: 'column', label: 'Of', none: ofColumn },
          { kind: 'text', key: 'into', label: 'Name' },
        ],
      },
    ],
  }),
  form('pivot', {
    group: 'Group and pivot',
    title: 'Pivot: columns from values',
    about: 'A column for each value of one column, measured over its rows.',
    also: 'crosstab wide spread',
    blank: { rows: [], column: '', measure: 'count', value: null, limit: 100 },
    fields: [
      { kind: 'columns', key: 'rows', label: 'A row for each', none: 'One row in all', emptyList: true },
      { kind: 'column', key: 'column', label: 'A column for each value of' },
      { kind: 'choice', key: 'measure', label: 'In the cells', options: MEASURES },
      { kind: 'column', key: 'value', label: 'Of', none: ofColumn },
      { kind: 'number', key: 'limit', label: 'New columns, at most', min: 1, max: 500, whole: true },
    ],
  }),
  form('unpivot', {
    group: 'Group and pivot',
    title: 'Unpivot: rows from columns',
    about: 'Some columns become rows: one with the name, one with the value.',
    also: 'melt long gather',
    blank: { columns: [], name: 'name', value: 'value' },
    fields: [
      { kind: 'columns', key: 'columns', label: 'Columns' },
      { kind: 'text', key: 'name', label: 'Column for the names' },
      { kind: 'text', key: 'value', label: 'Column for the values' },
    ],
  }),
];
