import { existsSync } from 'node:fs';
import type { CapabilityCatalog } from '@dawsos/contracts';
import type { lintPattern } from '@dawsos/patterns';
import { EXIT } from '@dawsos/service';
import type { Command } from 'commander';
import { PatternListSchema, PatternSchema } from '../api/schemas';
import { shippedCapabilities } from '../capabilities';
import { CliError } from '../cli-error';
import { clientOf, optionsOf, type CliContext } from '../context';
import { renderPattern } from '../render/pattern';
import { renderTable } from '../render/table';

export function addPatterns(program: Command, context: CliContext): void {
  const patterns = program
    .command('patterns')
    .description('list patterns, show what one takes, check a pattern file');
  patterns
    .command('list')
    .description('list the patterns that can be executed')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      const list = await clientOf(context, options).get('/v1/patterns', PatternListSchema);
      if (options.json === true) {
        context.terminal.json(list);
        return;
      }
      const lines = renderTable(
        ['pattern', 'version', 'name'].map((title) => ({ title, align: 'left' as const })),
        list.patterns.map((pattern) => [pattern.id, pattern.version, pattern.name]),
      );
      for (const line of lines) context.terminal.print(line);
    });
  patterns
    .command('show')
    .argument('<id>', 'such as portfolio_overview')
    .description('print what a pattern answers and which inputs it takes, with examples')
    .action(async (id: string, _options: unknown, command: Command) => {
      const options = optionsOf(command);
      const client = clientOf(context, options);
      const pattern = await client.get(`/v1/patterns/${encodeURIComponent(id)}`, PatternSchema);
      if (options.json === true) context.terminal.json(pattern);
      else for (const line of renderPattern(pattern)) context.terminal.print(line);
    });
  patterns
    .command('lint')
    .argument('<file...>', 'pattern files (JSON)')
    .description('check pattern files; needs no service')
    .action(async (files: readonly string[], _options: unknown, command: Command) => {
      await lintFiles(context, files, optionsOf(command).json === true);
    });
}

async function lintFiles(context: CliContext, files: readonly string[], asJson: boolean): Promise<void> {
  const { formatFault, lintPattern } = await import('@dawsos/patterns');
  const capabilities = await shippedCapabilities();
  const faults = (
    await Promise.all(files.map((file) => lintReadable(file, lintPattern, capabilities)))
  ).flat();
  const { terminal } = context;
  if (asJson) terminal.json(faults);
  else for (const fault of faults) terminal.print(formatFault(fault));
  if (faults.length > 0) {
    throw new CliError(`${String(faults.length)} faults in ${String(files.length)} files`, EXIT.badData, {
      fix: 'mend them and check again',
    });
  }
  terminal.note(`${String(files.length)} pattern files, no fault`);
}

async function lintReadable(
  file: string,
  lint: typeof lintPattern,
  capabilities: CapabilityCatalog,
): ReturnType<typeof lintPattern> {
  if (!existsSync(file)) throw new CliError(`cannot read ${file}`, EXIT.noInput, { fix: 'check the path' });
  return lint(file, capabilities);
}
