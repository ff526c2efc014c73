import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dateForms,
  dateOrderOf,
  habitsOf,
  inferColumn,
  isLossy,
  patternOf,
} from '#internal/main/tables/types/index';

const neutral = { commaIsPoint: false, dateOrder: null } as const;
const typeOf = (values: string[], name = 'x', habits: Parameters<typeof inferColumn>[2] = neutral) =>
  inferColumn(name, values, habits);

describe('a column gets the type that loses nothing', () => {
  test.each([
    [['1', '2', '-30', '0'], { kind: 'integer', thousands: null }],
    [['1', 'NA', '', '-', 'null', '3'], { kind: 'integer', thousands: null }],
    [[' 1 ', '2\t'], { kind: 'integer', thousands: null }],
    [['1,234', '950', '12,345,678'], { kind: 'integer', thousands: ',' }],
    [['1 234', '12 345'], { kind: 'integer', thousands: ' ' }],
    [["1'234", "12'345"], { kind: 'integer', thousands: "'" }],
    [['1.5', '2', '-0.25'], { kind: 'decimal', point: '.', thousands: null }],
    [['1,5', '2', '-0,25'], { kind: 'decimal', point: ',', thousands: null }],
    [['1.234,50', '3,10'], { kind: 'decimal', point: ',', thousands: '.' }],
    [['1,234.50', '3.10'], { kind: 'decimal', point: '.', thousands: ',' }],
    [['1,23,456', '12,34,567', '950'], { kind: 'integer', thousands: ',' }],
    [['1,00,000.50', '99.25'], { kind: 'decimal', point: '.', thousands: ',' }],
    [['1\u202f234,50', '3,10'], { kind: 'decimal', point: ',', thousands: '\u202f' }],
    [['$1,200.50', '-$3.00', '$ 7.25'], { kind: 'decimal', point: '.', thousands: ',', unit: '$' }],
    [['1.200,50 €', '3,00 €'], { kind: 'decimal', point: ',', thousands: '.', unit: '€' }],
    [['R$ 4,59', 'R$ 8,90'], { kind: 'decimal', point: ',', thousands: null, unit: 'R$' }],
    [['EUR 12', 'EUR 7'], { kind: 'integer', thousands: null, unit: 'EUR' }],
    [['12.5%', '7%', '-0.25 %'], { kind: 'decimal', point: '.', thousands: null, unit: '%' }],
    [['1,200.00', '(75.00)', '3.10'], { kind: 'decimal', point: '.', thousands: ',', accounting: true }],
    [['980,00-', '1.234,50'], { kind: 'decimal', point: ',', thousands: '.', accounting: true }],
    [['5', 'k.A.', '7', 'K.A.'], { kind: 'integer', thousands: null, nulls: ['k.a.'] }],
    [['5. März 2024', '12. Dezember 2023'], { kind: 'date', formats: ['%d. %b %Y'], months: 'de' }],
    [['5 février 2024', '1er août 2023'], { kind: 'date', formats: ['%d %b %Y'], months: 'fr' }],
    [['5 de enero de 2024', '12 de agosto de 2023'], { kind: 'date', formats: ['%d %b %Y'], months: 'es' }],
    [['5 января 2024', '12 декабря 2023'], { kind: 'date', formats: ['%d %b %Y'], months: 'ru' }],
    [['January 5th, 2024', 'March 1st, 2024'], { kind: 'date', formats: ['%b %d, %Y'], months: 'en' }],
    [['2024年1月5日', '2024年12月31日'], { kind: 'date', formats: ['%Y年%m月%d日'] }],
    [['2024.01.05.', '2024.12.31.'], { kind: 'date', formats: ['%Y.%m.%d.'] }],
    [['05/Jan/2024:10:11:12 +0000'], { kind: 'timestamp', formats: ['%d/%b/%Y:%H:%M:%S %z'] }],
    [['31.01.2024, 10:11'], { kind: 'timestamp', formats: ['%d.%m.%Y, %H:%M'] }],
    [['31.01.2024 10.11.12'], { kind: 'timestamp', formats: ['%d.%m.%Y %H.%M.%S'] }],
    [['2024-01-05 10:11:12,123'], { kind: 'timestamp', formats: ['%Y-%m-%d %H:%M:%S,%f'] }],
    [['tak', 'nie'], { kind: 'boolean', yes: ['tak'], no: ['nie'] }],
    [['1.5e-3', '2.25E+10'], { kind: 'decimal', point: '.', thousands: null }],
    [['yes', 'No', 'YES'], { kind: 'boolean', yes: ['yes'], no: ['no'] }],
    [['ja', 'nein'], { kind: 'boolean', yes: ['ja'], no: ['nein'] }],
    [['true', 'true'], { kind: 'boolean', yes: ['true'], no: ['false'] }],
    [['2024-01-05', '2023-12-31'], { kind: 'date', formats: ['%Y-%m-%d'] }],
    [['5 Jan 2024', '12 May 2023'], { kind: 'date', formats: ['%d %b %Y'] }],
    [['5 January 2024', '12 May 2023'], { kind: 'date', formats: ['%d %B %Y'] }],
    [['January 5, 2024'], { kind: 'date', formats: ['%B %d, %Y'] }],
    [['05-Jan-24', '12-Feb-24'], { kind: 'date', formats: ['%d-%b-%y'] }],
    [['05JAN2024'], { kind: 'date', formats: ['%d%b%Y'] }],
    [['Fri, 05 Jan 2024'], { kind: 'date', formats: ['%a, %d %b %Y'] }],
    [['13/02/2024', '01/02/2024'], { kind: 'date', formats: ['%d/%m/%Y'] }],
    [['02/13/2024', '01/02/2024'], { kind: 'date', formats: ['%m/%d/%Y'] }],
    [
      ['2024-01-05 10:00', '2024-01-05 10:00:30'],
      { kind: 'timestamp', formats: ['%Y-%m-%d %H:%M', '%Y-%m-%d %H:%M:%S'] },
    ],
    [['2024-01-05T10:00:00Z'], { kind: 'timestamp', formats: ['%Y-%m-%dT%H:%M:%SZ'] }],
    [['2024-01-05T10:00:00.123+02:00'], { kind: 'timestamp', formats: ['%Y-%m-%dT%H:%M:%S.%f%z'] }],
    [['1/15/2024 3:05 PM'], { kind: 'timestamp', formats: ['%m/%d/%Y %I:%M %p'] }],
  ])('%j', (values, type) => {
    expect(typeOf(values).type).toEqual(type);
  });

  test.each([
    [['00123', '00456']],
    [['1', '2', '03']],
    [['12345678901234567', '1']],
    [['1E5', '2E3']],
    [['3-4', '5-6']],
    [['+49171123456', '+49171123457']],
    [['0171-1234', '0171-5678']],
    [['555-1234', '555-9876']],
    [['1,23', '1.23', '1,2,3']],
    [['10:30', '11:45']],
    [['31/02/2024', '30/02/2024']],
    [['13/02/2024', '02/13/2024']],
    [['yes', 'maybe', 'no']],
    [['no', 'no']],
    [['', 'NA', '-']],
    [['12 €', '15 $']],
    [['12%', '15']],
    [['unknown', 'unknown', 'Anna']],
    [['007 €', '012 €']],
    [['31 février 2024']],
    [['1.', '2.', '3.']],
    [['192.168.0.1', '10.0.0.1']],
    [['v1.2', 'v1.3']],
  ])('text stays text: %j', (values) => {
    expect(typeOf(values).type).toEqual({ kind: 'text' });
  });

  test('digits under a name of codes are no quantity', () => {
    expect(typeOf(['4917112345', '4917198765'], 'Phone').type.kind).toBe('text');
    expect(typeOf(['10115', '80331'], 'PLZ').type.kind).toBe('text');
    expect(typeOf(['20240105', '20231231'], 'order_date').type).toEqual({
      kind: 'date',
      formats: ['%Y%m%d'],
    });
    expect(typeOf(['20240105', '20231231'], 'order').type.kind).toBe('integer');
  });

  test('one in a hundred may not fit, no more', () => {
    const numbers = Array.from({ length: 199 }, (_, at) => String(at));
    expect(typeOf([...numbers, 'x']).type.kind).toBe('integer');
    expect(typeOf([...numbers.slice(0, 50), 'x']).type.kind).toBe('text');
  });

  test('what could be read in two ways is said aloud', () => {
    const dates = typeOf(['01/02/2024', '03/04/2024']);
    expect(dates).toMatchObject({ type: { formats: ['%d/%m/%Y'] }, ambiguousDates: true });
    expect(dates.note).toContain('day first');
    const asElsewhere = typeOf(['01/02/2024'], 'x', { commaIsPoint: false, dateOrder: 'mdy' });
    expect(asElsewhere).toMatchObject({ type: { formats: ['%m/%d/%Y'] }, ambiguousDates: false });
    expect(typeOf(['1.234', '5.678']).note).toContain('1.234');
    expect(typeOf(['1.234', '5.678']).type).toMatchObject({ kind: 'decimal' });
    expect(typeOf(['1.234', '5.678'], 'x', { commaIsPoint: true, dateOrder: null }).type).toMatchObject({
      kind: 'integer',
    });
    expect(typeOf(['05.01.24', '06.02.24']).note).toContain('1969 to 2068');
  });

  test('where the file leaves doubt a person decides, and else the locale', () => {
    const values = ['01/02/2024', '03/04/2024'];
    const by = (assumed: NonNullable<Parameters<typeof inferColumn>[2]['assumed']>) =>
      typeOf(values, 'x', { ...neutral, assumed });
    expect(by({ order: 'mdy', by: 'person' })).toMatchObject({
      type: { formats: ['%m/%d/%Y'] },
      ambiguousDates: false,
    });
    const local = by({ order: 'mdy', by: 'locale' });
    expect(local).toMatchObject({ type: { formats: ['%m/%d/%Y'] }, ambiguousDates: true });
    expect(local.note).toContain('month first');
    expect(local.note).toContain('locale');
    expect(typeOf(['13/02/2024'], 'x', { ...neutral, assumed: { order: 'mdy', by: 'person' } }).type).toEqual(
      {
        kind: 'date',
        formats: ['%d/%m/%Y'],
      },
    );
    expect(dateOrderOf({ LANG: 'en_US.UTF-8' })).toBe('mdy');
    expect(dateOrderOf({ LANG: 'en_US.UTF-8', LC_ALL: 'en_GB.UTF-8' })).toBe('dmy');
    expect(dateOrderOf({ LANG: 'de_DE@euro' })).toBe('dmy');
    for (const LANG of ['C', 'C.UTF-8', 'POSIX', '']) expect(dateOrderOf({ LANG })).toBeNull();
  });

  test('the other columns of a file tell what one leaves open', () => {
    const columns = [
      { name: 'a', cells: ['1,5', '2,25'] },
      { name: 'b', cells: ['12/25/2023', '01/02/2024'] },
    ];
    expect(habitsOf(columns)).toEqual({ commaIsPoint: true, dateOrder: 'mdy' });
    expect(habitsOf([])).toEqual({ commaIsPoint: false, dateOrder: null });
  });
});

test('no text of digits that would change as a number is taken for one', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[0-9]{1,20}$/), { minLength: 1, maxLength: 5 }), (values) => {
      const { type } = typeOf(values);
      if (type.kind !== 'integer') return;
      for (const value of values) expect(String(Number(value))).toBe(value);
    }),
  );
  expect(isLossy('0')).toBe(false);
});

test('a pattern matches every text its form was read from', () => {
  const texts = [
    '2024-01-05',
    '5.1.2024',
    '05/01/24',
    '5 Jan 2024 10:30',
    'May 5, 2024',
    '2024-01-05T10:00:00.5+0200',
  ];
  for (const text of texts) {
    const forms = dateForms(text);
    expect(forms.length, text).toBeGreaterThan(0);
    for (const { pattern } of forms) expect(text).toMatch(new RegExp(`^(?:${patternOf(pattern)})$`));
  }
});
