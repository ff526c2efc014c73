import type { Custody, Receipt } from '#shared/domain';
import { decodeCrc32, formatBytes, formatCount, formatDuration } from '#shared/lib';
import { html, line, Markup, plain } from '#main/markup';
import { RECEIPT_CSS } from './receipt-css.ts';

export interface ReceiptPageOptions {
  readonly custody: Custody | null;
  /** IANA name of the zone that local times are told in. */
  readonly timeZone: string;
  /** e.g. `Sluice 1.2.0`. */
  readonly writtenBy: string;
}

/** A receipt for people: one page of HTML without script, for screen and paper, which needs nothing else. */
export function receiptPage(receipt: Receipt, options: ReceiptPageOptions): string {
  const { source, object } = receipt;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Receipt of ${plain(source.name)}</title>
        <style>
          ${new Markup(RECEIPT_CSS)}
        </style>
      </head>
      <body>
        <header>
          <p class="kind">Receipt of an upload</p>
          <h1>${line(source.name)}</h1>
          <p class="verdict">All ${formatCount(object.size)} bytes of it arrived, and were proven to.</p>
        </header>
        <main>
          ${section(
            'What was proven',
            html`<ul>
                ${receipt.proven.map((fact) => html`<li>${sentence(fact)}</li>`)}
              </ul>
              <p class="means">
                The store was asked once the upload was complete, and what it said was compared with what was
                read from the file. Only this upload wrote its mark, so no other object can be mistaken for
                it.
              </p>`,
          )}
          ${options.custody === null ? html`` : custodyOf(options.custody)} ${sourceOf(receipt, options)}
          ${sentAs(receipt)} ${objectOf(receipt)} ${sumsOf(receipt)} ${wayOf(receipt, options)}
          ${again(receipt)}
        </main>
        <footer>
          Written by ${line(options.writtenBy)} from the receipt of transfer
          <span class="mono">${line(receipt.transferId)}</span>.
        </footer>
      </body>
    </html> `;
  return page.html;
}

const section = (title: string, content: Markup): Markup =>
  html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;

/** @param means what the line is good for, in a sentence; left out where its name says it */
interface Row {
  readonly name: string;
  readonly value: Markup;
  readonly means?: string;
}

function table(title: string, rows: readonly (Row | null)[]): Markup {
  const lines = rows.flatMap((row) =>
    row === null
      ? []
      : [
          html`<tr>
            <th scope="row">${row.name}</th>
            <td>
              ${row.value}${row.means === undefined ? html`` : html`<span class="means">${row.means}</span>`}
            </td>
          </tr>`,
        ],
  );
  return section(
    title,
    html`<table>
      ${lines}
    </table>`,
  );
}

const mono = (text: string): Markup => html`<span class="mono">${line(text)}</span>`;

const bytes = (count: number): Markup => html`${formatCount(count)} bytes (${formatBytes(count)})`;

function custodyOf({ caseNumber, examiner, note }: Custody): Markup {
  const row = (name: string, value: Markup, text: string): Row | null =>
    text === '' ? null : { name, value };
  return table('Chain of custody', [
    row('Case number', line(caseNumber), caseNumber),
    row('Examiner', line(examiner), examiner),
    row('Note', html`<span class="note">${note}</span>`, note),
  ]);
}

function sourceOf({ source }: Receipt, { timeZone }: ReceiptPageOptions): Markup {
  return table('The file it was read from', [
    { name: 'Name', value: line(source.name) },
    source.path === null
      ? {
          name: 'Read by',
          value: html`a page in the browser`,
          means: 'A page is not told where the file lies.',
        }
      : { name: 'Path', value: mono(source.path), means: 'Where it lay on the computer that sent it.' },
    { name: 'Size', value: bytes(source.size) },
    source.modified === null ? null : { name: 'Last changed', value: moment(source.modified, timeZone) },
  ]);
}

/** Of a file that was sent otherwise than it lay there. */
function sentAs({ original, notes }: Receipt): Markup {
  if (original === null && notes.length === 0) return html``;
  const packed =
    original === null
      ? html``
      : html`<p>
          It was compressed by ${original.compressedBy} before it was sent. The file itself had
          ${bytes(original.size)}; its CRC-32 is ${mono(original.crc32)}, and the object carries both.
        </p>`;
  const rest = html`<ul>
    ${notes.map((note) => html`<li>${sentence(note)}</li>`)}
  </ul>`;
  return section('Before it was sent', html`${packed} ${notes.length === 0 ? html`` : rest}`);
}

function objectOf({ object }: Receipt): Markup {
  return table('The object it became', [
    { name: 'Address', value: mono(`s3://${object.bucket}/${object.key}`) },
    { name: 'Store', value: mono(object.endpoint), means: 'The service that keeps the bucket.' },
    { name: 'Size', value: bytes(object.size), means: 'As the store says, after it was complete.' },
    {
      name: 'ETag',
      value: mono(object.etag),
      means: 'The name the store gave to this content; other bytes at the same address have another.',
    },
    object.versionId === null
      ? null
      : { name: 'Version', value: mono(object.versionId), means: 'Of a bucket that keeps older versions.' },
  ]);
}

