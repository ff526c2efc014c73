import { Command, CommanderError, Option } from 'commander';
import { custody, onExistingFile, type Custody } from '#shared/domain';
import { sluiceError, toSluiceError, type ErrorReport } from '#shared/errors';
import type { Context, Places } from './context.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { createPrinter } from './printer.ts';
import type { PutOptions } from './put.ts';
import { readReadingFlags, withReadingFlags } from './reading-flags.ts';
import { withFile, type Others } from './with-file.ts';
import { readSendFlags, withSendFlags } from './send-flags.ts';
import { ageOf, sizeOf, within } from './values.ts';

interface Globals {
  readonly data?: string;
  readonly json?: boolean;
  readonly progress?: boolean;
}

type Action = (
  context: Context,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ErrorReport | null | void>;

/** Runs one command. @returns what the process is to end with */
export async function runProgram(argv: readonly string[], places: Places): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  let exit: number = EXIT.ok;

  const act =
    (action: Action) =>
    async (...all: unknown[]): Promise<void> => {
      const command = all.at(-1) as Command;
      const globals: Globals = command.optsWithGlobals();
      const printer = createPrinter({ json: globals.json === true, progress: globals.progress === true });
      const context: Context = { places, printer, data: globals.data, signal: interrupt.signal };
      try {
        const error = await action(context, command.processedArgs.flat() as string[], command.opts());
        if (error !== null && error !== undefined) exit = exitCodeOf(error.code);
      } catch (error) {
        const failure = interrupt.signal.aborted ? sluiceError('CANCELLED', {}, error) : toSluiceError(error);
        printer.error(failure.report());
        if (failure.kind === 'bug' && failure.cause instanceof Error)
          process.stderr.write(`${failure.cause.stack ?? ''}\n`);
        exit = exitCodeOf(failure.code);
      }
    };

  try {
    await describeProgram(act, places).parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    const reason = error.message.replace(/^error: /, '').replace(/\.$/, '');
    createPrinter({ json: argv.includes('--json'), progress: false }).error(
      sluiceError('COMMAND_INVALID', { reason }).report(),
    );
    return EXIT.usage;
  }
  return exit;
}

