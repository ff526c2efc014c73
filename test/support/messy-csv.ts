/**
 * A big table as it comes out of real life, made from a seed, with the truth about the clean table in it. Windows-1252,
 * lines above the header, line ends of two kinds, quoted line ends, rows too short and too long, thousands separators,
 * three ways to write a date in one column, exact duplicates (some but for stray blanks), ids with leading zeros.
 */
import { open } from 'node:fs/promises';

export interface MessyOptions {
  readonly seed: number;
  /** The file is at least as large. */
  readonly bytes: number;
}

export interface Truth {
  readonly seed: number;
  readonly bytes: number;
  /** Lines above the header. */
  readonly preambleLines: number;
  readonly delimiter: ',' | ';';
  readonly columns: readonly string[];
  /** Rows of the file, the rejected among them; as a run counts them. */
  readonly rowsIn: number;
  /** Rows of the clean table: trimmed, empty cells null, real types, exact duplicates out. */
  readonly rowsOut: number;
  readonly duplicates: number;
  /** Rows with a cell too many that is not empty. */
  readonly rejected: number;
  /** Rows with cells missing at their end, duplicates among them. */
  readonly short: number;
  /** Rows with a quoted line end. */
  readonly multiline: number;
  /** Amounts that are no number; null in the clean table. Duplicates among them. */
  readonly amountMisfits: number;

  // ---- of the clean table
  /** Sum of `hashText` over the ids, modulo 2^32: the order does not matter. */
  readonly idHash: number;
  readonly amountCents: number;
  readonly quantitySum: number;
  readonly paid: { readonly yes: number; readonly no: number };
  readonly rowsByYear: Readonly<Record<string, number>>;
  readonly rowsByCity: Readonly<Record<string, number>>;
  /** Null cells by column. */
  readonly nulls: Readonly<Record<string, number>>;
  /** Some rows with their place in the clean table, as its CSV has them; null is an absent cell. */
  readonly examples: readonly { readonly row: number; readonly cells: readonly (string | null)[] }[];
  /** The first rejected rows: their line in the file, from 1, and their text. */
  readonly rejects: readonly { readonly line: number; readonly byte: number; readonly raw: string }[];
}

const COLUMNS = [
  'Order ID',
  'Customer',
  'Product',
  'City',
  'Date',
  'Amount',
  'Quantity',
  'Paid',
  'Remark',
] as const;
const FIRST = [
  'Anna',
  'Björn',
  'Chloé',
  'Dörte',
  'Émile',
  'François',
  'Günther',
  'Hélène',
  'Inês',
  'Jürgen',
  'Kai',
  'Löwe',
];
const LAST = [
  'Müller',
  'Weiß',
  'García',
  'Núñez',
  'Schröder',
  'Lefèvre',
  'Smith',
  'Østergård',
  'Sjöberg',
  'Rossi',
];
const NAMES = FIRST.flatMap((first) => LAST.map((last) => `${first} ${last}`));
const CITIES = ['Köln', 'Zürich', 'Málaga', 'Orléans', 'Berlin', 'Århus', 'Paris', 'Gießen'];
const PRODUCTS = [
  'Écharpe en laine mérinos tissée à la main dans les Vosges',
  'Garden chair made of oiled acacia wood with brass fittings',
  'Kaffeemühle aus Gusseisen für 40 g Bohnen mit Schublade',
  'Waterproof hiking boots with a removable inner sole',
  'Lampe de chevet réglable à trois températures de lumière',
  'Fahrradtasche für den Gepäckträger mit Rollverschluß 25 l',
  'Set of six hand blown glasses in a padded cardboard box',
  'Mesa plegable de jardín con tablero de aluminio ligero',
];
const REMARKS = ['urgent', 'gift wrap', 'déjà vu', 'call before', 'große Kiste', 'second try'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** What the one-byte file has where the text has a sign beyond Latin-1. */
const EURO = '\u0080';

/** FNV-1a over the UTF-16 units of a text. @returns 0 to 2^32 - 1 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

interface Day {
  readonly iso: string;
  readonly year: string;
  readonly written: readonly [string, string, string];
}

function calendar(): Day[] {
  const days: Day[] = [];
  for (let at = Date.UTC(2019, 0, 1); at < Date.UTC(2025, 0, 1); at += 86_400_000) {
    const iso = new Date(at).toISOString().slice(0, 10);
    const [year = '', month = '', day = ''] = iso.split('-');
    const named = `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
    days.push({ iso, year, written: [iso, `${day}.${month}.${year}`, named] });
  }
  return days;
}

/** Numbers from 0 to below 2^32, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

interface Made {
  /** The row without its line end, in the file's own bytes as Latin-1. */
  readonly id: string;
  readonly rest: string;
  readonly lines: number;
  readonly isShort: boolean;
  readonly misfit: boolean;
}

