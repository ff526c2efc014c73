import { form, type StepForm } from './form.ts';

const seed = {
  kind: 'number',
  key: 'seed',
  label: 'Seed',
  description: 'The same seed draws the same rows.',
  min: 0,
  max: 4_294_967_295,
  whole: true,
} as const;

export const sampleForms: readonly StepForm[] = [
  form('sample', {
    group: 'Sample and split',
    title: 'Draw a sample',
    about: 'Rows by lot; they keep their order.',
    also: 'random subset',
    blank: { size: { kind: 'share', share: 0.1 }, seed: 1 },
    fields: [
      {
        kind: 'ways',
        key: 'size',
        label: 'How many',
        ways: [
          {
            kind: 'share',
            label: 'A share of the rows',
            blank: { share: 0.1 },
            fields: [{ kind: 'number', key: 'share', label: 'Share, %', min: 0.0001, max: 1, percent: true }],
          },
          {
            kind: 'rows',
            label: 'A number of rows',
            blank: { rows: 1000 },
            fields: [{ kind: 'number', key: 'rows', label: 'Rows', min: 1, whole: true }],
          },
        ],
      },
      seed,
    ],
  }),
  form('split-train-test', {
    group: 'Sample and split',
    title: 'Split into train and test',
    about: 'A column that says train or test, by lot.',
    also: 'model machine learning stratified holdout',
    blank: { share: 0.2, target: null, into: 'split', seed: 1 },
    fields: [
      { kind: 'number', key: 'share', label: 'For the test, %', min: 0.01, max: 0.99, percent: true },
      { kind: 'column', key: 'target', label: 'Evenly over', none: 'Any rows' },
      { kind: 'text', key: 'into', label: 'Name of the new column' },
      seed,
    ],
  }),
];
