import { form, type StepForm } from './form.ts';

export const sqlForms: readonly StepForm[] = [
  form('sql', {
    group: 'SQL',
    title: 'SQL',
    about: 'One SELECT over the table data, which holds the rows so far.',
    also: 'query select expert custom',
    blank: { sql: 'SELECT * FROM data' },
    fields: [
      {
        kind: 'text',
        key: 'sql',
        label: 'SELECT over data',
        description: 'It can only compute: files and the network are out of its reach.',
        mono: true,
        long: true,
      },
    ],
  }),
];
