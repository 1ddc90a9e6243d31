import type { Command } from 'commander';
import { optionsOf, type CliContext } from '../context';
import { readTextFile } from '../read-text-file';
import { renderTable } from '../render/table';

export function addRights(program: Command, context: CliContext): void {
  const rights = program
    .command('rights')
    .description('check the registry of what may be shown and exported');
  rights
    .command('lint')
    .argument('<file>', 'a rights registry (YAML)')
    .description('check a registry and show what each source allows; needs no service')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { parseRegistry } = await import('@dawsos/rights');
      const registry = parseRegistry(readTextFile(file), file);
      if (optionsOf(command).json === true) {
        context.terminal.json(registry);
        return;
      }
      const lines = renderTable(
        ['source', 'display', 'export', 'redistribute', 'name'].map((title) => ({
          title,
          align: 'left' as const,
        })),
        Object.entries(registry.sources).map(([id, source]) => [
          id,
          yesOrNo(source.display),
          source.export.join(' ') || 'no',
          yesOrNo(source.redistribute),
          source.name,
        ]),
      );
      for (const line of lines) context.terminal.print(line);
    });
}

const yesOrNo = (allowed: boolean): string => (allowed ? 'yes' : 'no');
