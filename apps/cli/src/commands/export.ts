import { writeFileSync } from 'node:fs';
import { EXIT } from '@dawsos/service';
import { Option, type Command } from 'commander';
import { CliError } from '../cli-error';
import { clientOf, optionsOf, type CliContext } from '../context';
import { runIdOf } from './run-id';

const FORMATS = ['pdf', 'csv', 'json', 'xlsx'] as const;

interface ExportOptions {
  readonly format: (typeof FORMATS)[number];
  readonly out?: string;
  readonly omitBlocked?: boolean;
  readonly idempotencyKey?: string;
}

export function addExport(program: Command, context: CliContext): void {
  program
    .command('export')
    .argument('<run>', 'a run that has succeeded, or "latest": the newest of yours')
    .description('write the result of a run to a file, as the rights of its sources allow')
    .addOption(new Option('-f, --format <format>', 'the kind of file').choices(FORMATS).default('pdf'))
    .option('-o, --out <file>', 'where to write it (default: a new file of the name that the API gives)')
    .option('--omit-blocked', 'leave out the figures that may not be exported, instead of refusing')
    .option('--idempotency-key <key>', 'count it once, however often this is repeated')
    .action(async (argument: string, _options: unknown, command: Command) => {
      const options = optionsOf<ExportOptions>(command);
      const client = clientOf(context, options);
      const runId = await runIdOf(client, argument);
      const { bytes, headers } = await client.download(
        '/v1/exports',
        {
          run_id: runId,
          format: options.format,
          on_blocked: options.omitBlocked === true ? 'omit' : 'refuse',
        },
        options.idempotencyKey === undefined
          ? {}
          : { 'idempotency-key': JSON.stringify(options.idempotencyKey) },
      );
      const file = options.out ?? namedIn(headers, `${runId}.${options.format}`);
      write(file, bytes, options.out !== undefined);
      const omitted = headers.get('export-omitted');
      if (options.json === true) {
        context.terminal.json({
          file,
          bytes: bytes.length,
          export_id: headers.get('export-id'),
          omitted: omitted?.split(', ') ?? [],
        });
        return;
      }
      context.terminal.print(file);
      if (omitted !== null) context.terminal.note(`left out, and said so in the file: ${omitted}`);
    });
}

/** The name is the server's: only its last part counts, so that it stays in this folder. */
function namedIn(headers: Headers, otherwise: string): string {
  const name = /filename="([\w.-]+)"/.exec(headers.get('content-disposition') ?? '')?.[1];
  return name ?? otherwise;
}

function write(file: string, bytes: Uint8Array, mayReplace: boolean): void {
  try {
    writeFileSync(file, bytes, { flag: mayReplace ? 'w' : 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new CliError(`${file} cannot be written (${code})`, EXIT.usage, {
      fix:
        code === 'EEXIST'
          ? 'name another file with --out, or this one to replace it'
          : 'name a file with --out',
    });
  }
}