function sumsOf({ source, crc32, sha256 }: Receipt): Markup {
  const crc = decodeCrc32(crc32);
  const hex = crc === null ? '' : ` (hex ${crc.toString(16).padStart(8, '0')})`;
  return table('Checksums', [
    {
      name: 'CRC-32',
      value: mono(`${crc32}${hex}`),
      means:
        'Computed from the bytes that were read, part by part. It shows that nothing was damaged on the way.',
    },
    sha256 === null
      ? {
          name: 'SHA-256',
          value: html`was not computed`,
          means:
            source.path === null
              ? 'A page in the browser sent the file, and pages compute none.'
              : 'Nobody asked for it when the file was uploaded.',
        }
      : {
          name: 'SHA-256',
          value: mono(sha256),
          means:
            'Computed from the very bytes that were sent. No other content is known to anyone that has the same.',
        },
  ]);
}

function wayOf({ parts, startedAt, finishedAt }: Receipt, { timeZone }: ReceiptPageOptions): Markup {
  const count =
    parts.count === 1 ? '1' : `${formatCount(parts.count)}, of ${formatBytes(parts.size)} each but the last`;
  const kept =
    parts.kept === 0
      ? null
      : `${formatCount(parts.kept)} kept from an earlier try; each agreed in size and checksum with what the store listed.`;
  const resent =
    parts.resent === 0
      ? null
      : `${formatCount(parts.resent)} sent more than once, because the first try was not confirmed.`;
  const means = [kept, resent].filter((text) => text !== null).join(' ');
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return table('How it was sent', [
    { name: 'Parts', value: html`${count}`, ...(means === '' ? {} : { means }) },
    { name: 'Begun', value: moment(startedAt, timeZone) },
    {
      name: 'Proven',
      value: moment(finishedAt, timeZone),
      means: `${formatDuration(seconds)} after it was begun.`,
    },
  ]);
}

/** In UTC, and as clocks showed it where it was sent from. */
function moment(iso: string, timeZone: string): Markup {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return line(iso);
  const local = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'long', timeStyle: 'long' }).format(
    at,
  );
  return html`<time datetime="${at.toISOString()}"
      >${at.toISOString().replace('T', ' ').replace('Z', ' UTC')}</time
    ><span class="means">${local}, ${timeZone}</span>`;
}

function again({ source, object, sha256 }: Receipt): Markup {
  const file = source.path ?? source.name;
  const commands = [
    ...(sha256 === null ? [] : [`sha256sum -- ${quoted(file)}`]),
    `aws s3api head-object --endpoint-url ${quoted(object.endpoint)} --bucket ${quoted(object.bucket)} --key ${quoted(object.key)} --checksum-mode ENABLED`,
  ];
  return section(
    'To check it again',
    html`<p class="means">
        With tools that are not Sluice. What they print has to show the same checksums, size and ETag.
      </p>
      ${commands.map((command) => html`<pre>${line(command)}</pre>`)}`,
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const sentence = (fact: string): Markup => {
  const [first = '', ...rest] = fact;
  return html`${first.toUpperCase()}${rest.join('')}.`;
};
