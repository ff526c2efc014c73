import { basename, extname, resolve } from 'node:path';
import {
  outputFormat,
  type OutputFormat,
  type Reading,
  type Recipe,
  type TableContainer,
  type TableFormat,
  type TablePreview,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever, formatBytes, formatCount } from '#shared/lib';
import { saveText } from '#main/custody';
import { reportFile, reportOf } from '#main/report';
import type { TableSource } from '#main/tables';
import { withTables, type Context } from './context.ts';
import { recipeOf } from './recipes.ts';
import type { Others } from './with-file.ts';

/** What Sluice makes of a file: its dialect, columns, types, first rows and warnings. */
export async function inspect(
  context: Context,
  file: string,
  options: {
    readonly profile: boolean;
    readonly reading: Reading;
    /** Where a report is written: .html or .json. */
    readonly report: string | undefined;
    /** The name of a column that the report holds the others against. */
    readonly target: string | undefined;
  },
): Promise<void> {
  const { report } = options;
  if (report !== undefined) {
    await writeReport(context, file, { ...options, report });
    return;
  }
  await withTables(context, async (tables) => {
    const source = { path: resolve(file), reading: options.reading };
    const preview = await tables.preview(source, context.signal);
    if (!options.profile) return context.printer.result(preview, describe(preview));
    const profile = await tables.profile(source, { signal: context.signal });
    context.printer.result({ ...preview, profile }, [
      ...describe(preview),
      '',
      `${formatCount(profile.rows)} rows, ${formatCount(profile.duplicates)} duplicates, ${formatCount(profile.rejected)} rejected`,
      ...profile.columns.map(
        ({ name, type, empty, misfits, distinct, min, max }) =>
          `  ${name}: ${type.kind}, ${formatCount(empty)} empty, ${formatCount(misfits)} misfits, ${formatCount(distinct)} distinct, ${min ?? '–'} to ${max ?? '–'}`,
      ),
    ]);
  });
}

/** All there is to say of a table, as a page or as JSON. Nothing is written over. */
async function writeReport(
  context: Context,
  file: string,
  {
    reading,
    report,
    target,
  }: { readonly reading: Reading; readonly report: string; readonly target: string | undefined },
): Promise<void> {
  const extension = extname(report).slice(1).toLowerCase();
  if (extension !== 'html' && extension !== 'json') {
    throw sluiceError('INPUT_INVALID', { what: `a report is .html or .json, and ${report} is neither` });
  }
  await withTables(context, async (tables) => {
    const source = { path: resolve(file), reading };
    const { columns } = await tables.preview(source, context.signal);
    const place = target === undefined ? null : columns.findIndex(({ name }) => name === target);
    if (place === -1) throw sluiceError('COLUMN_MISSING', { column: target ?? '' });
    const made = await reportOf(tables, source, { target: place, signal: context.signal });
    const { text } = reportFile(made, extension, basename(file));
    await saveText(resolve(report), text);
    context.printer.result({ report: resolve(report) }, [`${report}: written`]);
  });
}

function describe(preview: TablePreview): readonly string[] {
  const { columns, rows, warnings } = preview;
  const about = preview.rowsExact ? '' : 'about ';
  return [
    `${preview.name}: ${formatBytes(preview.size)}, ${about}${formatCount(preview.rowsEstimated)} rows, ${columns.length} columns`,
    ...(preview.container === null ? [] : [describeContainer(preview.container)]),
    describeFormat(preview.format),
    ...columns.map(({ name, type, note }) => `  ${name}: ${type.kind}${note === null ? '' : ` (${note})`}`),
    ...warnings.map(({ sentence }) => `note: ${sentence}`),
    '',
    ...rows.slice(0, 10).map((row) => row.map((cell) => cell ?? '').join(' | ')),
  ];
}

function describeContainer(container: TableContainer): string {
  if (container.kind !== 'zip') return `packed as ${container.kind}`;
  const names = container.entries.map(({ name }) => JSON.stringify(name));
  return `packed as zip, ${JSON.stringify(container.entry)} of ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}`;
}