/** Writes the file. @returns the truth about the table in it */
export async function writeMessyCsv(path: string, { seed, bytes }: MessyOptions): Promise<Truth> {
  const maker = new Maker(seed);
  const file = await open(path, 'w');
  try {
    let written = 0;
    for (let text = maker.head(); ; text = maker.rows(4000)) {
      const chunk = Buffer.from(text, 'latin1');
      await file.writeFile(chunk);
      written += chunk.length;
      maker.begin(written);
      if (written >= bytes) break;
    }
    return maker.truth(written);
  } finally {
    await file.close();
  }
}

class Maker {
  readonly #seed: number;
  readonly #random: () => number;
  readonly #days = calendar();
  readonly #european: boolean;
  readonly #delimiter: ',' | ';';
  /** Rows that may come again. */
  readonly #recent: Made[] = [];
  readonly #rowsByYear: Record<string, number> = {};
  readonly #rowsByCity: Record<string, number> = {};
  readonly #nulls: Record<string, number> = Object.fromEntries(COLUMNS.map((name) => [name, 0]));
  readonly #examples: { row: number; cells: (string | null)[] }[] = [];
  readonly #rejects: { line: number; byte: number; raw: string }[] = [];
  #line = 1;
  #byte = 0;
  #nextId = 1;
  #counts = { rowsIn: 0, rowsOut: 0, duplicates: 0, rejected: 0, short: 0, multiline: 0, amountMisfits: 0 };
  #sums = { idHash: 0, amountCents: 0, quantitySum: 0, yes: 0, no: 0 };
  #last: () => (string | null)[] = () => [];

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = randomOf(seed);
    this.#european = seed % 2 === 1;
    this.#delimiter = this.#european ? ';' : ',';
  }

  head(): string {
    const lines = [
      'Order export, all regions',
      'Créé le 5 mai 2024 (Größe: alle)',
      '',
      COLUMNS.join(this.#delimiter),
    ];
    this.#line += lines.length;
    return lines.map((line) => `${line}\r\n`).join('');
  }

  begin(byte: number): void {
    this.#byte = byte;
  }

  rows(count: number): string {
    let text = '';
    for (let row = 0; row < count; row += 1) text += this.#row();
    return text;
  }

  /** One row with its line end. */
  #row(): string {
    const chance = this.#random() % 10_000;
    const end = this.#random() % 10 < 3 ? '\n' : '\r\n';
    let text: string;
    if (chance < 120 && this.#recent.length > 0) text = this.#again() + end;
    else if (chance < 125) text = this.#tooLong() + end;
    else text = this.#fresh(chance) + end;
    this.#byte += text.length;
    return text;
  }

  #again(): string {
    const made = this.#recent[this.#random() % this.#recent.length];
    if (made === undefined) return this.#fresh(9999);
    this.#counts.rowsIn += 1;
    this.#counts.duplicates += 1;
    if (made.isShort) this.#counts.short += 1;
    if (made.misfit) this.#counts.amountMisfits += 1;
    if (made.lines > 1) this.#counts.multiline += 1;
    this.#line += made.lines;
    // A stray blank makes no other row of it: it is trimmed off.
    return `${made.id}${this.#random() % 4 === 0 ? ' ' : ''}${made.rest}`;
  }

  #tooLong(): string {
    const d = this.#delimiter;
    const raw = `${this.#id()}${d}Émile Weiß${d}Écharpe${d}Köln${d}2024-01-05${d}12${d}1${d}yes${d}one${d}two`;
    this.#counts.rowsIn += 1;
    this.#counts.rejected += 1;
    if (this.#rejects.length < 20) this.#rejects.push({ line: this.#line, byte: this.#byte, raw });
    this.#line += 1;
    return raw;
  }

  #id(): string {
    const id = String(this.#nextId).padStart(10, '0');
    this.#nextId += 1;
    return id;
  }

  #fresh(chance: number): string {
    const d = this.#delimiter;
    const random = this.#random;
    const id = this.#id();
    const name = NAMES[random() % NAMES.length] ?? '';
    const product = PRODUCTS[random() % PRODUCTS.length] ?? '';
    const city = CITIES[random() % CITIES.length] ?? '';
    const day = random() % 50 === 0 ? null : (this.#days[random() % this.#days.length] ?? null);
    const amount = this.#amount(random());
    const quantity = random() % 20 === 0 ? null : random() % 500;
    const isShort = chance < 175;
    const cut = isShort ? random() % 2 : 2;
    const paid = cut === 0 ? null : random() % 3 !== 0;
    const remark = cut < 2 ? { written: '', clean: null, lines: 1 } : this.#remark(random());

    const stray = random() % 16;
    const customer = stray === 0 ? ` ${name}` : stray === 1 ? `${name}  ` : name;
    let rest = `${d}${customer}${d}${product}${d}${stray === 2 ? `${city} ` : city}${d}${day === null ? '' : (day.written[random() % 3] ?? '')}`;
    rest += `${d}${amount.written}${d}${quantity ?? ''}`;
    if (cut > 0) rest += `${d}${paid === true ? 'yes' : 'no'}`;
    if (cut > 1) rest += `${d}${remark.written}`;
    // Empty cells beyond the last column do no harm.
    if (cut > 1 && chance >= 9990) rest += `${d}${d}`;

    this.#keep({ id, rest, lines: remark.lines, isShort, misfit: amount.misfit });
    this.#count(isShort, remark.lines, amount.misfit);
    this.#sum({
      id,
      city,
      year: day?.year ?? null,
      cents: amount.cents,
      quantity,
      paid,
      remark: remark.clean,
    });
    const cells = (): (string | null)[] => [
      id,
      name,
      product,
      city,
      day?.iso ?? null,
      amount.cents === null ? null : decimals(amount.cents),
      quantity === null ? null : String(quantity),
      paid === null ? null : String(paid),
      remark.clean,
    ];
    this.#last = cells;
    const row = this.#counts.rowsOut - 1;
    if (row < 5 || (row % 9973 === 0 && this.#examples.length < 60))
      this.#examples.push({ row, cells: cells() });
    this.#line += remark.lines;
    return id + rest;
  }

  #amount(random: number): { written: string; cents: number | null; misfit: boolean } {
    if (random % 10_000 === 7) return { written: 'siehe unten', cents: null, misfit: true };
    if (random % 40 === 3) return { written: random % 80 === 3 ? 'n/a' : '', cents: null, misfit: false };
    const cents = ((random >>> 4) % 900_000_00) - 50_000_00;
    const size = Math.abs(cents);
    const units = Math.floor(size / 100);
    const part = `${size % 100 < 10 ? '0' : ''}${size % 100}`;
    const mark = this.#european ? '.' : ',';
    const below = units % 1000;
    const grouped =
      units < 1000
        ? String(units)
        : `${Math.floor(units / 1000)}${mark}${below < 10 ? '00' : below < 100 ? '0' : ''}${below}`;
    const sign = cents < 0 ? '-' : '';
    if (this.#european) return { written: `${sign}${grouped},${part}`, cents, misfit: false };
    const written = units >= 1000 ? `"${sign}${grouped}.${part}"` : `${sign}${grouped}.${part}`;
    return { written, cents, misfit: false };
  }

  #remark(random: number): { written: string; clean: string | null; lines: number } {
    const word = REMARKS[(random >>> 8) % REMARKS.length] ?? '';
    switch (random % 20) {
      case 0:
        return { written: `"${word}\nplease, soon"`, clean: `${word}\nplease, soon`, lines: 2 };
      case 1:
        return {
          written: `"said ""${word}""${this.#delimiter} twice"`,
          clean: `said "${word}"${this.#delimiter} twice`,
          lines: 1,
        };
      case 2:
        return { written: `5 ${EURO} ${word}`, clean: `5 € ${word}`, lines: 1 };
      case 3:
      case 4:
      case 5:
      case 6:
        return { written: word, clean: word, lines: 1 };
      default:
        return { written: '', clean: null, lines: 1 };
    }
  }

  #keep(made: Made): void {
    if (this.#recent.length < 4096) this.#recent.push(made);
    else this.#recent[this.#random() % 4096] = made;
  }

  #count(isShort: boolean, lines: number, misfit: boolean): void {
    this.#counts.rowsIn += 1;
    this.#counts.rowsOut += 1;
    if (isShort) this.#counts.short += 1;
    if (lines > 1) this.#counts.multiline += 1;
    if (misfit) this.#counts.amountMisfits += 1;
  }

  #sum(row: {
    id: string;
    city: string;
    year: string | null;
    cents: number | null;
    quantity: number | null;
    paid: boolean | null;
    remark: string | null;
  }): void {
    const sums = this.#sums;
    sums.idHash = (sums.idHash + hashText(row.id)) >>> 0;
    sums.amountCents += row.cents ?? 0;
    sums.quantitySum += row.quantity ?? 0;
    if (row.paid === true) sums.yes += 1;
    if (row.paid === false) sums.no += 1;
    this.#rowsByCity[row.city] = (this.#rowsByCity[row.city] ?? 0) + 1;
    if (row.year !== null) this.#rowsByYear[row.year] = (this.#rowsByYear[row.year] ?? 0) + 1;
    if (row.year === null) this.#null('Date');
    if (row.cents === null) this.#null('Amount');
    if (row.quantity === null) this.#null('Quantity');
    if (row.paid === null) this.#null('Paid');
    if (row.remark === null) this.#null('Remark');
  }

  #null(column: string): void {
    this.#nulls[column] = (this.#nulls[column] ?? 0) + 1;
  }

  truth(bytes: number): Truth {
    const { yes, no, ...sums } = this.#sums;
    return {
      seed: this.#seed,
      bytes,
      preambleLines: 3,
      delimiter: this.#delimiter,
      columns: COLUMNS,
      ...this.#counts,
      ...sums,
      paid: { yes, no },
      rowsByYear: this.#rowsByYear,
      rowsByCity: this.#rowsByCity,
      nulls: this.#nulls,
      examples: [...this.#examples, { row: this.#counts.rowsOut - 1, cells: this.#last() }],
      rejects: this.#rejects,
    };
  }
}

function decimals(cents: number): string {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.abs(cents);
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}
