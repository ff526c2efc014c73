import type { RecipeStep } from '#shared/domain';

/** A table in which every step finds something to do. */
export const people = `id,name,city,joined,amount,score,active,tags,when
1, Anna ,Berlin,2024-01-05,10.50,1,yes,a;b;c,05.01.2024
2,Bob,Paris,2024-02-10,20.00,2,no,a;b,10.02.2024
3,bob,,2024-03-15,,3,yes,,15.03.2024
4,Carla,Berlin,2024-04-20,40.25,,no,x,20.04.2024
5,Dirk,Rome,2024-05-25,1000.00,5,yes,a;b;c;d,25.05.2024
5,Dirk,Rome,2024-05-25,1000.00,5,yes,a;b;c;d,25.05.2024
6,Eva,Berlin,2024-06-30,30.75,2,no,,30.06.2024
7,,Paris,,15.00,4,yes,b,31.02.2024
`;

/** Another file, for joins and for what comes below. */
export const cities = `city,country,id
Berlin,Germany,1
Paris,France,2
Paris,Texas,3
Oslo,Norway,4
`;

export interface StepCase {
  readonly name: string;
  /** Before it: as text unless said otherwise. */
  readonly typed?: boolean;
  readonly before?: readonly RecipeStep[];
  readonly step: RecipeStep;
}

const split: RecipeStep = { kind: 'split-train-test', share: 0.25, target: null, into: 'split', seed: 7 };

