import { form, type StepForm } from './form.ts';

const texts = { kind: 'columns', key: 'columns', label: 'Columns', accepts: 'text' } as const;

/** Ways to write a date that are met most. */
const DATE_FORMATS = [
  { value: '%Y-%m-%d', label: '2026-03-31' },
  { value: '%d.%m.%Y', label: '31.03.2026' },
  { value: '%d/%m/%Y', label: '31/03/2026' },
  { value: '%m/%d/%Y', label: '03/31/2026' },
  { value: '%Y%m%d', label: '20260331' },
  { value: '%d %b %Y', label: '31 Mar 2026' },
  { value: '%B %d, %Y', label: 'March 31, 2026' },
  { value: '%Y-%m-%d %H:%M:%S', label: '2026-03-31 14:05:00' },
  { value: '%Y-%m-%dT%H:%M:%S', label: '2026-03-31T14:05:00' },
  { value: '%d.%m.%Y %H:%M', label: '31.03.2026 14:05' },
  { value: '%m/%d/%Y %I:%M %p', label: '03/31/2026 02:05 PM' },
] as const;

export const typeForms: readonly StepForm[] = [
  form('real-types', {
    group: 'Types',
    title: 'Real types',
    about: 'Numbers, dates and yes-or-no columns become just that; what does not fit is counted.',
    also: 'detect infer automatic parse',
  }),
  form('parse-number', {
    group: 'Types',
    title: 'Read as number',
    about: 'With the signs you say.',
    also: 'parse integer decimal convert cast',
    blank: { columns: [], whole: false, point: '.', thousands: null },
    fields: [
      texts,
      { kind: 'flag', key: 'whole', label: 'Whole numbers' },
      {
        kind: 'choice',
        key: 'point',
        label: 'Decimal sign',
        options: [
          { value: '.', label: 'Point, as in 1.5' },
          { value: ',', label: 'Comma, as in 1,5' },
        ],
      },
      {
        kind: 'choice',
        key: 'thousands',
        label: 'Between thousands',
        none: 'Nothing',
        options: [
          { value: ',', label: 'Comma' },
          { value: '.', label: 'Point' },
          { value: ' ', label: 'Blank' },
          { value: "'", label: "Apostrophe (')" },
          { value: '’', label: 'Apostrophe (’)' },
          { value: '\u00a0', label: 'No-break blank' },
          { value: '\u202f', label: 'Narrow no-break blank' },
        ],
      },
    ],
  }),
  form('parse-date', {
    group: 'Types',
    title: 'Read as date',
    about: 'In the ways of writing you say, tried in their order.',
    also: 'parse time timestamp convert',
    blank: { columns: [], formats: ['%Y-%m-%d'] },
    fields: [
      texts,
      {
        kind: 'words',
        key: 'formats',
        label: 'Written as',
        description: 'Choose, or write a pattern: %d day, %m month, %Y year, %H:%M time.',
        placeholder: 'Another way',
        options: DATE_FORMATS,
      },
    ],
  }),
  form('parse-boolean', {
    group: 'Types',
    title: 'Read as yes or no',
    about: 'In the words you say; anything else becomes missing and is counted.',
    also: 'parse boolean true false',
    blank: { columns: [], yes: ['yes', 'true', '1'], no: ['no', 'false', '0'] },
    fields: [
      texts,
      { kind: 'words', key: 'yes', label: 'Words for yes', placeholder: 'Word, then Enter' },
      { kind: 'words', key: 'no', label: 'Words for no', placeholder: 'Word, then Enter' },
    ],
  }),
  form('to-text', {
    group: 'Types',
    title: 'Make text',
    about: 'Numbers and dates become the text they are written as.',
    also: 'string convert cast',
    blank: { columns: [] },
    fields: [{ kind: 'columns', key: 'columns', label: 'Columns' }],
  }),
];