function describeFormat(format: TableFormat): string {
  switch (format.kind) {
    case 'delimited': {
      const { encoding, delimiter, quote, newline, preambleLines } = format.dialect;
      return `${encoding}, delimiter ${JSON.stringify(delimiter)}, quote ${quote ?? 'none'}, ${newline} line ends, ${preambleLines} lines before the header`;
    }
    case 'workbook':
      return `workbook, sheet ${JSON.stringify(format.sheet)} of ${format.sheets.map(({ name, hidden }) => `${JSON.stringify(name)}${hidden ? ' (hidden)' : ''}`).join(', ')}`;
    case 'json':
      return `JSON, ${format.shape}`;
    case 'parquet':
      return 'Parquet';
    default:
      return assertNever(format);
  }
}

/** Writes a table anew in another format. Values keep their text unless types are asked for. */
export async function convert(
  context: Context,
  input: string,
  output: string,
  options: { readonly types: boolean; readonly safe: boolean; readonly reading: Reading },
): Promise<void> {
  const recipe: Recipe = {
    version: 1,
    name: 'Convert',
    target: null,
    steps: options.types ? [{ kind: 'real-types' }] : [],
  };
  const source = { path: resolve(input), reading: options.reading };
  await execute(context, recipe, source, { name: output, safe: options.safe });
}

/** @param recipePath a recipe as JSON, or `clean` for the built-in one */
export async function run(
  context: Context,
  recipePath: string,
  input: string,
  output: string,
  options: {
    readonly target: string | undefined;
    readonly inputs: Others;
    readonly safe: boolean;
    readonly reading: Reading;
  },
): Promise<void> {
  const recipe = await recipeOf(recipePath, options.target);
  const source = { path: resolve(input), reading: options.reading };
  await execute(context, recipe, source, { name: output, safe: options.safe }, options.inputs);
}

async function execute(
  context: Context,
  recipe: Recipe,
  source: TableSource,
  { name: output, safe }: { readonly name: string; readonly safe: boolean },
  inputs: Others = {},
): Promise<void> {
  const format = formatOf(output);
  const path = resolve(output);
  await withTables(context, async (tables) => {
    const { counts, columns, sql, outputs } = await tables.run({
      source,
      inputs,
      recipe,
      outputs: [{ format, path }],
      options: { csv: { dialect: 'plain', safe } },
      signal: context.signal,
      onPhase: (phase, fraction) => {
        context.printer.event({ event: 'progress', phase, fraction });
        context.printer.status(fraction === null ? phase : `${phase} ${Math.round(fraction * 100)} %`);
      },
    });
    const misfits = Object.entries(counts.misfits).filter(([, count]) => count > 0);
    const [made] = outputs;
    const { crc32 = null, size = null, defused = 0, notes = [] } = made ?? {};
    context.printer.result({ output: path, format, counts, size, crc32, defused, notes, columns, sql }, [
      `${output}: ${formatCount(counts.rowsOut)} of ${formatCount(counts.rowsIn)} rows`,
      ...(counts.duplicates > 0 ? [`  ${formatCount(counts.duplicates)} exact duplicates left out`] : []),
      ...(counts.rejected > 0 ? [`  ${formatCount(counts.rejected)} broken lines left out`] : []),
      ...(counts.removed > 0 ? [`  ${formatCount(counts.removed)} rows taken out by steps`] : []),
      ...(counts.added > 0 ? [`  ${formatCount(counts.added)} rows added by steps`] : []),
      ...misfits.map(([name, count]) => `  ${name}: ${formatCount(count)} values did not fit and are empty`),
      ...counts.steps.flatMap(({ step, warnings }) =>
        warnings.map((warning) => `  step ${step}: ${warning}`),
      ),
      ...notes.map((sentence) => `  ${sentence}`),
      ...(crc32 === null ? [] : [`  CRC-32 ${crc32}`]),
    ]);
  });
}

/** @throws FORMAT_UNKNOWN */
function formatOf(output: string): OutputFormat {
  const format = outputFormat.safeParse(extname(output).slice(1).toLowerCase());
  if (!format.success) throw sluiceError('FORMAT_UNKNOWN', { name: output });
  return format.data;
}
