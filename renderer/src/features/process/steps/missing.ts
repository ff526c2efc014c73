import { FIT, form, type StepForm } from './form.ts';

const which = { kind: 'columns', key: 'columns', label: 'Columns' } as const;

export const missingForms: readonly StepForm[] = [
  form('empty-to-null', {
    group: 'Missing values',
    title: 'Empty to null',
    about: 'Cells with nothing in them become missing.',
    also: 'blank na null',
    fields: [
      { kind: 'columns', key: 'columns', label: 'Columns', accepts: 'text', none: 'All columns of text' },
    ],
  }),
  form('fill-missing', {
    group: 'Missing values',
    title: 'Fill what is missing',
    about: 'With a value, the mean, median or most frequent value, or the value above.',
    also: 'impute null na replace default',
    blank: { columns: [], with: { kind: 'constant', value: '' }, fit: 'all' },
    fields: [
      which,
      {
        kind: 'ways',
        key: 'with',
        label: 'With',
        ways: [
          {
            kind: 'constant',
            label: 'A value',
            blank: { value: '' },
            fields: [{ kind: 'value', key: 'value', label: 'Value' }],
          },
          { kind: 'mean', label: 'The mean' },
          { kind: 'median', label: 'The median' },
          { kind: 'mode', label: 'The most frequent value' },
          { kind: 'previous', label: 'The value above' },
        ],
      },
      FIT,
    ],
  }),
  form('drop-missing', {
    group: 'Missing values',
    title: 'Leave out rows with missing values',
    about: 'Rows where some columns hold nothing go.',
    also: 'drop null na empty remove',
    blank: { columns: [], when: 'any' },
    fields: [
      which,
      {
        kind: 'choice',
        key: 'when',
        label: 'When',
        options: [
          { value: 'any', label: 'Any of them is missing' },
          { value: 'all', label: 'All of them are missing' },
        ],
      },
    ],
  }),
];
