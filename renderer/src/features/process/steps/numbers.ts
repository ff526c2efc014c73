import { FIT, form, type StepForm } from './form.ts';

const numbers = { kind: 'columns', key: 'columns', label: 'Columns', accepts: 'number' } as const;
const buckets = { kind: 'number', key: 'count', label: 'Buckets', min: 2, max: 1000, whole: true } as const;

export const numberForms: readonly StepForm[] = [
  form('outliers', {
    group: 'Outliers',
    title: 'Outliers',
    about: 'Values far off are put at the edge, or their rows go.',
    also: 'clip winsorize iqr z score extreme',
    blank: { columns: [], by: 'iqr', factor: 1.5, action: 'clip', fit: 'all' },
    fields: [
      numbers,
      {
        kind: 'choice',
        key: 'by',
        label: 'Told by',
        options: [
          { value: 'iqr', label: 'The distance of the quartiles (IQR)' },
          { value: 'z', label: 'Standard deviations (z)' },
        ],
      },
      { kind: 'number', key: 'factor', label: 'Beyond so many times it', min: 0.01, max: 100 },
      {
        kind: 'choice',
        key: 'action',
        label: 'Then',
        options: [
          { value: 'clip', label: 'Put the value at the edge' },
          { value: 'drop', label: 'Leave the row out' },
        ],
      },
      FIT,
    ],
  }),
  form('encode', {
    group: 'Encode and scale',
    title: 'Encode categories',
    about: 'As columns of 0 and 1, or as numbers.',
    also: 'one-hot dummy ordinal label',
    blank: { columns: [], as: { kind: 'one-hot', limit: 20 }, fit: 'all' },
    fields: [
      { kind: 'columns', key: 'columns', label: 'Columns' },
      {
        kind: 'ways',
        key: 'as',
        label: 'As',
        ways: [
          {
            kind: 'one-hot',
            label: 'A column of 0 and 1 for each category',
            blank: { limit: 20 },
            fields: [
              {
                kind: 'number',
                key: 'limit',
                label: 'Most frequent, at most',
                min: 1,
                max: 200,
                whole: true,
              },
            ],
          },
          {
            kind: 'ordinal',
            label: 'Numbers',
            blank: { order: null },
            fields: [
              {
                kind: 'words',
                key: 'order',
                label: 'In this order',
                placeholder: 'Category, then Enter',
                none: 'Of the alphabet',
              },
            ],
          },
        ],
      },
      FIT,
    ],
  }),
  form('scale', {
    group: 'Encode and scale',
    title: 'Scale numbers',
    about: 'From 0 to 1, or to mean 0 and standard deviation 1.',
    also: 'normalize standardize min-max',
    blank: { columns: [], to: 'standard', fit: 'all' },
    fields: [
      numbers,
      {
        kind: 'choice',
        key: 'to',
        label: 'To',
        options: [
          { value: 'standard', label: 'Mean 0 and standard deviation 1' },
          { value: 'min-max', label: '0 to 1' },
        ],
      },
      FIT,
    ],
  }),
  form('bucket', {
    group: 'Encode and scale',
    title: 'Put numbers into buckets',
    about: 'Of the same width, the same number of rows, or with edges of your own.',
    also: 'bin quantile histogram discretize',
    blank: { column: '', into: '', by: { kind: 'quantile', count: 4 }, fit: 'all' },
    fields: [
      { kind: 'column', key: 'column', label: 'Column', accepts: 'number' },
      { kind: 'text', key: 'into', label: 'Name of the new column' },
      {
        kind: 'ways',
        key: 'by',
        label: 'Buckets of',
        ways: [
          { kind: 'quantile', label: 'The same number of rows', blank: { count: 4 }, fields: [buckets] },
          { kind: 'equal-width', label: 'The same width', blank: { count: 10 }, fields: [buckets] },
          {
            kind: 'edges',
            label: 'Edges of your own',
            blank: { edges: [] },
            fields: [
              { kind: 'numbers', key: 'edges', label: 'Lower edges, rising', placeholder: '0; 10; 100' },
            ],
          },
        ],
      },
      FIT,
    ],
  }),
];
