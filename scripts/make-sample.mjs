// Makes assets/sample/shop-orders.csv: a small table with the troubles of a big one. Same seed, same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SEED = 20_260_301;
const ORDERS = 1900;

export const SAMPLE = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  'assets',
  'sample',
  'shop-orders.csv',
);

const NAMES = [
  'Zoë Müller',
  'José García',
  'François Lefèvre',
  'Åsa Lindström',
  'Søren Kjær',
  'Inês Gonçalves',
  'Jürgen Groß',
  'Amélie Dubois',
  "Niamh O'Brien",
  'Luca Rossi',
  'Hannah Schäfer',
  'Mária Kovács',
  'Björn Öberg',
  'Chloé Martin',
  'Tom Baker',
  'Aisha Khan',
  'Emma Jansen',
  'Raúl Peña',
  'Ana Conceição',
  'Grace Kelly',
];
const CITIES = [
  ['Köln', '50667'],
  ['Málaga', '29001'],
  ['Dresden', '01067'],
  ['Genève', '01201'],
  ['Århus', '08000'],
  ['Nîmes', '30000'],
  ['Leipzig', '04109'],
  ['São Brás', '08150'],
  ['Besançon', '25000'],
  ['Utrecht', '03511'],
];
const PRODUCTS = [
  ['Desk lamp', 39.9],
  ['Espresso machine', 1249],
  ['Café table, round', 189.5],
  ['Wool blanket "Alma"', 74.95],
  ['Oak shelf 180 cm', 329],
  ['Garden bench', 459],
  ['Linen curtain', 58.4],
  ['Crème brûlée set', 42.5],
  ['Standing desk', 1899],
  ['Door mat', 19.9],
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const NOTES = [
  '',
  '',
  '',
  '',
  '',
  '',
  'gift',
  'leave with neighbour',
  'call first',
  'second try:\r\nring twice',
  'paid by "voucher"',
  'N/A',
];

/** @param {number} seed @returns {() => number} in [0, 1): mulberry32 */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** @param {number} value with thousands separators and two decimals */
const money = (value) => value.toFixed(2).replace(/\B(?=(\d{3})+\.)/g, ',');

/** @returns {Buffer} the sample, in Latin-1 with CRLF line ends */
export function makeSample() {
  const next = random(SEED);
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit);
  /** @template T @param {readonly T[]} from @returns {T} */
  const pick = (from) => /** @type {T} */ (from[below(from.length)]);

  const lines = ['Shop orders export', 'Created by: Back office,,,', 'Period: 2026-01-01 to 2026-12-31', ''];
  lines.push(
    'Order No,Customer No,Customer,City,Postcode,Order date,Product,Quantity,Unit price,Total,Paid,Note',
  );
  for (let index = 0; index < ORDERS; index += 1) {
    const [city, postcode] = /** @type {[string, string]} */ (pick(CITIES));
    const [product, price] = /** @type {[string, number]} */ (pick(PRODUCTS));
    const quantity = 1 + below(next() < 0.1 ? 40 : 4);
    const name = pick(NAMES);
    const fields = [
      `000${String(10_000 + index)}`,
      String(1 + below(900)).padStart(6, '0'),
      next() < 0.08 ? ` ${name.toUpperCase()} ` : name,
      next() < 0.04 ? '' : city,
      postcode,
      date(1 + below(12), 1 + below(28), below(3)),
      product,
      String(quantity),
      money(price),
      next() < 0.02 ? '-' : money(price * quantity),
      pick(['yes', 'no', 'Yes', 'NO', 'yes']),
      pick(NOTES),
    ];
    const line = fields.map(quoted).join(',');
    lines.push(line);
    if (next() < 0.02) lines.push(line);
    // A row that lost its end, as an export does when a field is cut.
    if (index % 631 === 630) lines.push(fields.slice(0, 5).map(quoted).join(','));
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}

/** @param {number} month @param {number} day @param {number} form */
function date(month, day, form) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  if (form === 0) return `2026-${two(month)}-${two(day)}`;
  if (form === 1) return `${two(day)}/${two(month)}/2026`;
  return `${day} ${MONTHS[month - 1]} 2026`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  mkdirSync(dirname(SAMPLE), { recursive: true });
  writeFileSync(SAMPLE, makeSample());
}
