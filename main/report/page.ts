import { html, line, Markup, plain } from '#main/markup';
import type {
  ColumnFacts,
  ColumnProfile,
  KeyCandidate,
  Relation,
  Relations,
  TableProfile,
  TableReport,
} from '#shared/domain';
import { formatBytes, formatCount } from '#shared/lib';
import { bars, histogram } from './charts.ts';
import { REPORT_CSS } from './report-css.ts';

/** A report for people: one page of HTML without script, for screen and paper, which needs nothing else. */
export function reportPage(report: TableReport): string {
  const { preview, profile, facts, keys, relations } = report;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>What is in ${plain(preview.name)}</title>
        <style>
          ${new Markup(REPORT_CSS)}
        </style>
      </head>
      <body>
        <header>
          <p class="kind">Report of a table</p>
          <h1>${line(preview.name)}</h1>
          <p>
            ${count(profile.rows, 'row')}, ${count(profile.columns.length, 'column')},
            ${formatBytes(preview.size)}. ${count(profile.duplicates, 'exact duplicate')},
            ${count(profile.rejected, 'rejected line')}.
          </p>
        </header>
        <main>
          ${warningsOf(report)} ${overview(profile)} ${keysOf(keys, profile.rows)} ${relationsOf(relations)}
          ${profile.columns.map((column, index) =>
            columnOf(column, index, facts.find((one) => one.column === index) ?? null, profile.rows),
          )}
        </main>
      </body>
    </html> `.html;
}

const count = (number: number, what: string): string =>
  `${formatCount(number)} ${what}${number === 1 ? '' : 's'}`;

const share = (part: number, of: number): string =>
  of === 0 || part === 0 ? '–' : part / of < 0.001 ? '< 0.1 %' : `${((part / of) * 100).toFixed(1)} %`;

const number = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 6 });

/** Names that are empty are called by their place. */
const nameOf = (name: string, index: number): Markup => line(name === '' ? `column ${index + 1}` : name);

function warningsOf({ preview, profile, facts }: TableReport): Markup {
  const known = new Set<string>();
  const general = [...preview.warnings, ...profile.warnings].flatMap(({ code, sentence }) => {
    if (known.has(sentence) || code === 'values-do-not-fit') return [];
    known.add(sentence);
    return [html`<li>${line(sentence)}</li>`];
  });
  const ofColumns = facts.flatMap(({ name, column, findings }) =>
    findings
      .filter(({ code }) => code !== 'unique')
      .map(
        ({ sentence }) =>
          html`<li><a href="#column-${String(column)}">${nameOf(name, column)}</a>: ${line(sentence)}</li>`,
      ),
  );
  if (general.length + ofColumns.length === 0) return html``;
  return html`<section>
    <h2>What to know of it</h2>
    <ul class="warnings">
      ${[...general, ...ofColumns]}
    </ul>
  </section>`;
}

function overview({ columns, rows }: TableProfile): Markup {
  return html`<section>
    <h2>Columns</h2>
    <table>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Type</th>
          <th scope="col" class="number">Empty</th>
          <th scope="col" class="number">Misfits</th>
          <th scope="col" class="number">Distinct</th>
          <th scope="col" class="number">Least</th>
          <th scope="col" class="number">Most</th>
        </tr>
      </thead>
      <tbody>
        ${columns.map(
          (column, index) =>
            html`<tr>
              <th scope="row"><a href="#column-${String(index)}">${nameOf(column.name, index)}</a></th>
              <td>${column.type.kind}</td>
              <td class="number">${share(column.empty, rows)}</td>
              <td class="number">${formatCount(column.misfits)}</td>
              <td class="number">${formatCount(column.distinct)}</td>
              <td class="number value">${line(column.min ?? '–')}</td>
              <td class="number value">${line(column.max ?? '–')}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function keysOf(keys: readonly KeyCandidate[], rows: number): Markup {
  if (keys.length === 0)
    return html`<section>
      <h2>Keys</h2>
      <p>No column, and no pair of columns, tells the rows apart.</p>
    </section>`;
  return html`<section>
    <h2>Keys</h2>
    <ul>
      ${keys.map(
        ({ columns, names, duplicates }) =>
          html`<li>
            ${names.map((name, at) => html`${at === 0 ? '' : ' with '}<b>${nameOf(name, columns[at] ?? 0)}</b>`)}:
            ${duplicates === 0 ? `tells all ${formatCount(rows)} rows apart` : `${count(duplicates, 'row')} not told apart`}
          </li>`,
      )}
    </ul>
  </section>`;
}

const MEASURES: Readonly<Record<Relation['measure'], string>> = {
  pearson: 'correlation',
  spearman: 'correlation by rank',
  eta: 'eta',
  'cramers-v': 'Cramér’s V',
};

function relationsOf(relations: Relations | null): Markup {
  if (relations === null) return html``;
  return html`<section>
    <h2>What goes with ${nameOf(relations.name, relations.target)}</h2>
    <p class="dim">Worked out from ${count(relations.rows, 'row')}.</p>
    <table>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Measure</th>
          <th scope="col" class="number">Value</th>
          <th scope="col"></th>
        </tr>
      </thead>
      <tbody>
        ${relations.relations.map(
          ({ name, column, measure, value, suspect }) =>
            html`<tr>
              <th scope="row">${nameOf(name, column)}</th>
              <td>${MEASURES[measure]}</td>
              <td class="number">${value.toFixed(3)}</td>
              <td>${suspect ? 'all but tells it: it may be known only afterwards (leakage)' : ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function columnOf(column: ColumnProfile, index: number, facts: ColumnFacts | null, rows: number): Markup {
  const { name, type, empty, misfits, distinct, min, max, mean, longest, top } = column;
  const terms: readonly (readonly [string, string])[] = [
    ['Empty', `${formatCount(empty)} (${share(empty, rows)})`],
    ['Misfits', formatCount(misfits)],
    ['Distinct', formatCount(facts?.distinct ?? distinct)],
    ['Least', min ?? '–'],
    ...(facts?.quantiles ?? []).map(({ at, value }) => [`At ${at * 100} %`, value] as const),
    ['Most', max ?? '–'],
    ...(mean === null ? [] : [['Mean', number(mean)] as const]),
    ...(facts?.deviation === null || facts === null
      ? []
      : [['Standard deviation', number(facts.deviation)] as const]),
    [
      'Length',
      facts === null || facts.length === null
        ? `up to ${formatCount(longest)}`
        : facts.length.least === facts.length.most
          ? formatCount(facts.length.most)
          : `${formatCount(facts.length.least)} to ${formatCount(facts.length.most)}, ${number(facts.length.mean)} on average`,
    ],
  ];
  return html`<section id="column-${String(index)}" class="column">
    <h2>${nameOf(name, index)} <span class="dim">${type.kind}</span></h2>
    ${(facts?.findings ?? []).map(({ sentence }) => html`<p class="finding">${line(sentence)}</p>`)}
    <div class="sides">
      <dl>
        ${terms.map(
          ([term, value]) =>
            html`<div>
              <dt>${term}</dt>
              <dd>${line(value)}</dd>
            </div>`,
        )}
      </dl>
      <div>
        ${
          column.histogram.length > 0
            ? histogram(column.histogram, { label: `Spread of ${name}`, from: min ?? '', to: max ?? '' })
            : html``
        }
        ${top.some(({ count: times }) => times > 1) ? bars(top, rows) : html``}
        ${
          facts !== null && facts.patterns.length > 0
            ? html`<h3>Forms</h3>
                <ul class="forms">
                  ${facts.patterns.map(
                    ({ shape, share: part, example }) =>
                      html`<li>
                        <code>${line(shape)}</code> <span class="number">${share(part, 1)}</span>
                        <span class="dim">${line(example.slice(0, 60))}</span>
                      </li>`,
                  )}
                </ul>`
            : html``
        }
      </div>
    </div>
  </section>`;
}