function describeProgram(
  act: (action: Action) => (...all: unknown[]) => Promise<void>,
  places: Places,
): Command {
  const program = new Command('sluice')
    .description(
      'Uploads files to S3 in parts and proves that they arrived; loads, cleans and converts tables.',
    )
    .version(places.version)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(true);

  const command = (usage: string, about: string): Command =>
    program
      .command(usage)
      .description(about)
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .option('--data <dir>', 'folder that the state is kept in')
      .option('--json', 'print one JSON document')
      .option('--progress', 'print one JSON line per progress event');

  withSendFlags(command('put <path...>', 'upload files and folders'))
    .option('--to <uri>', 's3://bucket/prefix to upload to')
    .addOption(
      new Option('--part-size <size>', 'bytes, or with a unit: 16MiB, 64MB').argParser(sizeOf('--part-size')),
    )
    .addOption(
      new Option('--concurrency <n>', 'parts under way at once').argParser(within('--concurrency', 1, 64)),
    )
    .addOption(
      new Option('--existing <what>', 'what to do where another object is at the key')
        .choices(['fail', 'skip', 'replace', 'rename', 'ask'])
        .default('fail'),
    )
    .addOption(
      new Option('--changed <what>', 'what to do with an unfinished upload whose file changed')
        .choices(['continue', 'anew', 'fail'])
        .default('continue'),
    )
    .addOption(
      new Option(
        '--leftover <what>',
        'what to do with an unfinished upload at the key that nobody here knows',
      )
        .choices(['leave', 'resume', 'delete'])
        .default('leave'),
    )
    .addOption(
      new Option('--compare <how>', 'what proves that an object is the same as a file')
        .choices(['checksum', 'size'])
        .default('checksum'),
    )
    .option('--sha256', 'compute the SHA-256 of each file in the pass that sends it')
    .option('--case <number>', 'case number, for the manifest and the receipts')
    .option('--examiner <name>', 'who uploads, for the manifest and the receipts')
    .option('--note <text>', 'anything else for the manifest and the receipts')
    .option('--receipts <folder>', 'save each receipt there, as JSON and as a page')
    .option('--manifest <file>', 'save the manifest of the session there')
    .option('--no-hidden', 'leave out what is hidden in folders: names that begin with a dot')
    .option('--hidden', 'take what is hidden in folders, as is done anyway')
    .option('--system-files', 'take what systems leave in folders: .DS_Store, Thumbs.db and such')
    .option('--follow-links', 'follow symbolic links inside folders')
    .action(
      act(async (context, paths, options) => {
        const { put } = await import('./put.ts');
        return put(context, paths, {
          to: (options['to'] as string | undefined) ?? null,
          partSize: (options['partSize'] as number | undefined) ?? null,
          concurrency: options['concurrency'] as number | undefined,
          existing: options['existing'] as PutOptions['existing'],
          changed: options['changed'] as PutOptions['changed'],
          leftover: options['leftover'] as PutOptions['leftover'],
          compare: options['compare'] as PutOptions['compare'],
          send: readSendFlags(options),
          custody: custodyFields(options),
          receipts: (options['receipts'] as string | undefined) ?? null,
          manifest: (options['manifest'] as string | undefined) ?? null,
          rules: {
            hidden: options['hidden'] !== false,
            systemFiles: options['systemFiles'] === true,
            followLinks: options['followLinks'] === true,
          },
        });
      }),
    );
  command('get <uri> <path>', 'download an object, or all below a prefix/, checked')
    .addOption(
      new Option('--existing <what>', 'what becomes of a file that is there')
        .choices(onExistingFile.options)
        .default('fail'),
    )
    .action(
      act(async (context, [uri = '', path = ''], options) =>
        (await import('./get.ts')).get(context, uri, path, onExistingFile.parse(options['existing'])),
      ),
    );
  command('ls [uri]', 'list the objects of a bucket or prefix').action(
    act(async (context, [uri]) => (await import('./objects.ts')).ls(context, uri)),
  );
  command('leftovers [uri]', 'list or delete unfinished uploads that nothing here is sending')
    .option('--delete', 'delete their parts from the bucket')
    .option('--known', 'with --delete: also those that an upload of this machine could go on with')
    .addOption(new Option('--older-than <age>', 'such as 7d, 12h or 30m').argParser(ageOf('--older-than')))
    .action(
      act(async (context, [uri], options) =>
        (await import('./leftovers.ts')).leftovers(context, uri, {
          remove: options['delete'] === true,
          known: options['known'] === true,
          olderThan: (options['olderThan'] as number | undefined) ?? null,
        }),
      ),
    );
  command('doctor [uri]', 'ask a store for all that an upload needs').action(
    act(async (context, [uri]) => (await import('./objects.ts')).doctor(context, uri)),
  );
  command('manifest [session]', 'print or save what a session brought, sealed with a digest')
    .option('--last', 'of the newest session')
    .option('--case <number>', 'case number')
    .option('--examiner <name>', 'who uploaded')
    .option('--note <text>', 'anything else')
    .option('-o, --out <file>', 'save it there instead of printing it')
    .action(
      act(async (context, [session], options) => {
        if ((session === undefined) !== (options['last'] === true)) {
          throw sluiceError('COMMAND_INVALID', { reason: 'name a session, or give --last' });
        }
        return (await import('./custody.ts')).manifest(context, session ?? null, {
          fields: custodyFields(options),
          out: (options['out'] as string | undefined) ?? null,
        });
      }),
    );
  command('receipt <upload>', 'print or save the receipt of an upload, by its id or by the path of the file')
    .option('--html', 'as a page, for people')
    .option('-o, --out <file>', 'save it there instead of printing it')
    .action(
      act(async (context, [upload = ''], options) =>
        (await import('./custody.ts')).receipt(context, upload, {
          html: options['html'] === true,
          out: (options['out'] as string | undefined) ?? null,
        }),
      ),
    );
  command('verify <manifest>', 'check every file of a manifest again')
    .addOption(
      new Option('--local <folder>', 'check copies in a folder instead of the bucket').conflicts('deep'),
    )
    .option('--deep', 'read all bytes of the objects too')
    .option('--anyway', 'check even if the manifest was changed after it was written')
    .action(
      act(async (context, [path = ''], options) =>
        (await import('./custody.ts')).verify(context, path, {
          local: (options['local'] as string | undefined) ?? null,
          deep: options['deep'] === true,
          anyway: options['anyway'] === true,
        }),
      ),
    );
  withReadingFlags(command('inspect <file>', 'show what a table is: dialect, columns, types, first rows'))
    .option('--profile', 'read the whole file and profile every column')
    .option('--report <path>', 'write all there is to say of it: a page (.html) or .json')
    .option('--target <column>', 'the column the report holds the others against')
    .action(
      act(async (context, [file = ''], options) =>
        (await import('./tables.ts')).inspect(context, file, {
          profile: options['profile'] === true,
          reading: readReadingFlags(options),
          report: options['report'] as string | undefined,
          target: options['target'] as string | undefined,
        }),
      ),
    );
  withReadingFlags(command('convert <in> <out>', 'write a table as .csv, .xlsx, .parquet, .jsonl or .json'))
    .option('--types', 'real numbers, dates and booleans instead of the text as it is')
    .option('--safe', 'in CSV, texts that a spreadsheet would run as formulas are made harmless')
    .action(
      act(async (context, [input = '', output = ''], options) =>
        (await import('./tables.ts')).convert(context, input, output, {
          types: options['types'] === true,
          safe: options['safe'] === true,
          reading: readReadingFlags(options),
        }),
      ),
    );
  withReadingFlags(command('run <recipe> <file>', 'apply a recipe (a JSON file, or `clean`) to a table'))
    .requiredOption('--out <path>', 'where to write: .csv, .xlsx, .parquet, .jsonl or .json')
    .option('--safe', 'in CSV, texts that a spreadsheet would run as formulas are made harmless')
    .option('--target <column>', 'the column a model is to predict; it is always kept')
    .addOption(
      new Option('--with <name=file>', 'another file of the recipe; may come again').argParser(withFile),
    )
    .action(
      act(async (context, [recipe = '', file = ''], options) =>
        (await import('./tables.ts')).run(context, recipe, file, String(options['out']), {
          safe: options['safe'] === true,
          target: options['target'] as string | undefined,
          inputs: (options['with'] ?? {}) as Others,
          reading: readReadingFlags(options),
        }),
      ),
    );
  withReadingFlags(
    command('check <recipe> <file>', 'try a recipe on the first rows, step by step; writes nothing'),
  )
    .option('--target <column>', 'the column a model is to predict')
    .addOption(
      new Option('--with <name=file>', 'another file of the recipe; may come again').argParser(withFile),
    )
    .addOption(
      new Option('--rows <n>', 'rows that are tried')
        .argParser(within('--rows', 1, 1_000_000))
        .default(10_000),
    )
    .option('--sql', 'the SQL of each step too')
    .action(
      act(async (context, [recipe = '', file = ''], options) =>
        (await import('./recipes.ts')).check(context, recipe, file, {
          target: options['target'] as string | undefined,
          inputs: (options['with'] ?? {}) as Others,
          reading: readReadingFlags(options),
          rows: Number(options['rows']),
          sql: options['sql'] === true,
        }),
      ),
    );
  withReadingFlags(command('prepare <file>', 'suggest a recipe that prepares a table for a model'))
    .requiredOption('--target <column>', 'the column the model is to predict')
    .option('-o <file>', 'save the recipe instead of printing it; never over a file')
    .action(
      act(async (context, [file = ''], options) =>
        (await import('./recipes.ts')).prepare(
          context,
          file,
          String(options['target']),
          options['o'] as string | undefined,
          readReadingFlags(options),
        ),
      ),
    );
  command('bucket', 'run the built-in bucket for other S3 clients')
    .addOption(new Option('--port <port>', 'of loopback').argParser(within('--port', 0, 65_535)).default(0))
    .action(
      act(async (context, _, options) =>
        (await import('./servers.ts')).bucket(context, { port: Number(options['port']) }),
      ),
    );
  command('serve', 'serve the app to a browser on this machine')
    .addOption(new Option('--port <port>', 'of loopback').argParser(within('--port', 0, 65_535)).default(0))
    .option('--no-open', 'do not open a browser')
    .action(
      act(async (context, _, options) =>
        (await import('./servers.ts')).serve(context, {
          port: Number(options['port']),
          open: options['open'] !== false,
        }),
      ),
    );
  return program;
}

/** Those that were given. */
function custodyFields(options: Readonly<Record<string, unknown>>): Partial<Custody> {
  const given = { caseNumber: options['case'], examiner: options['examiner'], note: options['note'] };
  const read = custody
    .partial()
    .safeParse(Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined)));
  if (read.success) return read.data as Partial<Custody>;
  throw sluiceError('COMMAND_INVALID', {
    reason: '--case, --examiner and --note take texts that are not so long',
  });
}