export const cases: readonly StepCase[] = [
  { name: 'choose-columns', step: { kind: 'choose-columns', columns: ['name', 'id'] } },
  { name: 'drop-columns', step: { kind: 'drop-columns', columns: ['tags', 'when', 'active'] } },
  { name: 'rename-columns', step: { kind: 'rename-columns', names: [{ from: 'name', to: 'rowid' }] } },
  { name: 'reorder-columns', step: { kind: 'reorder-columns', columns: ['when', 'id'] } },
  { name: 'trim', step: { kind: 'trim' } },
  { name: 'trim-some', step: { kind: 'trim', columns: ['name'] } },
  { name: 'empty-to-null', step: { kind: 'empty-to-null' } },
  { name: 'change-case', step: { kind: 'change-case', columns: ['name'], to: 'upper' } },
  {
    name: 'replace-text',
    step: {
      kind: 'replace-text',
      columns: ['city'],
      match: 'text',
      find: 'Berl',
      with: "O'B\\1",
      ignoreCase: false,
    },
  },
  {
    name: 'replace-text-any-case',
    step: {
      kind: 'replace-text',
      columns: ['name'],
      match: 'text',
      find: 'B',
      with: '\\1',
      ignoreCase: true,
    },
  },
  {
    name: 'replace-text-cell',
    step: {
      kind: 'replace-text',
      columns: ['name'],
      match: 'whole-cell',
      find: 'BOB',
      with: 'Robert',
      ignoreCase: true,
    },
  },
  {
    name: 'replace-text-pattern',
    step: {
      kind: 'replace-text',
      columns: ['when'],
      match: 'pattern',
      find: '^(\\d+)\\.(\\d+)\\.',
      with: '\\2/\\1/',
      ignoreCase: false,
    },
  },
  {
    name: 'split-column',
    step: { kind: 'split-column', column: 'tags', separator: ';', into: ['first', 'rest'], keep: true },
  },
  {
    name: 'merge-columns',
    step: { kind: 'merge-columns', columns: ['name', 'city'], separator: ', ', into: 'who', keep: false },
  },
  { name: 'real-types', step: { kind: 'real-types' } },
  {
    name: 'parse-number',
    step: { kind: 'parse-number', columns: ['amount'], whole: false, point: '.', thousands: null },
  },
  { name: 'parse-date', step: { kind: 'parse-date', columns: ['when'], formats: ['%d.%m.%Y'] } },
  { name: 'parse-boolean', step: { kind: 'parse-boolean', columns: ['active'], yes: ['yes'], no: ['no'] } },
  { name: 'to-text', typed: true, step: { kind: 'to-text', columns: ['amount', 'joined'] } },
  {
    name: 'fill-missing-constant',
    typed: true,
    step: { kind: 'fill-missing', columns: ['amount'], with: { kind: 'constant', value: 0 }, fit: 'all' },
  },
  {
    name: 'fill-missing-mean',
    typed: true,
    step: { kind: 'fill-missing', columns: ['amount', 'score'], with: { kind: 'mean' }, fit: 'all' },
  },
  {
    name: 'fill-missing-median',
    typed: true,
    before: [split],
    step: { kind: 'fill-missing', columns: ['score'], with: { kind: 'median' }, fit: 'train' },
  },
  {
    name: 'fill-missing-mode',
    typed: true,
    step: { kind: 'fill-missing', columns: ['city', 'joined', 'amount'], with: { kind: 'mode' }, fit: 'all' },
  },
  {
    name: 'fill-missing-previous',
    typed: true,
    step: { kind: 'fill-missing', columns: ['city', 'amount'], with: { kind: 'previous' }, fit: 'all' },
  },
  { name: 'drop-missing', step: { kind: 'drop-missing', columns: ['city', 'amount'], when: 'any' } },
  { name: 'drop-missing-all', step: { kind: 'drop-missing', columns: ['city', 'amount'], when: 'all' } },
  { name: 'drop-exact-duplicates', step: { kind: 'drop-exact-duplicates' } },
  { name: 'drop-duplicates', step: { kind: 'drop-duplicates', keys: ['city'], keep: 'last' } },
  {
    name: 'filter',
    typed: true,
    step: {
      kind: 'filter',
      where: {
        any: [
          {
            all: [
              { column: 'amount', is: 'between', low: 15, high: '30.75' },
              { column: 'active', is: 'equal', value: false },
            ],
          },
          { column: 'joined', is: 'at-least', value: '2024-05-01' },
          { not: { column: 'city', is: 'one-of', values: ['Berlin', 'Paris', 'Rome'] } },
        ],
      },
    },
  },
  {
    name: 'filter-text',
    step: {
      kind: 'filter',
      where: {
        all: [
          { column: 'name', is: 'matches', value: '(?i)^\\s*[ab]' },
          { column: 'city', is: 'present' },
        ],
      },
    },
  },
  {
    name: 'derive',
    typed: true,
    step: { kind: 'derive', name: 'ratio', expression: 'amount / (score - 2)' },
  },
  {
    name: 'derive-over',
    typed: true,
    step: { kind: 'derive', name: 'name', expression: "upper(trim(name)) || '!'" },
  },
  {
    name: 'outliers-clip',
    typed: true,
    step: { kind: 'outliers', columns: ['amount'], by: 'iqr', factor: 1.5, action: 'clip', fit: 'all' },
  },
  {
    name: 'outliers-drop',
    typed: true,
    step: { kind: 'outliers', columns: ['amount'], by: 'z', factor: 1, action: 'drop', fit: 'all' },
  },
  {
    name: 'bucket-width',
    typed: true,
    step: {
      kind: 'bucket',
      column: 'score',
      into: 'level',
      by: { kind: 'equal-width', count: 4 },
      fit: 'all',
    },
  },
  {
    name: 'bucket-quantile',
    typed: true,
    step: {
      kind: 'bucket',
      column: 'amount',
      into: 'amount',
      by: { kind: 'quantile', count: 3 },
      fit: 'all',
    },
  },
  {
    name: 'bucket-edges',
    typed: true,
    step: {
      kind: 'bucket',
      column: 'amount',
      into: 'size',
      by: { kind: 'edges', edges: [-1, 20, 500] },
      fit: 'all',
    },
  },
  {
    name: 'encode-one-hot',
    typed: true,
    step: { kind: 'encode', columns: ['city'], as: { kind: 'one-hot', limit: 2 }, fit: 'all' },
  },
  {
    name: 'encode-ordinal',
    typed: true,
    step: { kind: 'encode', columns: ['city', 'active'], as: { kind: 'ordinal', order: null }, fit: 'all' },
  },
  {
    name: 'scale-min-max',
    typed: true,
    step: { kind: 'scale', columns: ['score'], to: 'min-max', fit: 'all' },
  },
  {
    name: 'scale-standard',
    typed: true,
    before: [split],
    step: { kind: 'scale', columns: ['amount'], to: 'standard', fit: 'train' },
  },
  {
    name: 'group',
    typed: true,
    step: {
      kind: 'group',
      by: ['city'],
      measures: [
        { measure: 'count', column: null, into: 'n' },
        { measure: 'count-present', column: 'amount', into: 'with amount' },
        { measure: 'count-distinct', column: 'active', into: 'kinds' },
        { measure: 'sum', column: 'score', into: 'total' },
        { measure: 'mean', column: 'amount', into: 'mean' },
        { measure: 'median', column: 'amount', into: 'median' },
        { measure: 'smallest', column: 'joined', into: 'first day' },
        { measure: 'largest', column: 'name', into: 'last name' },
        { measure: 'deviation', column: 'amount', into: 'deviation' },
        { measure: 'first', column: 'name', into: 'first' },
        { measure: 'last', column: 'name', into: 'last' },
      ],
    },
  },
  {
    name: 'pivot',
    typed: true,
    step: { kind: 'pivot', rows: ['active'], column: 'city', measure: 'sum', value: 'score', limit: 10 },
  },
  {
    name: 'unpivot',
    typed: true,
    before: [{ kind: 'choose-columns', columns: ['id', 'amount', 'score', 'city'] }],
    step: { kind: 'unpivot', columns: ['amount', 'score'], name: 'what', value: 'how much' },
  },
  {
    name: 'join-inner',
    step: {
      kind: 'join',
      with: 'cities',
      how: 'inner',
      keys: [{ left: 'city', right: 'city' }],
      suffix: '_2',
    },
  },
  {
    name: 'join-left',
    typed: true,
    step: {
      kind: 'join',
      with: 'cities',
      how: 'left',
      keys: [{ left: 'id', right: 'id' }],
      suffix: '_theirs',
    },
  },
  {
    name: 'join-right',
    step: {
      kind: 'join',
      with: 'cities',
      how: 'right',
      keys: [{ left: 'city', right: 'city' }],
      suffix: '_2',
    },
  },
  {
    name: 'join-full',
    step: {
      kind: 'join',
      with: 'cities',
      how: 'full',
      keys: [{ left: 'city', right: 'city' }],
      suffix: '_2',
    },
  },
  {
    name: 'join-anti',
    step: {
      kind: 'join',
      with: 'cities',
      how: 'anti',
      keys: [{ left: 'city', right: 'city' }],
      suffix: '_2',
    },
  },
  {
    name: 'append',
    before: [{ kind: 'choose-columns', columns: ['id', 'city'] }],
    step: { kind: 'append', with: 'cities' },
  },
  {
    name: 'sort',
    typed: true,
    step: {
      kind: 'sort',
      by: [
        { column: 'city', descending: true },
        { column: 'amount', descending: false },
      ],
    },
  },
  { name: 'limit', step: { kind: 'limit', rows: 2, skip: 3 } },
  { name: 'sample-rows', step: { kind: 'sample', size: { kind: 'rows', rows: 3 }, seed: 1 } },
  { name: 'sample-share', step: { kind: 'sample', size: { kind: 'share', share: 0.5 }, seed: 1 } },
  {
    name: 'split-train-test',
    typed: true,
    step: { kind: 'split-train-test', share: 0.25, target: 'active', into: 'split', seed: 1 },
  },
  {
    name: 'sql',
    typed: true,
    step: {
      kind: 'sql',
      sql: 'WITH big AS (SELECT * FROM data WHERE amount > 12) -- a comment\nSELECT city, count(*) AS n, sum(score) AS total FROM big GROUP BY ALL ORDER BY city',
    },
  },
];
